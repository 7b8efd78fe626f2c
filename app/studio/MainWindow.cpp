#include "app/studio/MainWindow.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>
#include <QVBoxLayout>

#include "app/studio/CommandPalette.h"
#include "app/studio/Commands.h"
#include "app/studio/JobNotices.h"
#include "app/studio/KeyboardFocus.h"
#include "app/studio/PaletteEntries.h"
#include "app/studio/Perturbations.h"
#include "app/studio/ProgressPanel.h"
#include "app/studio/ProjectNotices.h"
#include "app/studio/RecentFiles.h"
#include "app/studio/ShortcutsSheet.h"
#include "app/studio/Thumbnails.h"
#include "app/studio/WelcomePage.h"
#include "views/actions/ActionsView.h"
#include "views/benchmark/BenchmarkView.h"
#include "views/figures/Figures.h"
#include "views/figures/PaperFigures.h"
#include "views/figures/ViewExporter.h"
#include "views/frames/FramesView.h"
#include "views/inspector/InspectorView.h"
#include "views/jobs/JobsView.h"
#include "views/layers/LayersView.h"
#include "views/matrix/MatrixView.h"
#include "views/project/ProjectView.h"
#include "views/quantize/QuantizeDialog.h"
#include "views/rollouts/RolloutsView.h"
#include "views/scatter/ScatterView.h"
#include "views/session/Paths.h"
#include "views/timeline/TimelineView.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/DockTitleBar.h"
#include "widgets/ImageView.h"
#include "widgets/MessageBar.h"
#include "widgets/SegmentedControl.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

constexpr QSize kLeastPanelSize(180, 120);
constexpr int kNoteMilliseconds = 4000;

QString fileFilter() {
    return MainWindow::tr(
        "All it knows (*.sqil *.pt2 *.pt *.zip *.hdf5 *.h5);;Projects (*.sqil);;Policies (*.pt2 *.pt *.zip);;Rollouts "
        "(*.hdf5 "
        "*.h5)");
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

    projectNotices_ = new ProjectNotices(*session_, *messages_, this);
    progress_ = new ProgressPanel(*session_, this);
    statusBar()->addWidget(progress_, 1);
    makeDocks();
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makeGoMenu();
    makeAnalysisMenu();
    makeJobsMenu();
    makeHelpMenu();
    timeline_->setCommands(
        {command("first"), command("stepBack"), command("play"), command("stepForward"), command("last")},
        {command("previousCritical"), command("nextCritical"), command("largestGap"), command("firstDivergence")});
    connectSession();
    resize(1280, 800);
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
    // What lies behind a tab must not make the window larger: a small panel cuts off instead.
    view->setMinimumSize(kLeastPanelSize);
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
    matrix_ = addDock<MatrixView>("episodes", tr("All episodes"), Qt::BottomDockWidgetArea);
    scatter_ = addDock<ScatterView>("scatter", tr("Scatter"), Qt::BottomDockWidgetArea);
    inspector_ = addDock<InspectorView>("inspector", tr("Inspector"), Qt::RightDockWidgetArea);
    rollouts_ = addDock<RolloutsView>("rollouts", tr("Rollouts"), Qt::LeftDockWidgetArea);
    jobs_ = addDock<JobsView>("jobs", tr("Jobs"), Qt::BottomDockWidgetArea);
    notices_ = new JobNotices(*jobs_, *messages_, this);
    connect(notices_, &JobNotices::jobRequested, this, [this](RecordId job) {
        showJobs();
        jobs_->select(job);
    });
    benchmark_ = addDock<BenchmarkView>("benchmark", tr("Benchmark"), Qt::BottomDockWidgetArea);
    connect(benchmark_, &BenchmarkView::benchmarkRequested, this, [this] {
        showJobs();
        jobs_->newJob("bench-policy");
    });
    connect(jobs_, &JobsView::jobEnded, benchmark_, &BenchmarkView::refresh);
    addDock<LayersView>("layers", tr("Layers"), Qt::RightDockWidgetArea);
    addDock<TrajectoryView>("trajectory", tr("Trajectory"), Qt::RightDockWidgetArea);
    connect(project_, &ProjectView::quantizeRequested, this, &MainWindow::chooseQuantization);
    connect(project_, &ProjectView::cardRequested, this,
            [this](RecordId policy) { projectNotices_->editCard(policy); });
    connect(project_, &ProjectView::addFilesRequested, this, &MainWindow::addFiles);
    connect(actions_, &ActionsView::quantizeRequested, this, &MainWindow::chooseQuantization);
}

void MainWindow::showJobs() {
    showPanel(QStringLiteral("jobs"));
}

void MainWindow::repair(const std::string& preset) {
    showJobs();
    jobs_->newJob("train", preset);
}

void MainWindow::connectSession() {
    StudioSession* session = session_.get();
    connect(session, &StudioSession::projectChanged, this, &MainWindow::updateProject);
    connect(session, &StudioSession::comparisonChanged, this, &MainWindow::updateCommands);
    connect(session, &StudioSession::projectOpened, this, [this](const QString& path) {
        messages_->clear();
        recent_->remember(path);
    });
    connect(session, &StudioSession::errorOccurred, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Error, text); });
    connect(session, &StudioSession::warningOccurred, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Warning, text); });
    connect(projectNotices_, &ProjectNotices::saveCopyRequested, this, &MainWindow::saveProjectAs);
    connect(session, &StudioSession::framesChanged, this, &MainWindow::updateThumbnail);
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
    connect(welcome_, &WelcomePage::repairRequested, this, [this] {
        repairsNext_ = true;
        session_->openSample();
    });
    connect(session, &StudioSession::comparisonChanged, this, [this] {
        if (repairsNext_ && session_->hasPolicy() && session_->hasRollouts()) {
            repairsNext_ = false;
            repair("quick-look");
        }
    });
    connect(jobs_, &JobsView::errorOccurred, this,
            [this](const QString& text) { messages_->show(MessageBar::Level::Error, text); });
    connect(welcome_, &WelcomePage::openRequested, this, &MainWindow::openFiles);
    connect(welcome_, &WelcomePage::recentRequested, session, &StudioSession::openProject);
}

