#include "views/session/JobTracker.h"

namespace sqil {

struct JobTracker::Job {
    QString title;
    std::atomic<bool> cancelled{false};
    mutable std::mutex mutex;
    QString stage;
    qint64 done = 0, total = 0;
};

JobTracker::JobTracker(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(2);
}

JobTracker::~JobTracker() {
    cancel();
    pool_.waitForDone();
}

std::shared_ptr<JobTracker::Job> JobTracker::addJob(const QString& title) {
    auto job = std::make_shared<Job>();
    job->title = title;
    jobs_.push_back(job);
    emit changed();
    return job;
}

void JobTracker::removeJob(const std::shared_ptr<Job>& job) {
    std::erase(jobs_, job);
    emit changed();
}

Progress JobTracker::progressOf(const std::shared_ptr<Job>& job) {
    return [this, job](std::string_view stage, long long done, long long total) {
        {
            const std::lock_guard lock(job->mutex);
            job->stage = QString::fromUtf8(stage.data(), static_cast<qsizetype>(stage.size()));
            job->done = done;
            job->total = total;
        }
        QMetaObject::invokeMethod(this, &JobTracker::changed, Qt::QueuedConnection);
        return !job->cancelled.load();
    };
}

JobTracker::Status JobTracker::status() const {
    if (jobs_.empty())
        return {};
    const Job& job = *jobs_.back();
    const std::lock_guard lock(job.mutex);
    return {job.title, job.stage, job.done, job.total};
}

void JobTracker::cancel() {
    for (const auto& job : jobs_)
        job->cancelled = true;
}

}  // namespace sqil
