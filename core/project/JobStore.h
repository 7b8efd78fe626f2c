#pragma once
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/project/JobRecord.h"
#include "core/project/Project.h"

namespace sqil {

/// What a worker tells of itself, together with what it has to record.
struct JobReport {
    std::string stage;
    std::int64_t done = 0, total = 0;
    std::int64_t processorPercent = 0, memoryBytes = 0;
    std::vector<JobMetrics> metrics;  ///< without ids
    std::vector<JobLogLine> log;      ///< likewise
    std::vector<JobUsage> usage{};    ///< likewise
    std::string usageJson{};          ///< the newest, with what is absent; empty: as it was
};

/// What a worker is told in return.
struct JobOrders {
    JobRequest request = JobRequest::None;
    std::int64_t requestedAt = 0;
    bool isLost = false;  ///< the job is not this worker's any more: stop, record nothing
};

/// How many jobs run at once: by slot ("cpu", "cuda:0", "slurm").
struct JobLimits {
    std::map<std::string, std::int64_t> bySlot;
    std::int64_t of(const std::string& slot) const;  ///< 1 where not set; 1000 for other launchers' own queues
};

/// The jobs in a project file: states (JobState), metrics, logs. Every change is one short transaction that looks at
/// the state it starts from, so any number of processes may try at once. Lives as long as the project; one thread.
class JobStore {
public:
    explicit JobStore(Project& project) : project_(project) {}

    /// Adds jobs, all or none; gives their ids in the same order. `place` may change the parameters once the ids are
    /// known (references to jobs of the same call).
    using Place = std::function<std::string(const NewJob& job, std::span<const RecordId> ids)>;
    Result<std::vector<RecordId>> add(std::span<const NewJob> jobs, const Place& place = {});

    Result<std::vector<JobRecord>> jobs() const;  ///< in the order in which they were added
    Result<JobRecord> job(RecordId id) const;
    Result<std::vector<JobMetrics>> metrics(RecordId job, RecordId after = 0) const;  ///< with larger ids
    Result<std::vector<JobLogLine>> log(RecordId job, RecordId after = 0) const;      ///< likewise
    Result<std::vector<JobUsage>> usage(RecordId job, RecordId after = 0) const;      ///< likewise

    // What users ask for. A group passes it on to its jobs; a state that does not allow it is BadInput.
    Result<void> cancel(RecordId id);
    Result<void> pause(RecordId id);
    Result<void> resume(RecordId id);
    Result<void> remove(RecordId id);  ///< not while it runs, nor while others wait for it
    Result<void> setPriority(RecordId id, std::int64_t priority);

    // What schedulers do.
    /// Takes what may start now, best first, and leases it for `leaseMilliseconds`: no other scheduler starts it
    /// meanwhile.
    Result<std::vector<JobRecord>> lease(const JobLimits& limits, std::int64_t now, std::int64_t leaseMilliseconds);
    /// What the launcher calls it, and until when it is waited for.
    Result<void> setLaunch(RecordId id, const std::string& launch, std::int64_t leaseUntil);
    /// A queued job that could not be started.
    Result<void> failQueued(RecordId id, const std::string& message);
    /// A running job whose worker is dead. True: it was still that worker's.
    Result<bool> endDead(RecordId id, const std::string& workerJson, JobState state, const std::string& message);

    // What the worker does.
    /// False: another worker has it, or it is not queued any more.
    Result<bool> claim(RecordId id, const std::string& workerJson);
    Result<JobOrders> report(RecordId id, const std::string& workerJson, const JobReport& report);
    /// Takes metrics after this step back: the run goes on from an earlier checkpoint.
    Result<void> dropMetricsAfter(RecordId id, std::int64_t step);
    /// False: it was not this worker's any more.
    Result<bool> end(RecordId id, const std::string& workerJson, JobState state, const std::string& message,
                     const std::string& resultJson, std::span<const JobLogLine> log = {});

    Result<JobLimits> limits() const;  ///< as set in the project
    Result<void> setLimit(const std::string& slot, std::int64_t most);

private:
    Project& project_;
};

}  // namespace sqil
