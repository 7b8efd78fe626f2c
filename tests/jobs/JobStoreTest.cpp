// The queue's states, limits and locks, without workers.
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/jobs/Scheduler.h"
#include "core/jobs/WorkerIdentity.h"
#include "core/project/JobStore.h"

using namespace sqil;

class JobStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<Project> project_;

    std::filesystem::path path() const { return folder_->filePath("study.sqil").toStdString(); }
    JobStore store() { return JobStore(*project_); }
    JobState stateOf(RecordId id) { return store().job(id)->state; }
    RecordId addOne(NewJob job = {.name = "one", .kind = "train"}) { return store().add({{job}})->front(); }

private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        project_ = std::move(*Project::create(path()));
    }

    void statesFollowTheirDiagram() {
        const RecordId id = addOne();
        QCOMPARE(stateOf(id), JobState::Queued);
        QVERIFY(*store().claim(id, "A"));
        QVERIFY(!*store().claim(id, "B"));  // only one may have it
        QCOMPARE(stateOf(id), JobState::Running);
        QVERIFY(!store().resume(id));
        QVERIFY(!store().remove(id));
        QVERIFY(store().pause(id));
        QCOMPARE(stateOf(id), JobState::Running);  // it is asked, not told
        QCOMPARE(store().report(id, "A", {})->request, JobRequest::Pause);
        QVERIFY(store().cancel(id));
        QCOMPARE(store().report(id, "A", {})->request, JobRequest::Cancel);
        QVERIFY(store().pause(id));  // does not take a cancel back
        QCOMPARE(store().report(id, "A", {})->request, JobRequest::Cancel);
        QVERIFY(!*store().end(id, "B", JobState::Finished, "", ""));
        QVERIFY(*store().end(id, "A", JobState::Cancelled, "stopped", ""));
        QCOMPARE(stateOf(id), JobState::Cancelled);
        QVERIFY(!store().cancel(id));
        QVERIFY(!store().pause(id));
        QVERIFY(store().resume(id));
        QCOMPARE(stateOf(id), JobState::Queued);
        QVERIFY(store().pause(id));
        QCOMPARE(stateOf(id), JobState::Paused);
        QVERIFY(!*store().claim(id, "C"));
        QVERIFY(store().resume(id));
        QVERIFY(*store().claim(id, "C"));
        QCOMPARE(store().job(id)->attempt, 2);
        QCOMPARE(store().job(id)->request, JobRequest::None);
        QVERIFY(*store().end(id, "C", JobState::Finished, "", "{}"));
        QVERIFY(!store().resume(id));
        QVERIFY(store().remove(id));
        QVERIFY(!store().job(id));
        QVERIFY(addOne() > id);  // a number is not given twice
    }

    void aWorkerThatLostItsJobIsTold() {
        const RecordId id = addOne();
        QVERIFY(*store().claim(id, "A"));
        QVERIFY(*store().endDead(id, "A", JobState::Failed, "thought dead"));
        QVERIFY(store().report(id, "A", {})->isLost);
        QVERIFY(!*store().end(id, "A", JobState::Finished, "", "{}"));
        QCOMPARE(stateOf(id), JobState::Failed);
    }

    void limitsPrioritiesAndNeeds() {
        NewJob group{.name = "all", .kind = kJobGroup};
        NewJob low{.name = "low", .kind = "train", .group = 0};
        NewJob high{.name = "high", .kind = "train", .priority = 5, .group = 0};
        NewJob waits{.name = "waits", .kind = "evaluate", .priority = 9, .group = 0, .after = {2}};
        NewJob elsewhere{.name = "gpu", .kind = "train", .device = "cuda:0", .group = 0};
        const auto ids = *store().add(std::vector{group, low, high, waits, elsewhere});
        auto taken = *store().lease({}, 1000, 500);
        QCOMPARE(taken.size(), std::size_t(2));
        QCOMPARE(taken[0].id, ids[2]);
        QCOMPARE(taken[1].id, ids[4]);  // another device
        QVERIFY(store().lease({}, 1400, 500)->empty());
        QCOMPARE(store().lease({}, 1600, 500).value().front().id, ids[2]);  // nobody has claimed it: again
        QVERIFY(*store().claim(ids[2], "A"));
        QVERIFY(*store().end(ids[2], "A", JobState::Finished, "", "{}"));
        QVERIFY(!store().remove(ids[2]));  // another waits for it
        JobLimits two;
        two.bySlot["cpu"] = 2;
        taken = *store().lease(two, 9000, 500);
        QCOMPARE(taken.front().id, ids[3]);  // ready now, and of the highest priority
        QCOMPARE(store().job(ids[0])->done, 1);
        QCOMPARE(store().job(ids[0])->total, 4);
        QVERIFY(store().cancel(ids[0]));  // a group passes it on
        QCOMPARE(stateOf(ids[1]), JobState::Cancelled);
        QCOMPARE(stateOf(ids[2]), JobState::Finished);
        QVERIFY(store().setLimit("cpu", 3));
        QCOMPARE(store().limits()->of("cpu"), 3);
        QCOMPARE(store().limits()->of("cuda:0"), 1);
        QVERIFY(!store().setLimit("abacus", 3));
    }

    void schedulersNeverStartOneJobTwice() {
        constexpr int kJobs = 60, kThreads = 6;
        const std::vector<NewJob> jobs(kJobs, NewJob{.name = "x", .kind = "train", .launcher = "elsewhere"});
        QVERIFY(store().add(jobs));
        std::atomic<int> leased{0}, claimed{0};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < kThreads; ++thread)
            threads.emplace_back([&, thread] {
                auto own = Project::open(path());
                JobStore mine(**own);
                for (int round = 0; round < 4; ++round) {
                    const auto taken = *mine.lease({}, millisecondsNow(), 60'000);
                    for (const JobRecord& job : taken) {
                        ++leased;
                        claimed += *mine.claim(job.id, "worker " + std::to_string(thread));
                    }
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(leased.load(), kJobs);
        QCOMPARE(claimed.load(), kJobs);
    }

    void metricsAndLogArriveOnce() {
        const RecordId id = addOne();
        QVERIFY(*store().claim(id, "A"));
        JobReport report{.stage = "Training", .done = 10, .total = 100};
        for (int step = 1; step <= 10; ++step)
            report.metrics.push_back({0, step, "{\"loss\": " + std::to_string(step) + "}"});
        report.log.push_back({0, 5, 1, "careful"});
        QVERIFY(store().report(id, "A", report));
        const auto all = *store().metrics(id);
        QCOMPARE(all.size(), std::size_t(10));
        QCOMPARE(store().metrics(id, all[6].id)->size(), std::size_t(3));
        QVERIFY(store().dropMetricsAfter(id, 4));
        QCOMPARE(store().metrics(id)->back().step, 4);
        QCOMPARE(store().log(id)->front().text, std::string("careful"));
        const JobRecord job = *store().job(id);
        QCOMPARE(job.share(), 0.1);
        QVERIFY(job.heartbeatAt > 0);
        QVERIFY(store().remove(addOne()));
    }

    void livenessIsOfTheProcessNotItsNumber() {
        const std::int64_t now = 1'000'000'000;
        const std::string self = workerIdentity(::getpid());
        QCOMPARE(livenessOf(self, 0, now), Liveness::Alive);  // whatever its heartbeat
        auto other = nlohmann::json::parse(self);
        other["start"] = other["start"].get<long long>() - 1;  // the number was given to a new process
        QCOMPARE(livenessOf(other.dump(), now, now), Liveness::Dead);
        other = nlohmann::json::parse(self);
        other["boot"] = "an earlier start of the machine";
        QCOMPARE(livenessOf(other.dump(), now, now), Liveness::Dead);
        other = nlohmann::json::parse(self);
        other["host"] = "elsewhere";
        QCOMPARE(livenessOf(other.dump(), now - 10'000, now), Liveness::Unknown);
        QCOMPARE(livenessOf(other.dump(), now - 10 * kSilenceMilliseconds, now), Liveness::Dead);
        QCOMPARE(livenessOf("", now, now), Liveness::Dead);
    }

    void aStaleLockNeverBlocks() {
        const RecordId id = addOne({.name = "left", .kind = "train", .held = true});
        QVERIFY(store().resume(id));
        auto gone = nlohmann::json::parse(workerIdentity(::getpid()));
        gone["start"] = 1;
        QVERIFY(*store().claim(id, gone.dump()));
        const auto look = schedule(*project_);
        QVERIFY(look.has_value());
        QCOMPARE(look->dead, 1);
        QCOMPARE(stateOf(id), JobState::Failed);
        QVERIFY(store().job(id)->message.find("gone") != std::string::npos);
        QVERIFY(store().resume(id));
    }
};

QTEST_APPLESS_MAIN(JobStoreTest)
#include "JobStoreTest.moc"
