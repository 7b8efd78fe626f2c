#include "core/jobs/Worker.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <thread>

#include "core/bench/GpuMonitor.h"
#include "core/jobs/JobChannel.h"
#include "core/jobs/JobSpec.h"
#include "core/jobs/Scheduler.h"
#include "core/jobs/WorkerIdentity.h"
#include "core/policy/DeviceCheck.h"

namespace sqil {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kLookEvery = 200ms;
constexpr int kEndTries = 120;  // half a second apart

volatile std::sig_atomic_t signalled = 0;

void noteSignals() {
    struct sigaction action {};
    action.sa_handler = [](int number) { signalled = number; };
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaction(number, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

struct Outcome {
    JobState state = JobState::Failed;
    std::string message, resultJson;
};

/// What an error means for the job.
Outcome outcomeOf(const Error& error, JobRequest request) {
    if (error.kind != ErrorKind::Cancelled)
        return {JobState::Failed, error.message, {}};
    const std::string where = error.message.substr(0, error.message.find(';'));  // the rest is for a command line
    return {request == JobRequest::Pause ? JobState::Paused : JobState::Cancelled,
            signalled != 0 ? std::string("ended by ") + ::strsignal(signalled) + ": " + where : where,
            {}};
}

/// Gives this process, and the simulators that it starts, the job's GPU alone: it is "cuda:0" from then on. On a
/// cluster that has given it one, it keeps that. Before anything asks for CUDA.
Result<std::string> takeDevice(const JobRecord& job) {
    if (job.device == "cpu")
        return job.device;
    const char* given = std::getenv("CUDA_VISIBLE_DEVICES");
    if (std::getenv("SLURM_JOB_ID") && given)
        return std::string("cuda:0");
    const auto visible = visibleDevice(job.device, given ? std::optional<std::string>(given) : std::nullopt);
    if (!visible)
        return tl::unexpected(visible.error());
    ::setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
    ::setenv("CUDA_VISIBLE_DEVICES", visible->c_str(), 1);
    return std::string("cuda:0");
}

Outcome runJob(const JobRecord& job, Project& project, const JobContext& context, const JobChannel& channel,
               const Result<std::string>& device) {
    try {
        const JobKind* kind = findJobKind(job.kind);
        const auto usable = device ? checkDevice(*device) : Result<void>(tl::unexpected(device.error()));
        if (!usable)
            return {JobState::Failed, "this job asks for " + job.device + ": " + usable.error().message, {}};
        if (*device != "cpu" && kind && !kind->usesGpu)
            context.log(LogLevel::Warning, kind->title + " has no form for GPUs: it computes on the processor");
        auto parameters = resolvedParameters(project, job);
        if (!parameters)
            return {JobState::Failed, parameters.error().message, {}};
        auto result = kind->run(*parameters, context);
        if (!result)
            return outcomeOf(result.error(), channel.request());
        return {JobState::Finished, {}, result->dump()};
    } catch (const std::bad_alloc&) {
        return {JobState::Failed, "there was not enough memory", {}};
    } catch (const std::exception& problem) {
        return {JobState::Failed, std::string("internal error: ") + problem.what(), {}};
    }
}

/// The end is recorded however long the project cannot be written: a finished result must not be lost.
bool record(const std::filesystem::path& path, const JobRecord& job, const std::string& identity,
            const Outcome& outcome, const JobReport& rest) {
    for (int attempt = 0; attempt < kEndTries; ++attempt) {
        if (attempt > 0)
            std::this_thread::sleep_for(500ms);
        auto project = Project::open(path);
        const auto ended = project ? JobStore(**project).end(job.id, identity, outcome.state, outcome.message,
                                                             outcome.resultJson, rest.log)
                                   : Result<bool>(tl::unexpected(project.error()));
        if (ended)
            return true;
        if (attempt % 20 == 0)
            std::fprintf(stderr, "sqil: %s\n", ended.error().message.c_str());
    }
    return false;
}

/// The process that does the work.
int work(const std::filesystem::path& path, RecordId id) {
    noteSignals();
    const std::string identity = workerIdentity(::getpid(), ::getppid());
    auto project = Project::open(path);
    if (!project) {
        std::fprintf(stderr, "sqil: %s\n", project.error().message.c_str());
        return 1;
    }
    const auto claimed = JobStore(**project).claim(id, identity);
    if (!claimed) {
        std::fprintf(stderr, "sqil: %s\n", claimed.error().message.c_str());
        return 1;
    }
    if (!*claimed)
        return 0;  // it is another worker's, or not queued any more
    const auto job = JobStore(**project).job(id);
    if (!job) {
        std::fprintf(stderr, "sqil: %s\n", job.error().message.c_str());
        return 1;
    }
    const auto folder = folderOf((*project)->path(), id);
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto device = takeDevice(*job);
    JobChannel channel(path, id, identity, job->attempt > 1, device.value_or(job->device));
    channel.log(LogLevel::Information, job->attempt > 1 ? "attempt " + std::to_string(job->attempt) : "started");
    JobContext context = channel.context(folder);
    context.resume = job->attempt > 1;
    context.progress = [inner = context.progress, &channel](std::string_view stage, long long done, long long total) {
        if (signalled != 0)
            channel.stop();
        return inner(stage, done, total);
    };
    const Outcome outcome = runJob(*job, **project, context, channel, device);
    if (!outcome.message.empty()) {
        channel.log(outcome.state == JobState::Failed ? LogLevel::Error : LogLevel::Information, outcome.message);
        std::fprintf(stderr, "sqil: %s\n", outcome.message.c_str());
    }
    project->reset();
    const JobReport rest = channel.close();
    if (channel.isLost())
        return 0;
    return record(path, *job, identity, outcome, rest) ? 0 : 1;
}

std::string deathText(int status, bool wasHard) {
    if (wasHard)
        return "stopped hard: it had not answered for " + std::to_string(hardStopMilliseconds() / 1000) + " s";
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        std::string text =
            std::string("the worker was ended by signal ") + std::to_string(number) + " (" + ::strsignal(number) + ")";
        if (number == SIGKILL)
            text += ", perhaps because the machine ran out of memory";
        return text;
    }
    return "the worker ended with status " + std::to_string(WEXITSTATUS(status)) + " and recorded no result";
}

/// Watches the process that does the work, to its end.
class Watch {
public:
    /// `attempt`: how often the job had been claimed before.
    Watch(std::filesystem::path path, RecordId job, int process, std::int64_t attempt)
        : path_(std::move(path)),
          job_(job),
          process_(process),
          attempt_(attempt),
          identity_(workerIdentity(process, ::getpid())) {}

    int run() {
        noteSignals();
        int status = 0, forwarded = 0;
        for (int look = 0; ::waitpid(process_, &status, WNOHANG) == 0; ++look) {
            if (signalled != 0 && forwarded != signalled)
                ::kill(process_, forwarded = signalled);
            if (look % 5 == 4 && !wasHard_)
                stopIfLate();
            std::this_thread::sleep_for(kLookEvery);
        }
        const bool isClean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!isClean)
            tellDeath(status);
        // On a cluster's node this would start others' jobs outside of its queue.
        const bool isOnCluster = std::getenv("SLURM_JOB_ID") != nullptr;
        if (auto project = Project::open(path_); project && !isOnCluster)
            static_cast<void>(schedule(**project));
        return isClean ? 0 : 1;
    }

private:
    void stopIfLate() {
        auto project = Project::open(path_);
        if (!project)
            return;
        const auto job = JobStore(**project).job(job_);
        if (!job || job->workerJson != identity_ || job->request == JobRequest::None)
            return;
        request_ = job->request;
        if (millisecondsNow() - job->requestedAt < hardStopMilliseconds())
            return;
        wasHard_ = true;
        ::kill(-process_, SIGKILL);  // with the simulators it has started
    }

    void tellDeath(int status) {
        ::kill(-process_, SIGKILL);
        std::string message = deathText(status, wasHard_);
        if (const std::string words = lastWords(path_, job_); !words.empty())
            message += ". Its last words: " + words;
        for (int attempt = 0; attempt < kEndTries; ++attempt) {
            if (auto project = Project::open(path_)) {
                const JobState state = !wasHard_                       ? JobState::Failed
                                       : request_ == JobRequest::Pause ? JobState::Paused
                                                                       : JobState::Cancelled;
                JobStore store(**project);
                const auto ended = store.endDead(job_, identity_, state, message);
                const auto job = store.job(job_);
                if (ended && !*ended && job && job->attempt == attempt_)  // it died before it could claim the job
                    static_cast<void>(store.failQueued(job_, message));
                if (ended)
                    return;
            }
            std::this_thread::sleep_for(500ms);
        }
    }

    const std::filesystem::path path_;
    const RecordId job_;
    const int process_;
    const std::int64_t attempt_;
    const std::string identity_;
    JobRequest request_ = JobRequest::None;
    bool wasHard_ = false;
};

}  // namespace

