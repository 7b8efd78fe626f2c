#include "app/studio/MainWindow.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>
#include <QVBoxLayout>

#include "app/studio/KeyboardFocus.h"
#include "app/studio/ProgressPanel.h"
#include "app/studio/WelcomePage.h"
#include "views/actions/ActionsView.h"
#include "views/figures/Figures.h"
#include "views/figures/ViewExporter.h"
#include "views/frames/FramesView.h"
#include "views/project/ProjectView.h"
#include "views/quantize/QuantizeDialog.h"
#include "views/session/Paths.h"
#include "views/timeline/TimelineView.h"
#include "widgets/DockTitleBar.h"
#include "widgets/MessageBar.h"
#include "widgets/SvgIcon.h"
#include "widgets/TimelinePlot.h"

namespace sqil {
namespace {

constexpr int kMostRecent = 10;
constexpr int kLayoutVersion = 1;
constexpr int kNoteMilliseconds = 4000;

QString fileFilter() {
    return MainWindow::tr(
        "All it knows (*.sqil *.pt2 *.pt *.zip *.hdf5 *.h5);;Projects (*.sqil);;Policies (*.pt2 *.pt *.zip);;Rollouts (*.hdf5 "
        "*.h5)");
}

struct PerturbationChoice {
    const char* name;
    QString text;
    std::vector<PerturbationSpec> spec;
};

std::vector<PerturbationChoice> perturbationChoices() {
    const PerturbationSpec greydanus{PerturbationKind::Greydanus}, patch{PerturbationKind::PatchMean},
        state{PerturbationKind::State};
    return {{"greydanus", MainWindow::tr("Local blur (Greydanus)"), {greydanus}},
            {"patch-mean", MainWindow::tr("Patches set to the mean"), {patch}},
            {"state", MainWindow::tr("State dimensions set to the mean"), {state}},
            {"greydanus-state", MainWindow::tr("Local blur and state dimensions"), {greydanus, state}}};
}

bool samePerturbations(const AnalysisSpec& a, const std::vector<PerturbationSpec>& b) {
    AnalysisSpec other = a;
    other.perturbations = b;
    return toJson(a) == toJson(other);
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent), session_(std::make_unique<StudioSession>()), theme_(new Theme(this)) {
    setWindowTitle(tr("SQIL Studio"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/sqil-studio.svg")));
    setAcceptDrops(true);
    qApp->installEventFilter(new KeyboardFocus(this));

    auto* central = new QWidget(this);
    central->setObjectName(QStringLiteral("central"));
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    messages_ = new MessageBar(central);
    pages_ = new QStackedWidget(central);
    welcome_ = new WelcomePage(pages_);
    frames_ = new FramesView(*session_, pages_);
    frames_->setObjectName(QStringLiteral("frames"));
    pages_->addWidget(welcome_);
    pages_->addWidget(frames_);
    column->addWidget(messages_);
    column->addWidget(pages_, 1);
    setCentralWidget(central);

    progress_ = new ProgressPanel(*session_, this);
    statusBar()->addWidget(progress_, 1);
    makeDocks();
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makeGoMenu();
    makeAnalysisMenu();
    makeHelpMenu();
    timeline_->setCommands(
        {command("first"), command("stepBack"), command("play"), command("stepForward"), command("last")},
        {command("previousCritical"), command("nextCritical"), command("largestGap")});
    connectSession();
    defaultLayout();
    showDocks(false);
    restoreSettings();
    updateCommands();
}

MainWindow::~MainWindow() {
    // Views hear nothing more from a session that is being taken down.
    session_->disconnect();
    session_->selection().disconnect();
    session_->results().disconnect();
    session_->jobs().disconnect();
    session_->playback().disconnect();
    for (const QDockWidget* dock : docks_)
        delete dock->widget();
    delete frames_;
    delete progress_;
}

QAction* MainWindow::command(const QString& name) const {
    return findChild<QAction*>(name);
}

template<class View>
View* MainWindow::addDock(const char* name, const QString& title, Qt::DockWidgetArea area) {
    auto* view = new View(*session_, this);
    view->setObjectName(QLatin1String(name));
    auto* frame = new QDockWidget(title, this);
    frame->setObjectName(QLatin1String(name) + QStringLiteral("Dock"));
    frame->setWidget(view);
    addExport(view, title);
    frame->setTitleBarWidget(
        new DockTitleBar(frame, ViewExporter::isExportable(view) ? exporters_.last()->menu() : nullptr));
    addDockWidget(area, frame);
    docks_ << frame;
    return view;
}

void MainWindow::addExport(QWidget* view, const QString& title) {
    if (!ViewExporter::isExportable(view))
        return;
    auto* exporter = new ViewExporter(*session_, view, title);
    exporters_ << exporter;
    connect(exporter, &ViewExporter::failed, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Error, text); });
    connect(exporter, &ViewExporter::copied, this,
            [this, title] { statusBar()->showMessage(tr("Picture of %1 copied").arg(title), kNoteMilliseconds); });
    connect(exporter, &ViewExporter::written, this, [this](const QString& file) {
        const QString folder = QFileInfo(file).absolutePath();
        messages_->show(MessageBar::Level::Information, tr("%1 written").arg(file),
                        {{tr("Show"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }}});
    });
}

void MainWindow::makeDocks() {
    addExport(frames_, tr("Frames"));
    frames_->setMenu(exporters_.last()->menu());
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    project_ = addDock<ProjectView>("project", tr("Project"), Qt::LeftDockWidgetArea);
    actions_ = addDock<ActionsView>("actions", tr("Actions"), Qt::RightDockWidgetArea);
    timeline_ = addDock<TimelineView>("timeline", tr("Timeline"), Qt::BottomDockWidgetArea);
    connect(project_, &ProjectView::quantizeRequested, this, &MainWindow::chooseQuantization);
    connect(project_, &ProjectView::addFilesRequested, this, &MainWindow::addFiles);
    connect(actions_, &ActionsView::quantizeRequested, this, &MainWindow::chooseQuantization);
}

QAction* MainWindow::add(QMenu* menu, const char* name, const QString& text, const QList<QKeySequence>& keys,
                         std::function<void()> run, const char* iconName) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcuts(keys);
    if (iconName)
        action->setIcon(icon(iconName));
    QString tip = text;
    tip.remove(QLatin1Char('&'));
    if (!keys.isEmpty())
        tip += QStringLiteral(" (%1)").arg(keys.first().toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    menu->addAction(action);
    QString group = menu->title();
    group.remove(QLatin1Char('&'));
    if (groups_.isEmpty() || groups_.last().title != group)
        groups_ << ShortcutsSheet::Group{group, {}};
    groups_.last().actions << action;
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
    recentMenu_ = menu->addMenu(tr("Open &recent"));
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
    groups_ << ShortcutsSheet::Group{tr("Edit"), {undo, redo}};
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
    menu->addSeparator();
    makeThemes(menu);
    panelsMenu_ = menu->addMenu(tr("&Panels"));
    for (QDockWidget* dock : docks_)
        panelsMenu_->addAction(dock->toggleViewAction());
    add(menu, "resetLayout", tr("&Reset layout"), {}, [this] { restoreState(defaultState_, kLayoutVersion); });
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

void MainWindow::makeHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    add(menu, "shortcuts", tr("&Keyboard and mouse"), {QKeySequence(Qt::Key_F1)}, [this] { showShortcuts(); });
    add(menu, "about", tr("&About SQIL Studio"), {}, [this] { showAbout(); });
}

void MainWindow::connectSession() {
    StudioSession* session = session_.get();
    connect(session, &StudioSession::projectChanged, this, &MainWindow::updateProject);
    connect(session, &StudioSession::comparisonChanged, this, &MainWindow::updateCommands);
    connect(session, &StudioSession::projectOpened, this, [this](const QString& path) {
        messages_->clear();
        remember(path);
    });
    connect(session, &StudioSession::errorOccurred, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Error, text); });
    connect(session, &StudioSession::warningOccurred, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Warning, text); });
    connect(session, &StudioSession::resultsOutdated, this, [this] {
        messages_->show(MessageBar::Level::Warning,
                        tr("A policy or the rollouts have changed since these results were computed."),
                        {{tr("Compute again"), [this] { session_->recompute(); }}});
    });
    connect(&session->selection(), &Selection::mapModeChanged, this, &MainWindow::updateCommands);
    connect(&session->playback(), &Playback::playingChanged, this, [this](bool playing) {
        command("play")->setText(playing ? tr("&Pause") : tr("&Play"));
        command("play")->setIcon(icon(playing ? "pause" : "play"));
        command("play")->setToolTip(playing ? tr("Pause (Space)") : tr("Play at the control rate (Space)"));
    });
    connect(&session->jobs(), &JobTracker::changed, this, [this] {
        const auto job = session_->jobs().status();
        welcome_->setBusy(session_->jobs().isBusy() ? tr("%1…").arg(job.title) : QString());
    });
    connect(welcome_, &WelcomePage::sampleRequested, session, &StudioSession::openSample);
    connect(welcome_, &WelcomePage::openRequested, this, &MainWindow::openFiles);
    connect(welcome_, &WelcomePage::recentRequested, session, &StudioSession::openProject);
}

