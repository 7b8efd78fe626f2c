// The window's menus: every command is made here, once.
#include <QActionGroup>
#include <QDockWidget>
#include <QMenuBar>

#include "app/studio/Commands.h"
#include "app/studio/MainWindow.h"
#include "app/studio/Perturbations.h"
#include "app/studio/RecentFiles.h"
#include "app/studio/WelcomePage.h"
#include "views/figures/ViewExporter.h"
#include "views/frames/FramesView.h"
#include "views/jobs/JobsView.h"
#include "views/timeline/TimelineView.h"
#include "widgets/SegmentedControl.h"
#include "widgets/SvgIcon.h"
#include "widgets/timeline/TimelinePlot.h"

namespace sqil {

QAction* MainWindow::add(QMenu* menu, const char* name, const QString& text, const QList<QKeySequence>& keys,
                         std::function<void()> run, const char* iconName) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcuts(keys);
    if (iconName)
        action->setIcon(icon(iconName));
    QString tip = plainText(text);
    if (!keys.isEmpty())
        tip += QStringLiteral(" (%1)").arg(keys.first().toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    menu->addAction(action);
    return action;
}

void MainWindow::makeFileMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    add(menu, "newProject", tr("&New project…"), {QKeySequence::New}, [this] { newProject(); });
    add(
        menu, "open", tr("&Open…"), {QKeySequence::Open}, [this] { openFiles(); }, "open");
    add(menu, "addFiles", tr("&Add files to the project…"), {QKeySequence(tr("Ctrl+Shift+O"))}, [this] { addFiles(); });
    add(
        menu, "openSample", tr("Open the &sample"), {}, [this] { session_->openSample(); }, "sample");
    recent_ = new RecentFiles(menu->addMenu(tr("Open &recent")), this);
    connect(recent_, &RecentFiles::chosen, session_.get(), &StudioSession::openProject);
    connect(recent_, &RecentFiles::changed, this, [this] { welcome_->setRecent(recent_->files()); });
    menu->addSeparator();
    add(menu, "saveAs", tr("Save project &as…"), {QKeySequence(tr("Ctrl+Shift+S"))}, [this] { saveProjectAs(); });
    add(
        menu, "export", tr("&Export figures…"), {QKeySequence(tr("Ctrl+E"))}, [this] { chooseExport(); }, "export");
    QMenu* views = menu->addMenu(tr("Export a &view"));
    for (const ViewExporter* exporter : exporters_)
        views->addMenu(exporter->menu());
    menu->addSeparator();
    add(menu, "closeProject", tr("&Close project"), {QKeySequence::Close}, [this] { session_->closeProject(); });
    add(menu, "quit", tr("&Quit"), {QKeySequence(tr("Ctrl+Q"))}, [this] { close(); });
}

void MainWindow::makeEditMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = session_->undoStack().createUndoAction(this, tr("&Undo"));
    QAction* redo = session_->undoStack().createRedoAction(this, tr("&Redo"));
    undo->setShortcut(QKeySequence::Undo);
    redo->setShortcuts({QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))});
    undo->setObjectName(QStringLiteral("undo"));
    redo->setObjectName(QStringLiteral("redo"));
    menu->addActions({undo, redo});
    menu->addSeparator();
    add(menu, "palette", tr("&Find a command…"), {QKeySequence(tr("Ctrl+K")), QKeySequence(tr("Ctrl+Shift+P"))},
        [this] { showPalette(); });
}

void MainWindow::makeMapModes(QMenu* menu) {
    modes_ = new QActionGroup(this);
    const auto mode = [&](const char* name, const QString& text, const char* key, MapMode value) {
        QAction* action = add(menu, name, text, {QKeySequence(QLatin1String(key))},
                              [this, value] { session_->selection().setMapMode(value); });
        action->setCheckable(true);
        action->setData(int(value));
        modes_->addAction(action);
    };
    mode("showFullPrecision", tr("Saliency of the &full-precision policy"), "1", MapMode::FullPrecision);
    mode("showQuantized", tr("Saliency of the &quantized policy"), "2", MapMode::Quantized);
    mode("showDifference", tr("&Difference of the two"), "3", MapMode::Difference);
    mode("showBoth", tr("&Both side by side"), "4", MapMode::SideBySide);
    mode("showEverything", tr("&All: both and their difference"), "5", MapMode::Everything);
}

