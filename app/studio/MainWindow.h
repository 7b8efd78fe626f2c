#pragma once
#include <QMainWindow>

#include "app/studio/LayoutSwitcher.h"
#include "app/studio/Theme.h"
#include "views/session/StudioSession.h"

class QActionGroup;
class QStackedWidget;

namespace sqil {

class ActionsView;
class BenchmarkView;
class FramesView;
class InspectorView;
class MatrixView;
class JobNotices;
class JobsView;
class MessageBar;
class ProgressPanel;
class ProjectNotices;
class ProjectView;
class RolloutsView;
class RecentFiles;
class ScatterView;
class SegmentedControl;
class TimelineView;
class ViewExporter;
class WelcomePage;

/// The window: docks around the frames, menus, shortcuts, settings.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    StudioSession& session() { return *session_; }
    FramesView& frames() { return *frames_; }
    TimelineView& timeline() { return *timeline_; }
    ActionsView& actionsView() { return *actions_; }
    ProjectView& projectView() { return *project_; }
    MatrixView& matrixView() { return *matrix_; }
    ScatterView& scatterView() { return *scatter_; }
    InspectorView& inspectorView() { return *inspector_; }
    RolloutsView& rolloutsView() { return *rollouts_; }
    JobsView& jobsView() { return *jobs_; }
    BenchmarkView& benchmarkView() { return *benchmark_; }
    MessageBar& messages() { return *messages_; }
    ProjectNotices& projectNotices() { return *projectNotices_; }
    ProgressPanel& progressPanel() { return *progress_; }
    Theme& theme() { return *theme_; }
    LayoutSwitcher& layouts() { return *layouts_; }
    RecentFiles& recentFiles() { return *recent_; }
    const QList<QDockWidget*>& docks() const { return docks_; }
    QAction* command(const QString& name) const;  ///< by object name, such as "play"

    /// Unattended runs and tests leave the user's settings alone.
    void setSettingsKept(bool kept);
    void setTheme(Theme::Mode mode);
    bool showPanel(const QString& name);  ///< opens it, in front of its neighbours; false: there is none
    Result<QStringList> exportTo(const QString& folder);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QAction* add(QMenu* menu, const char* name, const QString& text, const QList<QKeySequence>& keys,
                 std::function<void()> run, const char* iconName = nullptr);
    /// A dock around a view over the session. A new view is one line in makeDocks().
    template<class View>
    View* addDock(const char* name, const QString& title, Qt::DockWidgetArea area);
    void addExport(QWidget* view, const QString& title);  ///< where the view can be exported
    void makeDocks();
    void makeFileMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makeGoMenu();
    void makeAnalysisMenu();
    void makeJobsMenu();
    void makeHelpMenu();
    void makeLayoutBar();
    void makeMapModes(QMenu* menu);
    void makeThemes(QMenu* menu);
    void connectSession();
    void restoreSettings();
    void saveSettings();
    void updateProject();
    void updateCommands();
    void updateThumbnail();
    void openFiles();
    void addFiles();
    void newProject();
    void saveProjectAs();
    void chooseExport();
    void chooseQuantization();
    void showJobs();
    void repair(const std::string& preset = {});
    void showShortcuts();
    void showPalette();
    void showAbout();

    std::unique_ptr<StudioSession> session_;
    Theme* theme_;
    MessageBar* messages_;
    QStackedWidget* pages_;
    WelcomePage* welcome_;
    FramesView* frames_;
    TimelineView* timeline_;
    ActionsView* actions_;
    ProjectView* project_;
    MatrixView* matrix_;
    ScatterView* scatter_;
    InspectorView* inspector_;
    RolloutsView* rollouts_;
    JobsView* jobs_;
    BenchmarkView* benchmark_;
    JobNotices* notices_;
    ProgressPanel* progress_;
    ProjectNotices* projectNotices_;
    QList<QDockWidget*> docks_;
    QList<ViewExporter*> exporters_;
    LayoutSwitcher* layouts_ = nullptr;
    SegmentedControl* layoutBar_ = nullptr;
    RecentFiles* recent_ = nullptr;
    QActionGroup* modes_ = nullptr;
    QActionGroup* themes_ = nullptr;
    QActionGroup* perturbations_ = nullptr;
    bool keepSettings_ = true;
    QString pictured_;          ///< the project whose thumbnail was kept
    bool repairsNext_ = false;  ///< once the sample is open
};

}  // namespace sqil