void MainWindow::updateProject() {
    const bool open = session_->hasProject();
    pages_->setCurrentWidget(open ? static_cast<QWidget*>(frames_) : welcome_);
    showDocks(open);
    setWindowTitle(open ? tr("%1 – SQIL Studio").arg(QFileInfo(toQString(session_->contents().path)).completeBaseName())
                        : tr("SQIL Studio"));
    setWindowFilePath(open ? toQString(session_->contents().path) : QString());
    updateCommands();
}

void MainWindow::updateCommands() {
    const bool open = session_->hasProject();
    const bool frames = session_->hasRollouts();
    const bool analysed = frames && session_->hasPolicy();
    const auto enable = [this](std::initializer_list<const char*> names, bool enabled) {
        for (const char* name : names)
            command(QLatin1String(name))->setEnabled(enabled);
    };
    enable({"addFiles", "saveAs", "closeProject"}, open);
    enable({"export", "play", "stepBack", "stepForward", "tenBack", "tenForward", "first", "last", "nextEpisode",
            "previousEpisode", "wholeEpisode"},
           frames);
    enable({"nextCritical", "previousCritical", "pauseAnalysis", "recompute", "quantize"}, analysed);
    enable({"largestGap", "showQuantized", "showDifference", "showBoth"}, analysed && session_->hasQuantized());
    for (QAction* action : modes_->actions())
        action->setChecked(action->data().toInt() == int(session_->selection().mapMode()));
    const auto choices = perturbationChoices();
    for (int index = 0; index < perturbations_->actions().size(); ++index)
        perturbations_->actions()[index]->setChecked(
            samePerturbations(session_->comparison().spec, choices[std::size_t(index)].spec));
}

