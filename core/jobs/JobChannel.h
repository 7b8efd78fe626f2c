#pragma once
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "core/jobs/JobKind.h"
#include "core/project/JobStore.h"

namespace sqil {

/// The line between a running job and its project: collects progress, metrics and log lines and writes them a few
/// times a second in one transaction, with the worker's heartbeat; brings back what is asked of the job. Has a thread
/// and a connection of its own. A project that cannot be written for a while (disk full, another writer) costs nothing:
/// it is written later.
class JobChannel {
public:
    /// `device`: as this process sees it, for what is told of its use.
    JobChannel(std::filesystem::path project, RecordId job, std::string identityJson, bool isResumed,
               std::string device = "cpu");
    ~JobChannel();
    JobChannel(const JobChannel&) = delete;
    JobChannel& operator=(const JobChannel&) = delete;

    /// For the job: its callbacks go through the channel.
    JobContext context(const std::filesystem::path& folder);
    void log(LogLevel level, const std::string& text);

    /// The job shall stop: asked for in the project, by a signal, or because it is not ours any more.
    void stop() { stopping_ = true; }
    bool isStopping() const { return stopping_; }
    JobRequest request() const { return request_; }
    bool isLost() const { return lost_; }

    /// Ends the thread; what has not been written yet is given back.
    JobReport close();

private:
    struct Usage;
    void run();
    bool flush(Project& project, Usage& usage);

    const std::filesystem::path project_;
    const RecordId job_;
    const std::string identity_;
    const std::string device_;
    bool dropsOldMetrics_;

    std::mutex mutex_;
    std::condition_variable wake_;
    JobReport pending_;
    bool changed_ = false;
    bool closing_ = false;
    std::atomic<bool> stopping_{false}, lost_{false};
    std::atomic<JobRequest> request_{JobRequest::None};
    std::thread thread_;
};

}  // namespace sqil
