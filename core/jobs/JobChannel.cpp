#include "core/jobs/JobChannel.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "core/bench/DeviceUsage.h"

namespace sqil {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kFlush = 250ms;
constexpr auto kHeartbeat = 1000ms;
constexpr std::size_t kMostPending = 20'000;  // of a project that cannot be written

std::int64_t residentBytes() {
    std::ifstream stream("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    stream >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

double processorSeconds() {
    rusage own{}, children{};
    ::getrusage(RUSAGE_SELF, &own);
    ::getrusage(RUSAGE_CHILDREN, &children);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(own.ru_utime) + seconds(own.ru_stime) + seconds(children.ru_utime) + seconds(children.ru_stime);
}

/// Metrics without the values that are not numbers.
std::string numbersOf(const nlohmann::json& metrics) {
    nlohmann::json kept = nlohmann::json::object();
    for (const auto& [name, value] : metrics.items())
        if (value.is_number() || value.is_boolean())
            kept[name] = value;
    return kept.dump();
}

}  // namespace

/// What the job takes, looked at once a second, for the first ten minutes; later every five: a night's curve stays
/// small.
struct JobChannel::Usage {
    static constexpr int kDense = 600;

    explicit Usage(const std::string& device) : device(device) {}

    DeviceUsage device;
    Clock::time_point at = Clock::now();
    double used = processorSeconds();  ///< with children that have ended
    std::int64_t percent = 0;
    int looks = 0;

    void look(JobReport& report) {
        report.memoryBytes = residentBytes();
        const double seconds = std::chrono::duration<double>(Clock::now() - at).count();
        if (seconds > (looks < kDense ? 0.9 : 4.9)) {
            percent = static_cast<std::int64_t>(100 * (processorSeconds() - used) / seconds);
            at = Clock::now();
            used = processorSeconds();
            ++looks;
            nlohmann::json use = device.read();
            report.usageJson = use.dump();
            use.erase("absent");
            use["processor"] = percent;
            use["memory"] = report.memoryBytes;
            report.usage.push_back({0, millisecondsNow(), use.dump()});
        }
        report.processorPercent = percent;
    }
};

JobChannel::JobChannel(std::filesystem::path project, RecordId job, std::string identityJson, bool isResumed,
                       std::string device)
    : project_(std::move(project)),
      job_(job),
      identity_(std::move(identityJson)),
      device_(std::move(device)),
      dropsOldMetrics_(isResumed) {
    thread_ = std::thread([this] { run(); });
}

JobChannel::~JobChannel() {
    if (thread_.joinable())
        close();
}

JobContext JobChannel::context(const std::filesystem::path& folder) {
    JobContext context;
    context.project = project_;
    context.folder = folder;
    context.device = device_;
    context.progress = [this](std::string_view stage, long long done, long long total) {
        const std::lock_guard lock(mutex_);
        if (pending_.stage != stage) {
            pending_.stage = stage;
            changed_ = true;
        }
        changed_ = changed_ || pending_.done != done;
        pending_.done = done;
        pending_.total = total;
        return !stopping_;
    };
    context.metrics = [this](const nlohmann::json& metrics) {
        const std::lock_guard lock(mutex_);
        if (pending_.metrics.size() >= kMostPending)
            pending_.metrics.erase(pending_.metrics.begin());
        pending_.metrics.push_back({0, metrics.value("step", std::int64_t{0}), numbersOf(metrics)});
        changed_ = true;
    };
    context.log = [this](LogLevel level, const std::string& text) { log(level, text); };
    return context;
}

void JobChannel::log(LogLevel level, const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (pending_.log.size() < kMostPending)
        pending_.log.push_back({0, millisecondsNow(), static_cast<int>(level), text});
    changed_ = true;
}

JobReport JobChannel::close() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_all();
    thread_.join();
    return std::move(pending_);
}

/// True: the project has what there was.
bool JobChannel::flush(Project& project, Usage& usage) {
    JobReport report;
    {
        const std::lock_guard lock(mutex_);
        report = pending_;
        pending_.metrics.clear();
        pending_.log.clear();
        changed_ = false;
    }
    JobStore store(project);
    usage.look(report);
    Result<void> dropped;
    if (dropsOldMetrics_ && !report.metrics.empty()) {
        dropped = store.dropMetricsAfter(job_, report.metrics.front().step - 1);
        dropsOldMetrics_ = !dropped;
    }
    const auto orders = dropped.and_then([&] { return store.report(job_, identity_, report); });
    if (!orders) {
        const std::lock_guard lock(mutex_);
        pending_.metrics.insert(pending_.metrics.begin(), report.metrics.begin(), report.metrics.end());
        pending_.log.insert(pending_.log.begin(), report.log.begin(), report.log.end());
        std::fprintf(stderr, "sqil: %s\n", orders.error().message.c_str());
        return false;
    }
    if (orders->isLost) {
        lost_ = true;
        stopping_ = true;
    }
    if (orders->request != JobRequest::None) {
        request_ = orders->request;
        stopping_ = true;
    }
    return true;
}

void JobChannel::run() {
    std::unique_ptr<Project> project;
    Usage usage(device_);
    auto beat = Clock::now();
    auto pause = kFlush;
    std::unique_lock lock(mutex_);
    while (!closing_) {
        wake_.wait_for(lock, pause, [this] { return closing_; });
        const bool due = changed_ || closing_ || Clock::now() - beat >= kHeartbeat;
        if (!due)
            continue;
        lock.unlock();
        if (!project)
            if (auto opened = Project::open(project_))
                project = std::move(*opened);
        const bool written = project && flush(*project, usage);
        beat = Clock::now();
        pause = written ? kFlush : std::min(pause * 2, 5000ms);
        lock.lock();
    }
}

}  // namespace sqil