void MainWindow::showDocks(bool shown) {
    docksShown_ = shown;
    for (QDockWidget* dock : docks_) {
        const bool closedByUser = dock->property("closed").toBool();
        dock->setVisible(shown && !closedByUser);
    }
    panelsMenu_->setEnabled(shown);
    if (shown && !ownLayout_) {  // a large window has room for a taller timeline and wider panels
        ownLayout_ = true;
        resizeDocks({docks_[0], docks_[1]}, {std::max(320, width() / 7), std::max(270, width() / 7)}, Qt::Horizontal);
        resizeDocks({docks_[2]}, {std::max(290, height() * 34 / 100)}, Qt::Vertical);
        defaultState_ = saveState(kLayoutVersion);
    }
}

void MainWindow::defaultLayout() {
    resize(1280, 800);
    resizeDocks({docks_[0], docks_[1]}, {320, 270}, Qt::Horizontal);
    resizeDocks({docks_[2]}, {290}, Qt::Vertical);
    defaultState_ = saveState(kLayoutVersion);
}

void MainWindow::restoreSettings() {
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    const QByteArray state = settings.value(QStringLiteral("window/layout")).toByteArray();
    if (!state.isEmpty() && restoreState(state, kLayoutVersion)) {
        ownLayout_ = true;
        for (QDockWidget* dock : docks_)
            dock->setProperty("closed", dock->isHidden());
        showDocks(false);
    }
    setTheme(Theme::modeNamed(settings.value(QStringLiteral("theme")).toString()));
    frames_->setOpacity(settings.value(QStringLiteral("frames/opacity"), 0.75).toDouble());
    frames_->setColours(settings.value(QStringLiteral("frames/colours"), QStringLiteral("viridis")).toString());
    frames_->setSmooth(settings.value(QStringLiteral("frames/smooth"), true).toBool());
    frames_->setEpisodeScale(settings.value(QStringLiteral("frames/episodeScale"), false).toBool());
    recent_ = settings.value(QStringLiteral("recent")).toStringList();
    updateRecent();
}