int runWorker(const std::filesystem::path& project, RecordId job) {
    std::int64_t attempt = -1;
    if (auto opened = Project::open(project))  // closed again before fork(): SQLite must not be carried over it
        if (const auto record = JobStore(**opened).job(job))
            attempt = record->attempt;
    const int process = ::fork();
    if (process < 0) {
        std::fprintf(stderr, "sqil: cannot start a process: %s\n", std::strerror(errno));
        return 1;
    }
    if (process == 0) {
        ::setpgid(0, 0);
        const int status = work(project, job);
        std::fflush(nullptr);
        ::_exit(status);
    }
    ::setpgid(process, process);
    return Watch(project, job, process, attempt).run();
}

std::int64_t hardStopMilliseconds() {
    if (const char* seconds = std::getenv("SQIL_HARD_STOP_SECONDS"))
        return static_cast<std::int64_t>(1000 * std::strtod(seconds, nullptr));
    return 30'000;
}

std::filesystem::path workerLog(const std::filesystem::path& project, RecordId job) {
    return folderOf(project, job) / "worker.log";
}

std::string lastWords(const std::filesystem::path& project, RecordId job) {
    constexpr std::streamoff most = 1500;
    std::ifstream stream(workerLog(project, job), std::ios::binary | std::ios::ate);
    if (!stream)
        return {};
    const std::streamoff size = stream.tellg();
    stream.seekg(std::max<std::streamoff>(0, size - most));
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

}  // namespace sqil