void MainWindow::makeThemes(QMenu* menu) {
    themes_ = new QActionGroup(this);
    QMenu* themes = menu->addMenu(tr("&Theme"));
    const auto theme = [&](const QString& text, Theme::Mode mode) {
        QAction* action = themes->addAction(text, this, [this, mode] { setTheme(mode); });
        action->setObjectName(QStringLiteral("theme-") + Theme::nameOf(mode));
        action->setCheckable(true);
        action->setData(int(mode));
        action->setChecked(mode == theme_->mode());
        themes_->addAction(action);
    };
    theme(tr("Follow the &system"), Theme::Mode::System);
    theme(tr("&Light"), Theme::Mode::Light);
    theme(tr("&Dark"), Theme::Mode::Dark);
}

void MainWindow::makeViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    makeMapModes(menu);
    menu->addSeparator();
    add(menu, "moreOpacity", tr("Overlay &stronger"), {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)},
        [this] { frames_->changeOpacity(0.1); });
    add(menu, "lessOpacity", tr("Overlay &weaker"), {QKeySequence(Qt::Key_Minus)},
        [this] { frames_->changeOpacity(-0.1); });
    QMenu* colours = menu->addMenu(tr("&Colour map"));
    for (const ColourMap* map : ColourMap::sequential())
        colours->addAction(map->name(), this, [this, map] { frames_->setColours(map->name()); });
    QAction* smooth =
        add(menu, "smooth", tr("S&mooth pictures"), {}, [this] { frames_->setSmooth(!frames_->isSmooth()); });
    smooth->setCheckable(true);
    smooth->setChecked(true);
    QAction* scale = add(menu, "episodeScale", tr("Colour scale of the whole &episode"), {},
                         [this] { frames_->setEpisodeScale(!frames_->hasEpisodeScale()); });
    scale->setCheckable(true);
    scale->setChecked(false);
    connect(frames_, &FramesView::optionsChanged, this, [this, smooth, scale] {
        smooth->setChecked(frames_->isSmooth());
        scale->setChecked(frames_->hasEpisodeScale());
    });
    add(menu, "wholeEpisode", tr("Timeline: show the &whole episode"), {QKeySequence(Qt::Key_0)},
        [this] { timeline_->plot()->showEverything(); });
    add(menu, "zoomIn", tr("Timeline: zoom &in"), {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))},
        [this] { timeline_->plot()->zoomAtCursor(1.6); });
    add(menu, "zoomOut", tr("Timeline: zoom &out"), {QKeySequence(tr("Ctrl+-"))},
        [this] { timeline_->plot()->zoomAtCursor(1 / 1.6); });
    add(menu, "panLeft", tr("Timeline: earlier steps"), {QKeySequence(tr("Ctrl+Left"))},
        [this] { timeline_->plot()->panBy(-0.25); });
    add(menu, "panRight", tr("Timeline: later steps"), {QKeySequence(tr("Ctrl+Right"))},
        [this] { timeline_->plot()->panBy(0.25); });
    add(menu, "allEpisodes", tr("Timeline: all episodes, or &one"), {QKeySequence(Qt::Key_A)}, [this] {
        const bool all = timeline_->scope() == TimelineSeries::Scope::DataSet;
        timeline_->setScope(all ? TimelineSeries::Scope::Episode : TimelineSeries::Scope::DataSet);
    });
    menu->addSeparator();
    makeThemes(menu);
    layouts_ = new LayoutSwitcher(*this, docks_, menu->addMenu(tr("&Layout")));
    QMenu* panels = menu->addMenu(tr("&Panels"));
    for (QDockWidget* dock : docks_)
        panels->addAction(dock->toggleViewAction());
    makeLayoutBar();
}

void MainWindow::makeLayoutBar() {
    auto* bar = new SegmentedControl(menuBar());
    bar->setAccessibleName(tr("Layout"));
    const QList<Layout>& layouts = builtInLayouts();
    for (int index = 0; index < layouts.size(); ++index)
        bar->addSegment(index, layouts[index].title(), tr("%1 (Ctrl+%2)").arg(layouts[index].purpose()).arg(index + 1));
    const auto follow = [this, bar, &layouts] {
        int current = -1;
        for (int index = 0; index < layouts.size(); ++index)
            if (layouts[index].name == layouts_->current())
                current = index;
        bar->setCurrent(current);
    };
    connect(bar, &SegmentedControl::chosen, layouts_,
            [this, &layouts](int index) { layouts_->choose(layouts[index].name); });
    connect(layouts_, &LayoutSwitcher::changed, bar, follow);
    follow();
    layoutBar_ = bar;
    menuBar()->setCornerWidget(bar);
}

