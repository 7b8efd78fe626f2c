#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/JobText.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/jobs/Estimate.h"
#include "core/jobs/JobPresets.h"
#include "core/jobs/JobSpec.h"
#include "core/jobs/Scheduler.h"

namespace sqil::cli {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kLookEvery = 300ms;

struct Options {
    std::filesystem::path project;
    RecordId job = 0;
    bool json = false;
};

std::unique_ptr<Project> openProject(const Options& options) {
    return valueOrThrow(Project::open(options.project));
}

/// A subcommand with --project; with the number of a job where it is about one.
CLI::App* add(CLI::App& jobs, const std::shared_ptr<Options>& options, const char* name, const char* purpose,
              bool isAboutOne) {
    auto* command = jobs.add_subcommand(name, purpose);
    command->add_option("--project", options->project, "Project (.sqil)")->required();
    if (isAboutOne)
        command->add_option("job", options->job, "Number of the job, or of a group")->required();
    return command;
}

void list(const Options& options) {
    const auto project = openProject(options);
    const auto jobs = valueOrThrow(JobStore(*project).jobs());
    if (!options.json) {
        std::cout << tableOf(jobs);
        return;
    }
    json all = json::array();
    for (const JobRecord& job : jobs)
        all.push_back(jsonOf(job));
    std::cout << all.dump(1) << '\n';
}

void show(const Options& options) {
    const auto project = openProject(options);
    const JobStore store(*project);
    const JobRecord job = valueOrThrow(store.job(options.job));
    const auto log = valueOrThrow(store.log(options.job));
    const auto metrics = valueOrThrow(store.metrics(options.job));
    if (!options.json) {
        std::cout << textOf(job);
        if (!metrics.empty())
            std::cout << "last metrics: " << metrics.back().dataJson << '\n';
        for (const JobLogLine& line : log)
            std::cout << textOf(line) << '\n';
        return;
    }
    json result = jsonOf(job);
    result["folder"] = folderOf(project->path(), job.id).string();
    result["log"] = json::array();
    for (const JobLogLine& line : log)
        result["log"].push_back({{"time", line.time}, {"level", line.level}, {"text", line.text}});
    result["metrics"] = json::array();
    for (const JobMetrics& one : metrics)
        result["metrics"].push_back(json::parse(one.dataJson, nullptr, false));
    std::cout << result.dump(1) << '\n';
}

/// Shows a job's log and progress until it is over.
void follow(const Options& options) {
    const auto project = openProject(options);
    const JobStore store(*project);
    const Progress progress = terminalProgress();
    RecordId seen = 0;
    for (;;) {
        const JobRecord job = valueOrThrow(store.job(options.job));
        for (const JobLogLine& line : valueOrThrow(store.log(options.job, seen))) {
            finishProgress();
            std::cout << textOf(line) << std::endl;
            seen = line.id;
        }
        if (isOver(job.state) || job.state == JobState::Paused) {
            finishProgress();
            if (options.json)
                std::cout << jsonOf(job).dump(1) << '\n';
            else
                std::cout << textOf(job);
            if (job.state == JobState::Failed)
                throw CommandFailed{{ErrorKind::BadInput, "job " + std::to_string(job.id) + ": " + job.message}};
            return;
        }
        if (!report(progress, job.stage.empty() ? std::string(nameOf(job.state)) : job.stage, job.done, job.total))
            throw CommandFailed{{ErrorKind::Cancelled, "the job goes on; `sqil jobs cancel` stops it"}};
        static_cast<void>(schedule(*project));
        std::this_thread::sleep_for(kLookEvery);
    }
}

void change(const Options& options, Result<void> (JobStore::*what)(RecordId)) {
    const auto project = openProject(options);
    JobStore store(*project);
    valueOrThrow((store.*what)(options.job));
    static_cast<void>(schedule(*project));
    if (what == &JobStore::remove) {
        std::error_code ignored;
        std::filesystem::remove(folderOf(project->path(), options.job), ignored);  // where it is empty
        return;
    }
    const JobRecord job = valueOrThrow(store.job(options.job));
    std::cout << (options.json ? jsonOf(job).dump(1) : textOf(job)) << (options.json ? "\n" : "");
}

/// Works the queue off; ends when nothing runs and nothing can start any more.
void runQueue(const Options& options, const std::vector<std::string>& limits) {
    const auto project = openProject(options);
    JobStore store(*project);
    for (const std::string& limit : limits) {
        const auto equals = limit.find('=');
        const std::string most = equals == std::string::npos ? "" : limit.substr(equals + 1);
        if (most.empty() || !std::ranges::all_of(most, [](char c) { return c >= '0' && c <= '9'; }))
            throw CommandFailed{{ErrorKind::BadInput, "--limit " + limit + ": expected DEVICE=NUMBER, such as cpu=2"}};
        valueOrThrow(store.setLimit(limit.substr(0, equals), std::atoll(most.c_str())));
    }
    const Progress progress = terminalProgress();
    for (;;) {
        const ScheduleReport look = valueOrThrow(schedule(*project));
        const auto jobs = valueOrThrow(store.jobs());
        std::int64_t over = 0, all = 0, coming = 0;
        for (const JobRecord& job : jobs) {
            if (job.isGroup())
                continue;
            ++all;
            over += isOver(job.state);
            coming += job.state == JobState::Running || (job.state == JobState::Queued && job.leaseUntil > 0);
        }
        if (look.started == 0 && coming == 0)
            break;
        if (!report(progress, "Jobs", over, all))
            throw CommandFailed{{ErrorKind::Cancelled, "running jobs go on; nothing more is started from here"}};
        std::this_thread::sleep_for(kLookEvery);
    }
    finishProgress();
    list(options);
    for (const JobRecord& job : valueOrThrow(store.jobs()))
        if (!job.isGroup() && (job.state == JobState::Failed || job.state == JobState::Queued))
            throw CommandFailed{{ErrorKind::BadInput, "job " + std::to_string(job.id) + " is " +
                                                          std::string(nameOf(job.state)) +
                                                          (job.message.empty() ? "" : ": " + job.message)}};
}

/// What `submit` and `estimate` are told beside the parameters.
struct Submission {
    Options base;
    JobSpec spec;
    std::string preset;
    std::vector<std::string> grid;
    std::filesystem::path file;
    bool isHeld = false;
};

void submitBatch(const Submission& submission, const JobBatch& batch) {
    const auto project = openProject(submission.base);
    const auto ids = valueOrThrow(submit(*project, batch));
    if (!submission.isHeld)
        valueOrThrow(schedule(*project));
    if (submission.base.json) {
        std::cout << json{{"jobs", ids}}.dump() << '\n';
        return;
    }
    for (const RecordId id : ids)
        std::cout << textOf(valueOrThrow(JobStore(*project).job(id)));
}

/// A file with one job or several: of several, the first that can be measured.
void estimateBatch(const Submission& submission, const JobBatch& batch) {
    const auto measured = std::ranges::find_if(batch.jobs, [](const JobSpec& spec) {
        const JobKind* kind = findJobKind(spec.kind);
        return !kind || kind->measured;
    });
    const JobSpec& spec = measured == batch.jobs.end() ? batch.jobs.front() : *measured;
    const auto estimate = valueOrThrow(estimateJob(submission.base.project, spec, terminalProgress()));
    finishProgress();
    if (submission.base.json)
        std::cout << toJson(estimate).dump() << '\n';
    else
        std::cout << textOf(estimate);
}

void addGrid(const std::string& text, const JobKind& kind, JobBatch& batch) {
    const auto equals = text.find('=');
    const JobParameter* parameter = equals == std::string::npos ? nullptr : kind.find(text.substr(0, equals));
    if (!parameter)
        throw CommandFailed{{ErrorKind::BadInput, "--grid " + text + ": expected PARAMETER=VALUE,VALUE,…"}};
    JobParameter each = *parameter;
    each.isList = true;
    each.separated = true;
    for (const json& value : valueOrThrow(parseValue(each, text.substr(equals + 1))))
        batch.grid[parameter->name].push_back(parameter->isList ? json::array({value}) : value);
}

JobBatch batchOf(const Submission& submission, const JobOptions& job) {
    JobBatch batch;
    JobSpec spec = submission.spec;
    if (!submission.preset.empty())
        spec.parameters = valueOrThrow(findPreset(spec.kind, submission.preset)).parameters;
    spec.parameters.update(job.parameters);
    batch.jobs.push_back(std::move(spec));
    for (const std::string& text : submission.grid)
        addGrid(text, *job.kind, batch);
    return batch;
}

/// `submit KIND` and `estimate KIND`, with the options of `sqil KIND`.
std::pair<std::shared_ptr<Submission>, std::shared_ptr<JobOptions>> addKind(CLI::App* command, const JobKind& kind) {
    auto submission = std::make_shared<Submission>();
    submission->spec.kind = kind.name;
    command->add_option("--project", submission->base.project, "Project that keeps the job and its results")
        ->required();
    command->add_option("--preset", submission->preset, "A named beginning; other options override it");
    command->add_flag("--json", submission->base.json, "For machines");
    std::vector<std::string> without{"project"};
    if (kind.find("json"))
        without.emplace_back("json");
    return {submission, addJobOptions(*command, kind.name.c_str(), /*requireAll=*/false, without)};
}

void addSubmitKind(CLI::App& submit, const JobKind& kind) {
    auto* command = submit.add_subcommand(kind.name, kind.purpose);
    const auto added = addKind(command, kind);
    JobSpec& spec = added.first->spec;
    command->add_option("--name", spec.name, "What it is called; default: from its parameters");
    command->add_option("--after", spec.after, "Numbers of jobs that must be finished before")->delimiter(',');
    command->add_option("--priority", spec.priority, "Larger comes first")->capture_default_str();
    command->add_option("--device", spec.device, "cpu or cuda:0, cuda:1, …")->capture_default_str();
    command->add_option("--launcher", spec.launcher, "local or slurm")->capture_default_str();
    command->add_option("--grid", added.first->grid,
                        "One job for each value: PARAMETER=VALUE,VALUE,…; repeated: for each combination");
    command->add_flag("--hold", added.first->isHeld, "Only queue it");
    command->callback(
        [submission = added.first, job = added.second] { submitBatch(*submission, batchOf(*submission, *job)); });
}

void addEstimateKind(CLI::App& estimate, const JobKind& kind) {
    auto* command = estimate.add_subcommand(kind.name, kind.purpose);
    const auto added = addKind(command, kind);
    command->callback(
        [submission = added.first, job = added.second] { estimateBatch(*submission, batchOf(*submission, *job)); });
}

/// `submit file` and `estimate file`.
CLI::App* addFile(CLI::App& parent, const std::shared_ptr<Submission>& submission) {
    auto* file = parent.add_subcommand("file", "Jobs described in a file: chains and grids");
    file->add_option("--project", submission->base.project, "Project that keeps the jobs and their results")
        ->required();
    file->add_option("file", submission->file, "JSON: {\"jobs\": […], \"grid\": {…}}")->required();
    file->add_flag("--json", submission->base.json, "For machines");
    return file;
}

JobBatch batchIn(const std::filesystem::path& file) {
    return valueOrThrow(parseJobBatch(valueOrThrow(readTextFile(file, 16 << 20))));
}

void addSubmit(CLI::App& jobs) {
    auto* command = jobs.add_subcommand("submit", "Add jobs to the queue and start what can start");
    command->require_subcommand(1);
    auto submission = std::make_shared<Submission>();
    auto* file = addFile(*command, submission);
    file->add_flag("--hold", submission->isHeld, "Only queue them");
    file->footer(
        "A chain over three seeds; the evaluation waits for its training and takes its policy:\n"
        "  {\"name\": \"repair\", \"jobs\": [\n"
        "    {\"label\": \"repair\", \"kind\": \"train\", \"parameters\": {\"policy\": \"P.pt2\", \"rollouts\": "
        "\"R.hdf5\"}},\n"
        "    {\"kind\": \"evaluate\", \"parameters\": {\"policy\": \"@repair/policy\", \"env\": "
        "\"metaworld/pick-place-v3\"}}],\n"
        "   \"grid\": {\"repair.seed\": [1, 2, 3]}}");
    file->callback([submission] { submitBatch(*submission, batchIn(submission->file)); });
    for (const JobKind& kind : jobKinds())
        addSubmitKind(*command, kind);
    command->footer(
        "Example:\n"
        "  sqil jobs submit train --project study.sqil --policy P.pt2 --rollouts R.hdf5 --recipe sqil --weights 4 "
        "--activations 4 --grid seed=1,2,3");
}

void addEstimate(CLI::App& jobs) {
    auto* command = jobs.add_subcommand("estimate", "Time and memory that a job will take, from a few measured steps");
    command->require_subcommand(1);
    auto submission = std::make_shared<Submission>();
    addFile(*command, submission)->callback([submission] { estimateBatch(*submission, batchIn(submission->file)); });
    for (const JobKind& kind : jobKinds())
        if (kind.measured)
            addEstimateKind(*command, kind);
}

}  // namespace