void MainWindow::setSettingsKept(bool kept) {
    keepSettings_ = kept;
    projectNotices_->setDialogsAllowed(kept);
}

bool MainWindow::showPanel(const QString& name) {
    auto* dock = findChild<QDockWidget*>(name + QStringLiteral("Dock"));
    if (!dock)
        return false;
    dock->show();
    dock->raise();
    return true;
}

void MainWindow::updateThumbnail() {
    const QString project = toQString(session_->contents().path);
    const auto pictures = frames_->pictures();
    if (project == pictured_ || session_->isRecovered() || pictures.empty() || pictures.front()->image().isNull())
        return;
    pictured_ = project;
    keepThumbnail(project, pictures.front()->image());
}

void MainWindow::updateProject() {
    const bool open = session_->hasProject();
    const QString path = session_->isRecovered() ? session_->recoveredFrom() : toQString(session_->contents().path);
    pages_->setCurrentWidget(open ? static_cast<QWidget*>(frames_) : welcome_);
    layouts_->setDocksShown(open);
    layoutBar_->setVisible(open);
    const QString name = QFileInfo(path).completeBaseName();
    setWindowTitle(!open                     ? tr("SQIL Studio")
                   : session_->isRecovered() ? tr("%1 (recovered, not saved) – SQIL Studio").arg(name)
                                             : tr("%1 – SQIL Studio").arg(name));
    setWindowFilePath(open ? path : QString());
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
    enable({"addFiles", "saveAs", "closeProject", "repair", "newJob", "showJobs", "benchmark", "importBenchmarks"},
           open);
    enable({"export",   "play",        "stepBack",        "stepForward",  "tenBack",      "tenForward",      "first",
            "last",     "nextEpisode", "previousEpisode", "wholeEpisode", "zoomIn",       "zoomOut",         "panLeft",
            "panRight", "allEpisodes", "bookmark",        "bookmarkNote", "nextBookmark", "previousBookmark"},
           frames);
    enable({"nextCritical", "previousCritical", "pauseAnalysis", "recompute", "quantize"}, analysed);
    enable({"largestGap", "firstDivergence", "showQuantized", "showDifference", "showBoth", "showEverything"},
           analysed && session_->hasQuantized());
    for (QAction* action : modes_->actions())
        action->setChecked(action->data().toInt() == int(session_->selection().mapMode()));
    const auto choices = perturbationChoices();
    for (int index = 0; index < perturbations_->actions().size(); ++index)
        perturbations_->actions()[index]->setChecked(
            hasPerturbations(session_->comparison().spec, choices[std::size_t(index)].spec));
}

void MainWindow::restoreSettings() {
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    layouts_->restore(settings);
    setTheme(Theme::modeNamed(settings.value(QStringLiteral("theme")).toString()));
    frames_->setOpacity(settings.value(QStringLiteral("frames/opacity"), 0.75).toDouble());
    frames_->setColours(settings.value(QStringLiteral("frames/colours"), QStringLiteral("viridis")).toString());
    frames_->setSmooth(settings.value(QStringLiteral("frames/smooth"), true).toBool());
    frames_->setEpisodeScale(settings.value(QStringLiteral("frames/episodeScale"), false).toBool());
    recent_->restore(settings);
}

void MainWindow::saveSettings() {
    if (!keepSettings_)
        return;
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    layouts_->store(settings);
    settings.setValue(QStringLiteral("theme"), Theme::nameOf(theme_->mode()));
    settings.setValue(QStringLiteral("frames/opacity"), frames_->opacity());
    settings.setValue(QStringLiteral("frames/colours"), frames_->colours().name());
    settings.setValue(QStringLiteral("frames/smooth"), frames_->isSmooth());
    settings.setValue(QStringLiteral("frames/episodeScale"), frames_->hasEpisodeScale());
    recent_->store(settings);
}

void MainWindow::setTheme(Theme::Mode mode) {
    theme_->setMode(mode);
    for (QAction* action : themes_->actions())
        action->setChecked(action->data().toInt() == int(mode));
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
    for (Figure& figure : paperFigures(*session_))
        set.figures.push_back(std::move(figure));
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
    auto* sheet = new ShortcutsSheet(commandsOf(*this), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void MainWindow::showPalette() {
    auto* palette = new CommandPalette(
        paletteEntries(*this), [this](const QString& typed) { return paletteAnswers(*this, typed); }, this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->show();
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
    QStringList files, reports;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) {
            const bool isReport = session_->hasProject() && url.toLocalFile().endsWith(QLatin1String(".json"));
            (isReport ? reports : files) << url.toLocalFile();
        }
    if (files.isEmpty() && reports.isEmpty())
        return;
    event->acceptProposedAction();
    if (!files.isEmpty())
        session_->openFiles(files);
    if (!reports.isEmpty())
        session_->importBenchmarks(reports);
}

}  // namespace sqil
