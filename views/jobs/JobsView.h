#pragma once
#include <QStackedWidget>
#include <QTimer>
#include <functional>
#include <vector>

#include "core/jobs/JobSpec.h"
#include "views/figures/ViewExport.h"
#include "views/jobs/JobsFeed.h"
#include "views/session/StudioSession.h"

class QLabel;
class QPushButton;
class QTabWidget;
class QTextBrowser;
class QToolButton;
class QTreeView;

namespace sqil {

class EmptyState;
class JobCurves;
class JobDialog;
class JobLog;
class JobParameters;
class JobsModel;

/// The queue of the open project, and what its jobs do: curves, log, parameters, a summary page.
class JobsView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit JobsView(StudioSession& session, QWidget* parent = nullptr);

    std::optional<Figure> figure() const override;        ///< the curves of the chosen jobs
    std::optional<DataTable> dataTable() const override;  ///< likewise

    JobsFeed& feed() { return *feed_; }
    JobsModel* model() const { return model_; }
    QTreeView* tree() const { return tree_; }
    JobCurves* curves() const { return curves_; }
    JobLog* log() const { return log_; }
    QToolButton* button(const char* name) const;  ///< "newJob", "pause", "resume", "cancel", "duplicate", "remove"
    QPushButton* compareButton() const { return compare_; }

    /// Asks for a new job; the form begins with what is on screen.
    JobDialog* newJob(const std::string& kind = "train", const std::string& preset = {});
    void submit(const JobBatch& batch);
    void select(RecordId job);
    std::vector<JobRecord> selectedJobs() const;
    QString summaryHtml() const;  ///< of the chosen job
    Result<void> exportSummary(const QString& file) const;

signals:
    void jobEnded(const sqil::JobRecord& job);
    void queueChanged(int running, int waiting, double share);  ///< share: done of what runs
    void errorOccurred(const QString& message);

private:
    QWidget* makeList();
    QWidget* makeDetails();
    QToolButton* addButton(QWidget* bar, const char* name, const char* iconName, const QString& text,
                           std::function<void()> run);
    void followProject();
    void take();
    void updateDetails();
    void updateButtons();
    void updateTime();
    void changeSelected(Result<void> (JobStore::*what)(RecordId));
    void duplicate();
    void showMenu(const QPoint& at);
    void compareResult();
    void chooseSummaryFile();
    std::vector<RecordId> policiesOf(const JobRecord& job) const;
    JobDialog* openDialog();

    StudioSession& session_;
    JobsFeed* feed_;
    JobsModel* model_;
    EmptyState* empty_;
    QTreeView* tree_;
    QTabWidget* tabs_;
    QLabel* title_;
    QPushButton* compare_;
    QPushButton* export_;
    JobCurves* curves_;
    JobLog* log_;
    JobParameters* parameters_;
    QTextBrowser* summary_;
    QTimer clock_;
    RecordId wanted_ = 0;  ///< to be selected once it is in the model
    RecordId logged_ = 0;  ///< whose log is shown
    std::map<RecordId, std::vector<JobLogLine>> logs_;
};

}  // namespace sqil