void MainWindow::makeGoMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Go"));
    Selection& selection = session_->selection();
    add(
        menu, "play", tr("&Play"), {QKeySequence(Qt::Key_Space)}, [this] { session_->playback().toggle(); }, "play");
    menu->addSeparator();
    add(
        menu, "stepBack", tr("Step &back"), {QKeySequence(Qt::Key_Left)}, [&selection] { selection.moveStep(-1); },
        "step-back");
    add(
        menu, "stepForward", tr("Step &forward"), {QKeySequence(Qt::Key_Right)},
        [&selection] { selection.moveStep(1); }, "step-forward");
    add(menu, "tenBack", tr("Ten steps back"), {QKeySequence(tr("Shift+Left"))},
        [&selection] { selection.moveStep(-10); });
    add(menu, "tenForward", tr("Ten steps forward"), {QKeySequence(tr("Shift+Right"))},
        [&selection] { selection.moveStep(10); });
    add(
        menu, "first", tr("First step"), {QKeySequence(Qt::Key_Home)}, [&selection] { selection.setStep(0); }, "first");
    add(
        menu, "last", tr("Last step"), {QKeySequence(Qt::Key_End)},
        [&selection] { selection.setStep(selection.steps() - 1); }, "last");
    menu->addSeparator();
    add(
        menu, "nextCritical", tr("&Next critical states"), {QKeySequence(Qt::Key_N)},
        [this] { session_->nextCritical(1); }, "critical-next");
    add(
        menu, "previousCritical", tr("P&revious critical states"), {QKeySequence(Qt::Key_P)},
        [this] { session_->nextCritical(-1); }, "critical-previous");
    add(
        menu, "largestGap", tr("Next largest &gap"), {QKeySequence(Qt::Key_G)}, [this] { session_->nextLargestGap(); },
        "largest-gap");
    add(
        menu, "firstDivergence", tr("First &divergence"), {QKeySequence(Qt::Key_D)},
        [this] { session_->goToFirstDivergence(); }, "divergence");
    menu->addSeparator();
    add(
        menu, "bookmark", tr("&Bookmark this step, or not"), {QKeySequence(Qt::Key_B)},
        [this] { timeline_->toggleBookmark(); }, "bookmark");
    add(menu, "bookmarkNote", tr("Bookmark with a n&ote…"), {QKeySequence(tr("Shift+B"))},
        [this] { timeline_->writeNote(); });
    add(menu, "nextBookmark", tr("Next boo&kmark"), {QKeySequence(Qt::Key_F3)}, [this] { session_->goToBookmark(1); });
    add(menu, "previousBookmark", tr("Previous bookmark"), {QKeySequence(tr("Shift+F3"))},
        [this] { session_->goToBookmark(-1); });
    menu->addSeparator();
    add(menu, "nextEpisode", tr("Next &episode"), {QKeySequence(Qt::Key_PageDown), QKeySequence(tr("Ctrl+Down"))},
        [&selection] { selection.moveEpisode(1); });
    add(menu, "previousEpisode", tr("Pre&vious episode"), {QKeySequence(Qt::Key_PageUp), QKeySequence(tr("Ctrl+Up"))},
        [&selection] { selection.moveEpisode(-1); });
}

void MainWindow::makeAnalysisMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Analysis"));
    add(
        menu, "quantize", tr("&Quantize…"), {QKeySequence(tr("Ctrl+Shift+Q"))}, [this] { chooseQuantization(); },
        "quantize");
    QMenu* kinds = menu->addMenu(tr("&Perturbation"));
    perturbations_ = new QActionGroup(this);
    for (const PerturbationChoice& choice : perturbationChoices()) {
        QAction* action =
            kinds->addAction(choice.text, this, [this, spec = choice.spec] { session_->setPerturbations(spec); });
        action->setCheckable(true);
        action->setObjectName(QStringLiteral("perturbation-") + QLatin1String(choice.name));
        perturbations_->addAction(action);
    }
    menu->addSeparator();
    add(menu, "pauseAnalysis", tr("&Stop or resume"), {},
        [this] { session_->setAnalysisPaused(!session_->progress().paused); });
    add(menu, "recompute", tr("&Compute everything again"), {}, [this] { session_->recompute(); });
}

void MainWindow::makeJobsMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Jobs"));
    add(
        menu, "repair", tr("&Repair by training…"), {QKeySequence(tr("Ctrl+R"))}, [this] { repair(); }, "quantize");
    add(menu, "newJob", tr("&New job…"), {QKeySequence(tr("Ctrl+J"))}, [this] {
        showJobs();
        jobs_->newJob("evaluate");
    });
    menu->addSeparator();
    add(menu, "showJobs", tr("&Show the queue"), {QKeySequence(tr("Ctrl+Shift+J"))}, [this] { showJobs(); });
}

void MainWindow::makeHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    add(menu, "shortcuts", tr("&Keyboard and mouse"), {QKeySequence(Qt::Key_F1)}, [this] { showShortcuts(); });
    add(menu, "about", tr("&About SQIL Studio"), {}, [this] { showAbout(); });
}

}  // namespace sqil
