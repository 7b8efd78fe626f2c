#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"
#include "core/project/Project.h"

namespace sqil {

/// Where a job stands.
///
///     queued ──claim──▶ running ──▶ finished
///       │  ▲               │├──────▶ failed     (an error, or its worker died)
///       │  └──resume───────┤├──────▶ cancelled  (asked to; a checkpoint is kept)
///       └─pause/cancel────▶└┴──────▶ paused     (likewise)
///
/// Only a worker that has claimed a job takes it out of `running`, or whoever finds that worker dead. `finished` is the
/// end; paused, failed and cancelled jobs can be resumed: they are queued again and go on from their checkpoint.
enum class JobState { Queued, Running, Paused, Finished, Failed, Cancelled };
enum class JobRequest { None, Pause, Cancel };

std::string_view nameOf(JobState state);  ///< "queued", "running", …
std::optional<JobState> jobStateNamed(std::string_view name);
inline bool isOver(JobState state) {
    return state == JobState::Finished || state == JobState::Failed || state == JobState::Cancelled;
}

inline constexpr const char* kJobGroup = "group";

/// A job as it is added.
struct NewJob {
    std::string name;
    std::string kind;
    std::string parametersJson = "{}";
    std::int64_t priority = 0;
    std::string device = "cpu";
    std::string launcher = "local";
    /// Indices into the same call's jobs: of the group it belongs to, of jobs that must be finished before it.
    std::optional<std::size_t> group{};
    std::vector<std::size_t> after{};
    std::vector<RecordId> needs{};  ///< jobs that are there already
    bool held = false;              ///< added as paused
};

/// A job. Times are milliseconds since 1970, UTC; 0: not yet.
struct JobRecord {
    RecordId id = 0;
    std::optional<RecordId> parent;
    std::string name, kind, parametersJson;
    JobState state = JobState::Queued;
    JobRequest request = JobRequest::None;
    std::int64_t requestedAt = 0;
    std::int64_t priority = 0;
    std::string device, launcher, launch;
    std::int64_t leaseUntil = 0, launches = 0;
    std::string workerJson;
    std::int64_t attempt = 0;
    std::string stage;
    std::int64_t done = 0, total = 0, stageAt = 0, stageFrom = 0;
    std::int64_t createdAt = 0, startedAt = 0, heartbeatAt = 0, endedAt = 0, activeMilliseconds = 0;
    std::int64_t processorPercent = 0, memoryBytes = 0;
    std::string message, resultJson;
    std::string usageJson;  ///< of the device, lately (core/bench/DeviceUsage.h)
    std::vector<RecordId> needs;

    bool isGroup() const { return kind == kJobGroup; }
    /// What limits are counted over: the device of local jobs, else the launcher.
    const std::string& slot() const { return launcher == "local" ? device : launcher; }
    double share() const;  ///< done, 0 to 1; 0 where the total is not known
    /// Seconds until the stage is done, from its rate so far; none where that is not known.
    std::optional<double> secondsLeft(std::int64_t now) const;
    double activeSeconds(std::int64_t now) const;  ///< of all attempts
};

struct JobMetrics {
    RecordId id = 0;
    std::int64_t step = 0;
    std::string dataJson;  ///< an object of numbers
};

/// What the job's device did at one time.
struct JobUsage {
    RecordId id = 0;
    std::int64_t time = 0;
    std::string dataJson;  ///< an object of numbers
};

struct JobLogLine {
    RecordId id = 0;
    std::int64_t time = 0;
    int level = 0;  ///< 0 information, 1 warning, 2 error
    std::string text;
};

std::int64_t millisecondsNow();

}  // namespace sqil
