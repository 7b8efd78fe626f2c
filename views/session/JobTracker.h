#pragma once
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// Runs functions off the GUI thread and brings their results back to it. A job that was
/// cancelled or outlived the tracker brings nothing back. Lives on the GUI thread.
class JobTracker : public QObject {
    Q_OBJECT
public:
    /// How far the newest job is; `total` 0: not known.
    struct Status {
        QString title, stage;
        qint64 done = 0, total = 0;
    };

    explicit JobTracker(QObject* parent = nullptr);
    ~JobTracker() override;

    /// `work` runs on another thread; `done` on this one, unless the work ended with Cancelled.
    template<class T>
    void start(const QString& title, std::function<Result<T>(const Progress&)> work,
               std::function<void(Result<T>)> done) {
        auto job = addJob(title);
        pool_.start([this, job, work = std::move(work), done = std::move(done)] {
            auto result = std::make_shared<Result<T>>(guarded<T>(work, progressOf(job)));
            QMetaObject::invokeMethod(
                this,
                [this, job, result, done] {
                    removeJob(job);
                    if (*result || result->error().kind != ErrorKind::Cancelled)
                        done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }

    bool isBusy() const { return !jobs_.empty(); }
    Status status() const;
    void cancel();  ///< all jobs

signals:
    void changed();

private:
    struct Job;

    std::shared_ptr<Job> addJob(const QString& title);
    void removeJob(const std::shared_ptr<Job>& job);
    Progress progressOf(const std::shared_ptr<Job>& job);

    template<class T>
    static Result<T> guarded(const std::function<Result<T>(const Progress&)>& work, const Progress& progress) {
        try {
            return work(progress);
        } catch (const std::exception& problem) {
            return fail(ErrorKind::Unsupported, problem.what());
        }
    }

    std::vector<std::shared_ptr<Job>> jobs_;
    QThreadPool pool_;
};

}  // namespace sqil
