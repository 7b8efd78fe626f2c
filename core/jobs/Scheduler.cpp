#include "core/jobs/Scheduler.h"

#include <algorithm>

#include "core/jobs/Launcher.h"
#include "core/jobs/Worker.h"
#include "core/jobs/WorkerIdentity.h"

namespace sqil {
namespace {

constexpr std::int64_t kLease = 180'000;  // a worker may take long to start on a busy machine
constexpr std::int64_t kForever = std::int64_t{1} << 60;
constexpr int kMostLaunches = 3;

class Look {
public:
    explicit Look(Project& project) : project_(project), store_(project) {}

    Result<ScheduleReport> run() {
        auto jobs = store_.jobs();
        if (!jobs)
            return tl::unexpected(jobs.error());
        for (const JobRecord& job : *jobs)
            if (!job.isGroup() && job.state == JobState::Running)
                if (auto told = tellDead(job); !told)
                    return tl::unexpected(told.error());
        if (auto asked = askLaunchers(*jobs); !asked)
            return tl::unexpected(asked.error());
        const auto isFree = [&](const JobRecord& job) {
            return !job.isGroup() && job.state == JobState::Queued && job.leaseUntil <= now_;
        };
        for (const JobRecord& job : *jobs)
            if (isFree(job) && job.launches >= kMostLaunches)
                if (auto failed = store_.failQueued(job.id, unstarted(job)); !failed)
                    return tl::unexpected(failed.error());
        if (std::ranges::any_of(*jobs, isFree) || report_.dead > 0)
            if (auto started = start(); !started)
                return tl::unexpected(started.error());
        for (const JobRecord& job : *jobs)
            report_.waiting += !job.isGroup() && job.state == JobState::Queued;
        return report_;
    }

private:
    Result<void> tellDead(const JobRecord& job) {
        if (livenessOf(job.workerJson, job.heartbeatAt, now_) != Liveness::Dead) {
            ++report_.running;
            return {};
        }
        std::string message = "the worker is gone and has recorded no end (a crash, a kill or a power loss)";
        if (const std::string words = lastWords(project_.path(), job.id); !words.empty())
            message += ". Its last words: " + words;
        const JobState state = job.request == JobRequest::Cancel  ? JobState::Cancelled
                               : job.request == JobRequest::Pause ? JobState::Paused
                                                                  : JobState::Failed;
        auto ended = store_.endDead(job.id, job.workerJson, state, message);
        if (!ended)
            return tl::unexpected(ended.error());
        report_.dead += *ended;
        return {};
    }

    std::string unstarted(const JobRecord& job) const {
        std::string message = "no worker could be started in " + std::to_string(kMostLaunches) + " attempts";
        if (const std::string words = lastWords(project_.path(), job.id); !words.empty())
            message += ". Last words: " + words;
        return message;
    }

    /// Asks other launchers about their launches: those that have come to nothing are free again, those whose worker
    /// they have ended are over, those of jobs that nobody wants any more are withdrawn.
    Result<void> askLaunchers(std::vector<JobRecord>& jobs) {
        std::map<std::string, std::vector<JobRecord*>> launched;
        for (JobRecord& job : jobs)
            if (!job.launch.empty() && job.launcher != "local" && !job.isGroup())
                launched[job.launcher].push_back(&job);
        for (auto& [name, some] : launched) {
            const auto launcher = makeLauncher(name);
            std::vector<std::string> launches;
            for (const JobRecord* job : some)
                if (job->state == JobState::Queued || job->state == JobState::Running)
                    launches.push_back(job->launch);
            if (!launcher)
                continue;
            Result<std::map<std::string, Launcher::Standing>> standings;
            if (!launches.empty())
                standings = launcher->standings(launches);
            if (!standings)
                return tl::unexpected(standings.error());
            for (JobRecord* job : some)
                if (auto settled = settle(*job, *launcher, (*standings)[job->launch]); !settled)
                    return settled;
        }
        return {};
    }

    Result<void> settle(JobRecord& job, Launcher& launcher, const Launcher::Standing& standing) {
        const bool isLive = job.state == JobState::Queued || job.state == JobState::Running;
        if (isLive && standing.isUnderWay)
            return {};
        if (job.state == JobState::Running) {
            auto ended = store_.endDead(job.id, job.workerJson, JobState::Failed,
                                        "the worker is gone; " + job.launcher + " says: " + standing.state);
            return ended.map([&](bool changed) { report_.dead += changed; });
        }
        if (!isLive)
            static_cast<void>(launcher.withdraw(job.launch));
        job.launch.clear();
        job.leaseUntil = 0;
        return store_.setLaunch(job.id, "", 0);
    }

    Result<void> start() {
        const auto limits = store_.limits();
        if (!limits)
            return tl::unexpected(limits.error());
        const auto taken = store_.lease(*limits, now_, kLease);
        if (!taken)
            return tl::unexpected(taken.error());
        std::map<std::string, std::vector<JobRecord>> byLauncher;
        for (const JobRecord& job : *taken)
            byLauncher[job.launcher].push_back(job);
        for (const auto& [name, jobs] : byLauncher) {
            const auto launcher = makeLauncher(name);
            const auto launches = launcher ? launcher->start(project_.path(), jobs)
                                           : fail(ErrorKind::Unsupported, "there is no launcher \"" + name + "\"");
            for (std::size_t index = 0; index < jobs.size(); ++index) {
                Result<void> noted;
                if (!launches)
                    noted = store_.failQueued(jobs[index].id, launches.error().message);
                else if (launcher->isQueue())
                    noted = store_.setLaunch(jobs[index].id, launches->at(index), kForever);
                if (!noted)
                    return noted;
                report_.started += launches.has_value();
            }
        }
        return {};
    }

    Project& project_;
    JobStore store_;
    const std::int64_t now_ = millisecondsNow();
    ScheduleReport report_;
};

}  // namespace

Result<ScheduleReport> schedule(Project& project) {
    return Look(project).run();
}

}  // namespace sqil
