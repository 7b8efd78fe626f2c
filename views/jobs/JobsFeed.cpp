#include "views/jobs/JobsFeed.h"

#include <algorithm>

#include "core/jobs/Scheduler.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr int kLookMilliseconds = 300;
constexpr int kScheduleEvery = 3;  // looks

}  // namespace

const JobRecord* JobsSnapshot::find(RecordId id) const {
    const auto found = std::ranges::find(jobs, id, &JobRecord::id);
    return found == jobs.end() ? nullptr : &*found;
}

/// The half on the feed's thread.
class JobsFeed::Looker : public QObject {
public:
    explicit Looker(JobsFeed& feed) : feed_(feed) {}

    void open(const std::filesystem::path& path) {
        if (!timer_) {
            timer_ = new QTimer(this);
            timer_->setInterval(kLookMilliseconds);
            connect(timer_, &QTimer::timeout, this, [this] { look(false); });
        }
        project_.reset();
        path_ = path;
        version_.reset();
        seen_.clear();
        lastError_.clear();
        if (path.empty()) {
            timer_->stop();
            return;
        }
        timer_->start();
        look(true);
    }

    void watch(const std::vector<RecordId>& jobs) {
        seen_.removeIf([&](const auto& entry) { return std::ranges::find(jobs, entry.key()) == jobs.end(); });
        for (const RecordId job : jobs)
            if (!seen_.contains(job))
                seen_.insert(job, {});
        look(true);
    }

    void change(const std::function<Result<void>(Project&)>& change,
                const std::function<void(const Result<void>&)>& done) {
        Result<void> outcome = prepared().and_then([&] { return change(*project_); });
        if (outcome)
            static_cast<void>(schedule(*project_));
        if (done)
            QMetaObject::invokeMethod(&feed_, [done, outcome] { done(outcome); });
        look(true);
    }

private:
    struct Seen {
        RecordId metrics = 0, log = 0, usage = 0;
        std::int64_t attempt = -1;
    };

    Result<void> prepared() {
        if (project_)
            return {};
        auto opened = Project::open(path_);
        if (!opened)
            return tl::unexpected(opened.error());
        project_ = std::move(*opened);
        return {};
    }

    void look(bool always) {
        if (path_.empty())
            return;
        auto looked = prepared().and_then([&] { return lookAt(always); });
        if (!looked && looked.error().message != lastError_)  // said once
            tell(looked.error().message);
        lastError_ = looked ? std::string() : looked.error().message;
    }

    Result<void> lookAt(bool always) {
        // A look writes nothing unless something has to change; our own changes do not change data_version.
        if (!project_->readOnly() && ++looks_ % kScheduleEvery == 0 && hasActive_) {
            auto scheduled = schedule(*project_);
            if (!scheduled)
                return tl::unexpected(scheduled.error());
            always = always || scheduled->started > 0 || scheduled->dead > 0;
        }
        const auto version = project_->dataVersion();
        if (!version)
            return tl::unexpected(version.error());
        if (!always && version_ == *version)
            return {};
        version_ = *version;
        const JobStore store(*project_);
        auto jobs = store.jobs();
        if (!jobs)
            return tl::unexpected(jobs.error());
        hasActive_ = std::ranges::any_of(*jobs, [](const JobRecord& job) { return !isOver(job.state); });
        for (auto entry = seen_.begin(); entry != seen_.end(); ++entry)
            if (const auto job = std::ranges::find(*jobs, entry.key(), &JobRecord::id); job != jobs->end())
                if (auto told = tellDetails(store, *job, entry.value()); !told)
                    return told;
        auto snapshot = std::make_shared<JobsSnapshot>();
        snapshot->project = path_;
        snapshot->jobs = std::move(*jobs);
        snapshot->readOnly = project_->readOnly();
        QMetaObject::invokeMethod(&feed_, [&feed = feed_, snapshot] { feed.take(snapshot); });
        return {};
    }

    Result<void> tellDetails(const JobStore& store, const JobRecord& job, Seen& seen) {
        JobDetails details;
        details.job = job.id;
        details.restarted = seen.attempt != job.attempt;  // metrics of a later attempt may replace earlier ones
        if (details.restarted)
            seen = {0, 0, 0, job.attempt};
        auto metrics = store.metrics(job.id, seen.metrics);
        if (!metrics)
            return tl::unexpected(metrics.error());
        auto log = store.log(job.id, seen.log);
        if (!log)
            return tl::unexpected(log.error());
        auto usage = store.usage(job.id, seen.usage);
        if (!usage)
            return tl::unexpected(usage.error());
        details.usage = std::move(*usage);
        details.metrics = std::move(*metrics);
        details.log = std::move(*log);
        if (!details.metrics.empty())
            seen.metrics = details.metrics.back().id;
        if (!details.log.empty())
            seen.log = details.log.back().id;
        if (!details.usage.empty())
            seen.usage = details.usage.back().id;
        if (details.restarted || !details.usage.empty() || !details.metrics.empty() || !details.log.empty())
            QMetaObject::invokeMethod(&feed_, [&feed = feed_, details] { emit feed.detailsArrived(details); });
        return {};
    }

    void tell(const std::string& message) {
        QMetaObject::invokeMethod(&feed_,
                                  [&feed = feed_, text = toQString(message)] { emit feed.errorOccurred(text); });
    }

    JobsFeed& feed_;
    std::filesystem::path path_;
    std::unique_ptr<Project> project_;
    std::optional<std::int64_t> version_;
    QHash<RecordId, Seen> seen_;
    QTimer* timer_ = nullptr;
    std::string lastError_;
    int looks_ = 0;
    bool hasActive_ = true;
};

JobsFeed::JobsFeed(QObject* parent)
    : QObject(parent), looker_(new Looker(*this)), snapshot_(std::make_shared<JobsSnapshot>()) {
    qRegisterMetaType<JobDetails>();
    looker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, looker_, &QObject::deleteLater);
    thread_.setObjectName(QStringLiteral("jobs"));
    thread_.start();
}

JobsFeed::~JobsFeed() {
    thread_.quit();
    thread_.wait();
}

void JobsFeed::open(const std::filesystem::path& project) {
    if (snapshot_->project == project && !project.empty())
        return;
    auto empty = std::make_shared<JobsSnapshot>();
    empty->project = project;
    snapshot_ = empty;
    watched_.clear();
    emit changed();
    QMetaObject::invokeMethod(looker_, [looker = looker_, project] { looker->open(project); });
}

void JobsFeed::watch(const std::vector<RecordId>& jobs) {
    if (jobs == watched_)
        return;
    watched_ = jobs;
    QMetaObject::invokeMethod(looker_, [looker = looker_, jobs] { looker->watch(jobs); });
}

void JobsFeed::change(std::function<Result<void>(Project&)> change, std::function<void(const Result<void>&)> done) {
    QMetaObject::invokeMethod(looker_, [looker = looker_, change = std::move(change), done = std::move(done)] {
        looker->change(change, done);
    });
}

void JobsFeed::take(const JobsSnapshotPointer& snapshot) {
    if (snapshot->project != snapshot_->project)
        return;  // of the project before
    const JobsSnapshotPointer before = std::exchange(snapshot_, snapshot);
    emit changed();
    for (const JobRecord& job : snapshot_->jobs) {
        const JobRecord* earlier = before->find(job.id);
        if (earlier && !isOver(earlier->state) && isOver(job.state) && !job.isGroup())
            emit jobEnded(job);
    }
}

}  // namespace sqil
