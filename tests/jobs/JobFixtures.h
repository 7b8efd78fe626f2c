#pragma once
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "core/jobs/JobSpec.h"
#include "core/jobs/Scheduler.h"
#include "core/jobs/Worker.h"
#include "core/jobs/WorkerIdentity.h"
#include "core/project/JobStore.h"
#include "tests/TestPaths.h"
#include "tests/train/SmallTask.h"

namespace sqil::test {

/// A project beside a policy of a few hundred weights; its jobs take a second or as long as one likes.
class JobProject {
public:
    /// In a folder of its own, or in `where`.
    explicit JobProject(std::filesystem::path where = {}) : root_(std::move(where)) {
        qputenv("SQIL_WORKER", QByteArray::fromStdString((programs() / "sqil").string()));
        qputenv("OMP_NUM_THREADS", "1");
        SmallTask().write(root());
        auto made = Project::create(path());
        if (!made)
            qFatal("%s", made.error().message.c_str());
        project_ = std::move(*made);
    }
    ~JobProject() { stopAll(); }

    std::filesystem::path root() const {
        return root_.empty() ? std::filesystem::path(folder_.path().toStdString()) : root_;
    }
    std::filesystem::path path() const { return root() / "study.sqil"; }
    Project& project() { return *project_; }
    JobStore store() { return JobStore(*project_); }
    JobRecord job(RecordId id) { return *store().job(id); }
    std::vector<JobRecord> all() { return *store().jobs(); }

    JobSpec training(std::int64_t steps, nlohmann::json more = nlohmann::json::object()) const {
        nlohmann::json parameters{{"policy", (root() / "policy.pt2").string()},
                                  {"rollouts", (root() / "rollouts.hdf5").string()},
                                  {"recipe", "qrd"},
                                  {"steps", steps},
                                  {"batch", 16},
                                  {"evaluate_every", 50},
                                  {"checkpoint_every", 50}};
        parameters.update(more);
        return {.kind = "train", .parameters = parameters};
    }

    RecordId add(const JobSpec& spec) {
        const auto ids = submit(*project_, {.jobs = {spec}});
        if (!ids)
            qFatal("%s", ids.error().message.c_str());
        return ids->front();
    }

    /// Schedules and looks until it holds; false after a minute.
    bool waitUntil(const std::function<bool()>& holds, int milliseconds = 60'000) {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < milliseconds) {
            const auto looked = schedule(*project_);
            if (!looked)
                qWarning("%s", looked.error().message.c_str());
            if (holds())
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        for (const JobRecord& job : all())
            qWarning("job %lld is %s: %s", static_cast<long long>(job.id), nameOf(job.state).data(),
                     job.message.c_str());
        return false;
    }
    bool waitFor(RecordId id, JobState state) {
        return waitUntil([&] { return job(id).state == state; });
    }
    /// It trains, and has done so many steps.
    bool waitForStep(RecordId id, std::int64_t step) {
        return waitUntil([&] {
            const JobRecord now = job(id);
            return now.state == JobState::Running && now.stage == "Training" && now.done >= step;
        });
    }

    std::filesystem::path output(RecordId id) {
        const auto result = nlohmann::json::parse(job(id).resultJson);
        return result.at("outputs").at("policy").get<std::string>();
    }

    /// No process of this project outlives the test.
    void stopAll() {
        for (int round = 0; round < 200; ++round) {
            bool any = false;
            for (const JobRecord& job : all())
                if (!job.isGroup() && (job.state == JobState::Running || job.state == JobState::Queued)) {
                    any = any || job.state == JobState::Running || job.leaseUntil > millisecondsNow();
                    static_cast<void>(store().cancel(job.id));
                    if (const int process = localProcess(job.workerJson); process > 0 && round > 100)
                        ::kill(process, SIGKILL);
                }
            if (!any)
                return;
            static_cast<void>(schedule(*project_));
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

private:
    QTemporaryDir folder_;
    std::filesystem::path root_;
    std::unique_ptr<Project> project_;
};

inline std::string bytesOf(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace sqil::test
