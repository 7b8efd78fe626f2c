#pragma once
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <utility>

namespace sqil {

/// Runs the newest of many requests off the GUI thread: while one runs, at most one waits, and a newer one takes its
/// place. Results come back in order; those of requests that were replaced never come. Lives on the GUI thread.
template<class T>
class LatestTask {
public:
    explicit LatestTask(std::function<void(T)> done) : done_(std::move(done)) { pool_.setMaxThreadCount(1); }
    ~LatestTask() {
        pool_.clear();
        pool_.waitForDone();
    }
    LatestTask(const LatestTask&) = delete;
    LatestTask& operator=(const LatestTask&) = delete;

    /// `work` runs on another thread and must own what it reads. A result of a request older than the last reset() is
    /// dropped; so is work that throws.
    void start(std::function<T()> work) {
        pool_.clear();
        pool_.start([this, run = run_, work = std::move(work)] {
            try {
                auto result = std::make_shared<T>(work());
                QMetaObject::invokeMethod(
                    &receiver_,
                    [this, run, result] {
                        if (run == run_)
                            done_(std::move(*result));
                    },
                    Qt::QueuedConnection);
            } catch (const std::exception& problem) {
                qWarning("background work failed: %s", problem.what());
            }
        });
    }
    /// Results under way are not wanted any more.
    void reset() {
        pool_.clear();
        ++run_;
    }

private:
    std::function<void(T)> done_;
    QObject receiver_;  ///< what was queued for it goes with it
    int run_ = 0;
    QThreadPool pool_;
};

}  // namespace sqil