void addJobsCommand(CLI::App& program) {
    auto* jobs = program.add_subcommand("jobs", "The queue of a project: training, evaluations, benchmarks");
    jobs->require_subcommand(1);
    auto options = std::make_shared<Options>();
    const auto addJson = [&](CLI::App* command) { command->add_flag("--json", options->json, "For machines"); };

    auto* listed = add(*jobs, options, "list", "All jobs", false);
    addJson(listed);
    listed->callback([options] { list(*options); });
    addSubmit(*jobs);
    addEstimate(*jobs);
    auto* shown = add(*jobs, options, "show", "One job: state, parameters, log, metrics, result", true);
    addJson(shown);
    shown->callback([options] { show(*options); });
    auto* followed = add(*jobs, options, "follow", "Watch a job until it is over", true);
    addJson(followed);
    followed->callback([options] { follow(*options); });

    const auto addChange = [&](const char* name, const char* purpose, Result<void> (JobStore::*what)(RecordId)) {
        auto* command = add(*jobs, options, name, purpose, true);
        addJson(command);
        command->callback([options, what] { change(*options, what); });
    };
    addChange("cancel", "Stop a job; training keeps a checkpoint and can be resumed", &JobStore::cancel);
    addChange("pause", "Stop a job for now, with a checkpoint", &JobStore::pause);
    addChange("resume", "Queue a paused, failed or cancelled job again; it goes on from its checkpoint",
              &JobStore::resume);
    addChange("remove", "Take a job out of the project; the files it has made stay", &JobStore::remove);

    auto* run = add(*jobs, options, "run", "Work the queue off, here and now", false);
    auto limits = std::make_shared<std::vector<std::string>>();
    run->add_option("--limit", *limits, "Jobs at once: DEVICE=NUMBER, such as cpu=2; kept in the project");
    addJson(run);
    run->callback([options, limits] { runQueue(*options, *limits); });
    jobs->footer(
        "Jobs run in processes of their own; they go on when whoever started them ends.\n"
        "Examples:\n"
        "  sqil jobs submit train --project study.sqil --policy P.pt2 --rollouts R.hdf5 --recipe sqil\n"
        "  sqil jobs list --project study.sqil\n"
        "  sqil jobs follow --project study.sqil 1");
}

}  // namespace sqil::cli
