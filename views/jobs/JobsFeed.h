#pragma once
#include <QHash>
#include <QObject>
#include <QThread>
#include <QTimer>
#include <functional>
#include <memory>
#include <vector>

#include "core/project/JobStore.h"

namespace sqil {

/// What the queue looks like.
struct JobsSnapshot {
    std::filesystem::path project;
    std::vector<JobRecord> jobs;
    bool readOnly = false;

    const JobRecord* find(RecordId id) const;
};
using JobsSnapshotPointer = std::shared_ptr<const JobsSnapshot>;

/// A job's curves and log as they grow. `restarted`: earlier ones are void (another attempt, or the first look).
struct JobDetails {
    RecordId job = 0;
    bool restarted = false;
    std::vector<JobMetrics> metrics;
    std::vector<JobLogLine> log;
    std::vector<JobUsage> usage;
};

/// Looks at the open project's jobs a few times a second on a thread of its own, starts what waits, and passes on
/// what changed. Lives on the GUI thread, which never touches the file.
class JobsFeed : public QObject {
    Q_OBJECT
public:
    explicit JobsFeed(QObject* parent = nullptr);
    ~JobsFeed() override;

    void open(const std::filesystem::path& project);  ///< empty: none
    const JobsSnapshotPointer& snapshot() const { return snapshot_; }
    /// Whose curves and logs are wanted; those that are new are told from their beginning.
    void watch(const std::vector<RecordId>& jobs);
    /// Changes the queue (on the feed's thread) and looks at once. `done` is called here.
    void change(std::function<Result<void>(Project&)> change, std::function<void(const Result<void>&)> done = {});

signals:
    void changed();  ///< the snapshot
    void detailsArrived(const sqil::JobDetails& details);
    void jobEnded(const sqil::JobRecord& job);  ///< it was running when it was last looked at
    void errorOccurred(const QString& message);

private:
    class Looker;
    void take(const JobsSnapshotPointer& snapshot);

    QThread thread_;
    Looker* looker_;
    JobsSnapshotPointer snapshot_;
    std::vector<RecordId> watched_;
};

}  // namespace sqil

Q_DECLARE_METATYPE(sqil::JobDetails)