void MainWindow::saveSettings() {
    if (!keepSettings_)
        return;
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (docksShown_)
        settings.setValue(QStringLiteral("window/layout"), saveState(kLayoutVersion));
    settings.setValue(QStringLiteral("theme"), Theme::nameOf(theme_->mode()));
    settings.setValue(QStringLiteral("frames/opacity"), frames_->opacity());
    settings.setValue(QStringLiteral("frames/colours"), frames_->colours().name());
    settings.setValue(QStringLiteral("frames/smooth"), frames_->isSmooth());
    settings.setValue(QStringLiteral("frames/episodeScale"), frames_->hasEpisodeScale());
    settings.setValue(QStringLiteral("recent"), recent_);
}

void MainWindow::setTheme(Theme::Mode mode) {
    theme_->setMode(mode);
    for (QAction* action : themes_->actions())
        action->setChecked(action->data().toInt() == int(mode));
}

void MainWindow::remember(const QString& file) {
    recent_.removeAll(file);
    recent_.prepend(file);
    while (recent_.size() > kMostRecent)
        recent_.removeLast();
    updateRecent();
}

void MainWindow::updateRecent() {
    recentMenu_->clear();
    for (const QString& file : recent_)
        recentMenu_->addAction(
            QFileInfo(file).completeBaseName() + QStringLiteral("  –  ") + QFileInfo(file).absolutePath(), this,
            [this, file] { session_->openProject(file); });
    recentMenu_->addSeparator();
    recentMenu_->addAction(tr("Clear the list"), this, [this] {
        recent_.clear();
        updateRecent();
    });
    recentMenu_->setEnabled(!recent_.isEmpty());
    welcome_->setRecent(recent_);
}

void MainWindow::openFiles() {
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Open"), {}, fileFilter());
    if (files.isEmpty())
        return;
    session_->closeProject();
    session_->openFiles(files);
}

void MainWindow::addFiles() {
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Add files to the project"), {}, fileFilter());
    if (!files.isEmpty())
        session_->openFiles(files);
}

void MainWindow::newProject() {
    QString file = QFileDialog::getSaveFileName(this, tr("New project"), {}, tr("Projects (*.sqil)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".sqil")))
        file += QStringLiteral(".sqil");
    session_->createProject(file);
}

void MainWindow::saveProjectAs() {
    QString file = QFileDialog::getSaveFileName(this, tr("Save the project as"), {}, tr("Projects (*.sqil)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".sqil")))
        file += QStringLiteral(".sqil");
    session_->saveProjectAs(file);
}

Result<QStringList> MainWindow::exportTo(const QString& folder) {
    FigureSet set;
    for (const ViewExporter* exporter : exporters_) {
        if (auto figure = exporter->figure())
            set.figures.push_back(std::move(*figure));
        if (auto table = exporter->dataTable())
            set.tables.push_back(std::move(*table));
    }
    return exportFigures(*session_, folder, set, {&frames_->colours(), frames_->opacity(), frames_->hasEpisodeScale()});
}

void MainWindow::chooseExport() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the figures"));
    if (folder.isEmpty())
        return;
    const auto written = exportTo(folder);
    if (!written) {
        messages_->show(MessageBar::Level::Error, toQString(written.error().message));
        return;
    }
    messages_->show(MessageBar::Level::Information,
                    tr("%n file(s) written to %1", nullptr, int(written->size())).arg(folder),
                    {{tr("Show"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }}});
}

void MainWindow::chooseQuantization() {
    auto* dialog = new QuantizeDialog(session_->policyName(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { session_->quantize(dialog->spec()); });
    dialog->open();
}

void MainWindow::showShortcuts() {
    auto* sheet = new ShortcutsSheet(groups_, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void MainWindow::showAbout() {
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("About SQIL Studio"),
                        tr("<b>SQIL Studio %1</b>").arg(QStringLiteral(SQIL_VERSION)), QMessageBox::Close, this);
    box->setIconPixmap(windowIcon().pixmap(64, 64));
    box->setInformativeText(
        tr("Visual analysis and repair of quantized robot policies.<br><br>SQIL: Saliency-aware Quantized Imitation "
           "Learning (ICCV 2025, arXiv 2505.15304).<br>Licence: GPL-3.0-or-later."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveSettings();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList files;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    session_->openFiles(files);
}

}  // namespace sqil
