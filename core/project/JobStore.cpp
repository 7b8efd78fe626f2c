#include "core/project/JobStore.h"

#include <algorithm>
#include <array>

#include "core/project/Database.h"

namespace sqil {
namespace {

constexpr const char* kLimitSetting = "jobs/limit/";
constexpr std::array<const char*, 5> kSlots{"cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3"};

constexpr const char* kColumns =
    "id, parent, name, kind, specification, state, request, requested_at, priority, device, launcher, launch, "
    "lease_until, launches, worker, attempt, stage, done, total, stage_at, stage_from, created_at, started_at, "
    "heartbeat_at, ended_at, active_ms, processor, memory, message, result, usage";

JobRequest requestNamed(const std::string& name) {
    return name == "pause" ? JobRequest::Pause : name == "cancel" ? JobRequest::Cancel : JobRequest::None;
}

JobRecord recordOf(const Statement& row) {
    JobRecord job;
    int column = 0;
    job.id = row.integer(column++);
    job.parent = row.optionalInteger(column++);
    for (std::string* text : {&job.name, &job.kind, &job.parametersJson})
        *text = row.text(column++);
    job.state = jobStateNamed(row.text(column++)).value_or(JobState::Failed);
    job.request = requestNamed(row.text(column++));
    job.requestedAt = row.integer(column++);
    job.priority = row.integer(column++);
    for (std::string* text : {&job.device, &job.launcher, &job.launch})
        *text = row.text(column++);
    job.leaseUntil = row.integer(column++);
    job.launches = row.integer(column++);
    job.workerJson = row.text(column++);
    job.attempt = row.integer(column++);
    job.stage = row.text(column++);
    for (std::int64_t* number :
         {&job.done, &job.total, &job.stageAt, &job.stageFrom, &job.createdAt, &job.startedAt, &job.heartbeatAt,
          &job.endedAt, &job.activeMilliseconds, &job.processorPercent, &job.memoryBytes})
        *number = row.integer(column++);
    job.message = row.text(column++);
    job.resultJson = row.text(column++);
    job.usageJson = row.text(column++);
    return job;
}

/// A group's state is its jobs': running where one runs, else the worst of what is over, else queued.
void summarizeGroup(JobRecord& group, std::span<const JobRecord> all) {
    std::map<JobState, std::int64_t> count;
    group.total = group.done = 0;
    for (const JobRecord& job : all) {
        if (job.parent != group.id)
            continue;
        ++count[job.state];
        ++group.total;
        group.done += job.state == JobState::Finished;
        group.activeMilliseconds += static_cast<std::int64_t>(job.activeSeconds(millisecondsNow()) * 1000);
        if (job.startedAt > 0 && (group.startedAt == 0 || job.startedAt < group.startedAt))
            group.startedAt = job.startedAt;
        group.endedAt = std::max(group.endedAt, job.endedAt);
    }
    group.state = JobState::Finished;
    for (const JobState state :
         {JobState::Running, JobState::Failed, JobState::Queued, JobState::Paused, JobState::Cancelled})
        if (count[state] > 0) {
            group.state = state;
            break;
        }
    if (group.total == 0)
        group.state = JobState::Cancelled;
    if (group.state == JobState::Running || group.state == JobState::Queued)
        group.endedAt = 0;
}

/// A transaction with `work` in it.
template<class Work>
auto transact(Project& project, Work work) -> decltype(work()) {
    if (project.readOnly())
        return fail(ErrorKind::Io,
                    project.path().string() + ": is opened read-only: the file or its folder cannot be written");
    auto transaction = Transaction::begin(project.database());
    if (!transaction)
        return tl::unexpected(transaction.error());
    auto outcome = work();
    if (!outcome)
        return outcome;
    if (auto committed = transaction->commit(); !committed)
        return tl::unexpected(committed.error());
    return outcome;
}

void bindAll(Statement&, int) {}
template<class First, class... Rest>
void bindAll(Statement& statement, int parameter, const First& first, const Rest&... rest) {
    if constexpr (std::is_convertible_v<First, std::string_view>)
        statement.bind(parameter, std::string_view(first));
    else
        statement.bind(parameter, first);
    bindAll(statement, parameter + 1, rest...);
}

/// Runs a statement and says how many rows it has changed.
template<class... Values>
Result<std::int64_t> change(Project& project, std::string_view sql, const Values&... values) {
    auto statement = project.database().prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    bindAll(*statement, 0, values...);
    return statement->run().map([&] { return project.database().changes(); });
}

template<class Row, class... Values>
auto select(Project& project, Row row, std::string_view sql, const Values&... values)
    -> Result<std::vector<decltype(row(std::declval<const Statement&>()))>> {
    auto statement = project.database().prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    bindAll(*statement, 0, values...);
    std::vector<decltype(row(std::declval<const Statement&>()))> rows;
    for (;;) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return tl::unexpected(hasRow.error());
        if (!*hasRow)
            return rows;
        rows.push_back(row(*statement));
    }
}

std::string jobText(const Project& project, RecordId id) {
    return project.path().string() + ": job " + std::to_string(id);
}

Result<std::vector<JobRecord>> readJobs(Project& project) {
    auto jobs = select(project, recordOf, std::string("SELECT ") + kColumns + " FROM jobs ORDER BY id");
    if (!jobs)
        return jobs;
    using Need = std::pair<RecordId, RecordId>;
    const auto needs = select(
        project, [](const Statement& row) { return Need(row.integer(0), row.integer(1)); },
        "SELECT job, needs FROM job_needs ORDER BY job, needs");
    if (!needs)
        return tl::unexpected(needs.error());
    for (const auto& [job, needed] : *needs) {
        const auto found = std::ranges::lower_bound(*jobs, job, {}, &JobRecord::id);
        if (found != jobs->end() && found->id == job)
            found->needs.push_back(needed);
    }
    for (JobRecord& job : *jobs)
        if (job.isGroup())
            summarizeGroup(job, *jobs);
    return jobs;
}

/// The job itself, or the jobs of a group. NotFound where there is none.
Result<std::vector<JobRecord>> membersOf(Project& project, RecordId id) {
    auto jobs = readJobs(project);
    if (!jobs)
        return jobs;
    std::vector<JobRecord> members;
    bool isThere = false;
    for (JobRecord& job : *jobs) {
        isThere = isThere || job.id == id;
        if ((job.id == id && !job.isGroup()) || job.parent == id)
            members.push_back(std::move(job));
    }
    if (!isThere)
        return fail(ErrorKind::NotFound, jobText(project, id) + " is not in the project");
    return members;
}

Error refusal(const Project& project, const JobRecord& job, const char* verb) {
    return {ErrorKind::BadInput,
            jobText(project, job.id) + " is " + std::string(nameOf(job.state)) + " and cannot be " + verb};
}

/// The newest for whoever looks now, and a line for the curve.
Result<void> insertUsage(Project& project, RecordId id, const JobReport& report) {
    if (!report.usageJson.empty())
        if (auto set = change(project, "UPDATE jobs SET usage = ? WHERE id = ?", report.usageJson, id); !set)
            return tl::unexpected(set.error());
    for (const JobUsage& usage : report.usage)
        if (auto added = change(project, "INSERT INTO job_usage(job, time, data) VALUES(?, ?, ?)", id, usage.time,
                                usage.dataJson);
            !added)
            return tl::unexpected(added.error());
    return {};
}

Result<void> insertLog(Project& project, RecordId job, std::span<const JobLogLine> lines) {
    if (lines.empty())
        return {};
    auto insert = project.database().prepare("INSERT INTO job_log(job, time, level, text) VALUES(?, ?, ?, ?)");
    if (!insert)
        return tl::unexpected(insert.error());
    for (const JobLogLine& line : lines) {
        bindAll(*insert, 0, job, line.time, std::int64_t{line.level}, line.text);
        if (auto run = insert->run(); !run)
            return run;
        insert->reset();
    }
    return {};
}

constexpr const char* kEnd =
    "UPDATE jobs SET state = ?, message = ?, result = ?, ended_at = ?, active_ms = active_ms + max(0, ? - started_at), "
    "request = '', requested_at = 0, worker = '', launch = '' WHERE id = ? AND state = 'running' AND worker = ?";

}  // namespace

