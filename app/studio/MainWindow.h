#pragma once
#include <QMainWindow>

#include "app/studio/ShortcutsSheet.h"
#include "app/studio/Theme.h"
#include "views/session/StudioSession.h"

class QActionGroup;
class QStackedWidget;

namespace sqil {

class ActionsView;
class FramesView;
class MessageBar;
class ProgressPanel;
class ProjectView;
class ViewExporter;
class TimelineView;
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
    MessageBar& messages() { return *messages_; }
    ProgressPanel& progressPanel() { return *progress_; }
    Theme& theme() { return *theme_; }
    QAction* command(const QString& name) const;  ///< by object name, such as "play"

    /// Unattended runs and tests leave the user's settings alone.
    void setSettingsKept(bool kept) { keepSettings_ = kept; }
    void setTheme(Theme::Mode mode);
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
    void makeHelpMenu();
    void makeMapModes(QMenu* menu);
    void makeThemes(QMenu* menu);
    void connectSession();
    void restoreSettings();
    void saveSettings();
    void defaultLayout();
    void showDocks(bool shown);
    void updateProject();
    void updateCommands();
    void updateRecent();
    void remember(const QString& file);
    void openFiles();
    void addFiles();
    void newProject();
    void saveProjectAs();
    void chooseExport();
    void chooseQuantization();
    void showShortcuts();
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
    ProgressPanel* progress_;
    QList<QDockWidget*> docks_;
    QList<ViewExporter*> exporters_;
    QMenu* recentMenu_ = nullptr;
    QMenu* panelsMenu_ = nullptr;
    QActionGroup* modes_ = nullptr;
    QActionGroup* themes_ = nullptr;
    QActionGroup* perturbations_ = nullptr;
    QList<ShortcutsSheet::Group> groups_;
    QStringList recent_;
    QByteArray defaultState_;
    bool keepSettings_ = true;
    bool docksShown_ = false;
    bool ownLayout_ = false;  ///< restored from the settings
};

}  // namespace sqil