std::int64_t JobLimits::of(const std::string& slot) const {
    if (const auto found = bySlot.find(slot); found != bySlot.end())
        return found->second;
    return slot == "cpu" || slot.starts_with("cuda") ? 1 : 1000;
}

Result<std::vector<RecordId>> JobStore::add(std::span<const NewJob> jobs, const Place& place) {
    return transact(project_, [&]() -> Result<std::vector<RecordId>> {
        auto last = project_.database().integer("SELECT ifnull(max(id), 0) FROM jobs");
        if (!last)
            return tl::unexpected(last.error());
        // Numbers of removed jobs are not given again: their folders may still be there.
        auto used = project_.setting("jobs/last");
        if (used && *used)
            *last = std::max<std::int64_t>(*last, std::strtoll((*used)->c_str(), nullptr, 10));
        std::vector<RecordId> ids;
        for (std::size_t index = 0; index < jobs.size(); ++index)
            ids.push_back(*last + 1 + static_cast<RecordId>(index));
        for (std::size_t index = 0; index < jobs.size(); ++index) {
            const NewJob& job = jobs[index];
            const std::string parameters = place ? place(job, ids) : job.parametersJson;
            std::optional<std::int64_t> parent;
            if (job.group)
                parent = ids.at(*job.group);
            auto inserted = change(project_,
                                   "INSERT INTO jobs(id, parent, name, kind, specification, state, priority, device, "
                                   "launcher, created_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                   ids[index], parent, job.name, job.kind, parameters, job.held ? "paused" : "queued",
                                   job.priority, job.device, job.launcher, millisecondsNow());
            if (!inserted)
                return tl::unexpected(inserted.error());
        }
        for (std::size_t index = 0; index < jobs.size(); ++index) {
            std::vector<RecordId> needs = jobs[index].needs;
            for (const std::size_t other : jobs[index].after)
                needs.push_back(ids.at(other));
            for (const RecordId need : needs)
                if (auto inserted =
                        change(project_, "INSERT OR IGNORE INTO job_needs(job, needs) VALUES(?, ?)", ids[index], need);
                    !inserted)
                    return fail(ErrorKind::NotFound, jobText(project_, need) + " is not in the project");
        }
        auto noted = change(project_,
                            "INSERT INTO settings(name, value) VALUES('jobs/last', ?) "
                            "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                            std::to_string(ids.empty() ? *last : ids.back()));
        if (!noted)
            return tl::unexpected(noted.error());
        return ids;
    });
}

Result<std::vector<JobRecord>> JobStore::jobs() const {
    return readJobs(project_);
}

Result<JobRecord> JobStore::job(RecordId id) const {
    auto all = readJobs(project_);
    if (!all)
        return tl::unexpected(all.error());
    for (JobRecord& job : *all)
        if (job.id == id)
            return std::move(job);
    return fail(ErrorKind::NotFound, jobText(project_, id) + " is not in the project");
}

Result<std::vector<JobMetrics>> JobStore::metrics(RecordId job, RecordId after) const {
    return select(
        project_,
        [](const Statement& row) {
            return JobMetrics{row.integer(0), row.integer(1), row.text(2)};
        },
        "SELECT id, step, data FROM job_metrics WHERE job = ? AND id > ? ORDER BY id", job, after);
}

Result<std::vector<JobLogLine>> JobStore::log(RecordId job, RecordId after) const {
    return select(
        project_,
        [](const Statement& row) {
            return JobLogLine{row.integer(0), row.integer(1), static_cast<int>(row.integer(2)), row.text(3)};
        },
        "SELECT id, time, level, text FROM job_log WHERE job = ? AND id > ? ORDER BY id", job, after);
}

Result<std::vector<JobUsage>> JobStore::usage(RecordId job, RecordId after) const {
    return select(
        project_,
        [](const Statement& row) {
            return JobUsage{row.integer(0), row.integer(1), row.text(2)};
        },
        "SELECT id, time, data FROM job_usage WHERE job = ? AND id > ? ORDER BY id", job, after);
}

Result<void> JobStore::cancel(RecordId id) {
    return transact(project_, [&]() -> Result<void> {
        auto members = membersOf(project_, id);
        if (!members)
            return tl::unexpected(members.error());
        for (const JobRecord& job : *members) {
            Result<std::int64_t> changed = 0;
            if (job.state == JobState::Running)
                changed = change(project_, "UPDATE jobs SET request = 'cancel', requested_at = ? WHERE id = ?",
                                 millisecondsNow(), job.id);
            else if (job.state == JobState::Queued || job.state == JobState::Paused)
                changed = change(project_,
                                 "UPDATE jobs SET state = 'cancelled', message = '', ended_at = ?, lease_until = 0 "
                                 "WHERE id = ?",
                                 millisecondsNow(), job.id);
            else if (job.id == id)
                return tl::unexpected(refusal(project_, job, "cancelled"));
            if (!changed)
                return tl::unexpected(changed.error());
        }
        return {};
    });
}

Result<void> JobStore::pause(RecordId id) {
    return transact(project_, [&]() -> Result<void> {
        auto members = membersOf(project_, id);
        if (!members)
            return tl::unexpected(members.error());
        for (const JobRecord& job : *members) {
            Result<std::int64_t> changed = 0;
            if (job.state == JobState::Running)  // a cancel stays one
                changed = change(project_,
                                 "UPDATE jobs SET request = 'pause', requested_at = ? WHERE id = ? AND request != "
                                 "'cancel'",
                                 millisecondsNow(), job.id);
            else if (job.state == JobState::Queued)
                changed = change(project_, "UPDATE jobs SET state = 'paused', lease_until = 0 WHERE id = ?", job.id);
            else if (job.id == id)
                return tl::unexpected(refusal(project_, job, "paused"));
            if (!changed)
                return tl::unexpected(changed.error());
        }
        return {};
    });
}

Result<void> JobStore::resume(RecordId id) {
    return transact(project_, [&]() -> Result<void> {
        auto members = membersOf(project_, id);
        if (!members)
            return tl::unexpected(members.error());
        for (const JobRecord& job : *members) {
            Result<std::int64_t> changed = 0;
            if (job.state == JobState::Paused || job.state == JobState::Failed || job.state == JobState::Cancelled)
                changed = change(project_,
                                 "UPDATE jobs SET state = 'queued', message = '', request = '', lease_until = 0, "
                                 "launches = 0, launch = '', ended_at = 0 WHERE id = ?",
                                 job.id);
            else if (job.id == id)
                return tl::unexpected(refusal(project_, job, "resumed"));
            if (!changed)
                return tl::unexpected(changed.error());
        }
        return {};
    });
}

Result<void> JobStore::remove(RecordId id) {
    return transact(project_, [&]() -> Result<void> {
        auto members = membersOf(project_, id);
        if (!members)
            return tl::unexpected(members.error());
        auto all = readJobs(project_);
        if (!all)
            return tl::unexpected(all.error());
        const auto goes = [&](RecordId other) {
            return std::ranges::any_of(*members, [&](const JobRecord& job) { return job.id == other; });
        };
        for (const JobRecord& job : *members)
            if (job.state == JobState::Running)
                return fail(ErrorKind::BadInput, jobText(project_, job.id) + " is running; cancel it first");
        for (const JobRecord& job : *all)
            for (const RecordId need : job.needs)
                if (goes(need) && !goes(job.id) && !isOver(job.state))
                    return fail(ErrorKind::BadInput, jobText(project_, job.id) + " waits for job " +
                                                         std::to_string(need) + "; remove or cancel it first");
        return change(project_, "DELETE FROM jobs WHERE id = ?", id).map([](std::int64_t) {});
    });
}

Result<void> JobStore::setPriority(RecordId id, std::int64_t priority) {
    return transact(project_, [&]() -> Result<void> {
        auto changed = change(project_, "UPDATE jobs SET priority = ? WHERE id = ? OR parent = ?", priority, id, id);
        if (changed && *changed == 0)
            return fail(ErrorKind::NotFound, jobText(project_, id) + " is not in the project");
        return changed.map([](std::int64_t) {});
    });
}

Result<std::vector<JobRecord>> JobStore::lease(const JobLimits& limits, std::int64_t now,
                                               std::int64_t leaseMilliseconds) {
    return transact(project_, [&]() -> Result<std::vector<JobRecord>> {
        auto jobs = readJobs(project_);
        if (!jobs)
            return jobs;
        std::map<std::string, std::int64_t> busy;
        std::map<RecordId, JobState> states;
        for (const JobRecord& job : *jobs) {
            states[job.id] = job.state;
            if (!job.isGroup() &&
                (job.state == JobState::Running || (job.state == JobState::Queued && job.leaseUntil > now)))
                ++busy[job.slot()];
        }
        std::vector<JobRecord> taken;
        std::ranges::stable_sort(*jobs, std::ranges::greater{}, &JobRecord::priority);
        for (JobRecord& job : *jobs) {
            const bool isFree = !job.isGroup() && job.state == JobState::Queued && job.leaseUntil <= now;
            const bool isReady =
                std::ranges::all_of(job.needs, [&](RecordId need) { return states[need] == JobState::Finished; });
            if (!isFree || !isReady || busy[job.slot()] >= limits.of(job.slot()))
                continue;
            auto changed = change(project_, "UPDATE jobs SET lease_until = ?, launches = launches + 1 WHERE id = ?",
                                  now + leaseMilliseconds, job.id);
            if (!changed)
                return tl::unexpected(changed.error());
            ++busy[job.slot()];
            ++job.launches;
            taken.push_back(std::move(job));
        }
        return taken;
    });
}

Result<void> JobStore::setLaunch(RecordId id, const std::string& launch, std::int64_t leaseUntil) {
    return transact(project_, [&] {
        return change(project_, "UPDATE jobs SET launch = ?, lease_until = ? WHERE id = ?", launch, leaseUntil, id)
            .map([](std::int64_t) {});
    });
}

Result<void> JobStore::failQueued(RecordId id, const std::string& message) {
    return transact(project_, [&] {
        return change(project_,
                      "UPDATE jobs SET state = 'failed', message = ?, ended_at = ?, lease_until = 0 WHERE id = ? AND "
                      "state = 'queued'",
                      message, millisecondsNow(), id)
            .map([](std::int64_t) {});
    });
}

Result<bool> JobStore::endDead(RecordId id, const std::string& workerJson, JobState state, const std::string& message) {
    return end(id, workerJson, state, message, {}, {});
}

Result<bool> JobStore::claim(RecordId id, const std::string& workerJson) {
    return transact(project_, [&]() -> Result<bool> {
        const std::int64_t now = millisecondsNow();
        return change(
                   project_,
                   "UPDATE jobs SET state = 'running', worker = ?, attempt = attempt + 1, request = '', "
                   "requested_at = 0, started_at = ?, heartbeat_at = ?, ended_at = 0, lease_until = 0, message = '', "
                   "stage = '', done = 0, total = 0, stage_at = ?, stage_from = 0, result = '' "
                   "WHERE id = ? AND state = 'queued'",
                   workerJson, now, now, now, id)
            .map([](std::int64_t changed) { return changed == 1; });
    });
}

Result<JobOrders> JobStore::report(RecordId id, const std::string& workerJson, const JobReport& report) {
    return transact(project_, [&]() -> Result<JobOrders> {
        const std::int64_t now = millisecondsNow();
        auto changed = change(project_,
                              "UPDATE jobs SET heartbeat_at = ?, processor = ?, memory = ?, "
                              "stage_at = CASE WHEN stage = ? THEN stage_at ELSE ? END, "
                              "stage_from = CASE WHEN stage = ? THEN stage_from ELSE ? END, "
                              "stage = ?, done = ?, total = ? WHERE id = ? AND state = 'running' AND worker = ?",
                              now, report.processorPercent, report.memoryBytes, report.stage, now, report.stage,
                              report.done, report.stage, report.done, report.total, id, workerJson);
        if (!changed)
            return tl::unexpected(changed.error());
        if (*changed == 0)
            return JobOrders{.isLost = true};
        auto insert = project_.database().prepare("INSERT INTO job_metrics(job, step, data) VALUES(?, ?, ?)");
        if (!insert)
            return tl::unexpected(insert.error());
        for (const JobMetrics& metrics : report.metrics) {
            bindAll(*insert, 0, id, metrics.step, metrics.dataJson);
            if (auto run = insert->run(); !run)
                return tl::unexpected(run.error());
            insert->reset();
        }
        if (auto logged = insertLog(project_, id, report.log); !logged)
            return tl::unexpected(logged.error());
        if (auto used = insertUsage(project_, id, report); !used)
            return tl::unexpected(used.error());
        auto orders = select(
            project_,
            [](const Statement& row) {
                return JobOrders{requestNamed(row.text(0)), row.integer(1), false};
            },
            "SELECT request, requested_at FROM jobs WHERE id = ?", id);
        if (!orders)
            return tl::unexpected(orders.error());
        return orders->empty() ? JobOrders{.isLost = true} : orders->front();
    });
}

Result<void> JobStore::dropMetricsAfter(RecordId id, std::int64_t step) {
    return transact(project_, [&] {
        return change(project_, "DELETE FROM job_metrics WHERE job = ? AND step > ?", id, step).map([](std::int64_t) {
        });
    });
}

Result<bool> JobStore::end(RecordId id, const std::string& workerJson, JobState state, const std::string& message,
                           const std::string& resultJson, std::span<const JobLogLine> log) {
    return transact(project_, [&]() -> Result<bool> {
        const std::int64_t now = millisecondsNow();
        auto changed = change(project_, kEnd, nameOf(state), message, resultJson, now, now, id, workerJson);
        if (!changed)
            return tl::unexpected(changed.error());
        if (*changed == 0)
            return false;
        return insertLog(project_, id, log).map([] { return true; });
    });
}

Result<JobLimits> JobStore::limits() const {
    JobLimits limits;
    for (const char* slot : kSlots) {
        auto stored = project_.setting(std::string(kLimitSetting) + slot);
        if (!stored)
            return tl::unexpected(stored.error());
        if (*stored)
            limits.bySlot[slot] = std::clamp<std::int64_t>(std::strtoll((*stored)->c_str(), nullptr, 10), 0, 1000);
    }
    return limits;
}

Result<void> JobStore::setLimit(const std::string& slot, std::int64_t most) {
    if (std::ranges::find(kSlots, slot) == kSlots.end() || most < 0 || most > 1000)
        return fail(ErrorKind::BadInput,
                    "limit of " + slot + ": expected cpu or cuda:0 to cuda:3, and a number from 0 to 1000");
    return project_.putSetting(std::string(kLimitSetting) + slot, std::to_string(most));
}

}  // namespace sqil
