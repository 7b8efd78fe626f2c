// Jobs as users run them: real worker processes, stopped, killed and resumed.
#include <ATen/Parallel.h>

#include <csignal>

#include "core/bench/ReportStore.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/policy/DeviceCheck.h"
#include "plugins/Plugins.h"
#include "tests/compare/PointTask.h"
#include "tests/jobs/JobFixtures.h"

using namespace sqil;
using nlohmann::json;

namespace {

constexpr std::int64_t kEndless = 10'000'000;
/// Several seconds also on a fast machine: a run tells of itself a few times a second, and is stopped twice.
constexpr std::int64_t kSeconds = 20'000;

bool says(const std::string& text, const char* what) {
    return text.find(what) != std::string::npos;
}

}  // namespace

class JobsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<test::JobProject> jobs_;

    /// The policy that one uninterrupted run makes in this process, as `sqil train` does.
    std::string trainedHere(const JobSpec& spec) {
        json parameters = spec.parameters;
        parameters["out"] = (jobs_->root() / "here.pt2").string();
        const auto report = trainPolicyFile(*kinds::trainOptions(parameters));
        if (!report)
            qFatal("%s", report.error().message.c_str());
        return test::bytesOf(report->out);
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        at::set_num_threads(1);
    }
    void init() { jobs_ = std::make_unique<test::JobProject>(); }
    void cleanup() { jobs_.reset(); }

    void aJobIsTheCommandItself() {
        const JobSpec spec = jobs_->training(120);
        const RecordId id = jobs_->add(spec);
        QVERIFY(jobs_->waitFor(id, JobState::Finished));
        QCOMPARE(test::bytesOf(jobs_->output(id)) == trainedHere(spec), true);
        const JobRecord job = jobs_->job(id);
        QCOMPARE(job.attempt, 1);
        QVERIFY(job.workerJson.empty());
        const auto metrics = *jobs_->store().metrics(id);
        QCOMPARE(metrics.back().step, 120);
        QVERIFY(metrics.size() >= 12);
        QVERIFY(json::parse(metrics.back().dataJson).at("held_out_gap").is_number());
        const auto policies = *jobs_->project().policies();
        QCOMPARE(policies.size(), std::size_t(2));  // the trained one, below the one it was made from
        QVERIFY(policies[1].parent == policies[0].id && !policies[1].quantizationJson.empty());
    }

    void cancelledAndResumedIsTheSameBitByBit() {
        const JobSpec spec = jobs_->training(kSeconds);
        const RecordId id = jobs_->add(spec);
        QVERIFY(jobs_->waitForStep(id, 200));
        QVERIFY(jobs_->store().cancel(id));
        QVERIFY(jobs_->waitFor(id, JobState::Cancelled));
        QVERIFY2(says(jobs_->job(id).message, "stopped at step"), jobs_->job(id).message.c_str());
        QVERIFY(jobs_->store().resume(id));
        QVERIFY(jobs_->waitForStep(id, 300));
        QVERIFY(jobs_->store().pause(id));
        QVERIFY(jobs_->waitFor(id, JobState::Paused));
        QVERIFY(jobs_->store().resume(id));
        QVERIFY(jobs_->waitFor(id, JobState::Finished));
        QCOMPARE(jobs_->job(id).attempt, 3);
        QCOMPARE(test::bytesOf(jobs_->output(id)) == trainedHere(spec), true);
        std::int64_t last = -1;  // no step is told twice
        const auto told = *jobs_->store().metrics(id);
        for (const JobMetrics& metrics : told) {
            QVERIFY(metrics.step > last);
            last = metrics.step;
        }
    }

    void aKilledWorkerLeavesItsLastWords() {
        const JobSpec spec = jobs_->training(kSeconds);
        const RecordId id = jobs_->add(spec);
        QVERIFY(jobs_->waitForStep(id, 100));
        ::kill(localProcess(jobs_->job(id).workerJson), SIGKILL);
        QVERIFY(jobs_->waitFor(id, JobState::Failed));
        QVERIFY2(says(jobs_->job(id).message, "signal 9") || says(jobs_->job(id).message, "worker is gone"),
                 jobs_->job(id).message.c_str());
        QVERIFY(jobs_->store().resume(id));
        QVERIFY(jobs_->waitFor(id, JobState::Finished));
        QCOMPARE(test::bytesOf(jobs_->output(id)) == trainedHere(spec), true);
    }

    void terminatedWorkersStopInOrder() {
        const RecordId id = jobs_->add(jobs_->training(kEndless));
        QVERIFY(jobs_->waitForStep(id, 60));
        ::kill(localProcess(jobs_->job(id).workerJson), SIGTERM);
        QVERIFY(jobs_->waitFor(id, JobState::Cancelled));
        QVERIFY2(says(jobs_->job(id).message, "Terminated"), jobs_->job(id).message.c_str());
    }

    void aWorkerThatDoesNotAnswerIsStoppedHard() {
        qputenv("SQIL_HARD_STOP_SECONDS", "1");
        const RecordId id = jobs_->add(jobs_->training(kEndless));
        QVERIFY(jobs_->waitForStep(id, 60));
        ::kill(localProcess(jobs_->job(id).workerJson), SIGSTOP);
        QVERIFY(jobs_->store().cancel(id));
        QVERIFY(jobs_->waitFor(id, JobState::Cancelled));
        QVERIFY2(says(jobs_->job(id).message, "stopped hard"), jobs_->job(id).message.c_str());
        qunsetenv("SQIL_HARD_STOP_SECONDS");
    }

    void errorsReachTheQueue() {
        const RecordId id = jobs_->add(jobs_->training(100, {{"rollouts", (jobs_->root() / "policy.pt2").string()}}));
        QVERIFY(jobs_->waitFor(id, JobState::Failed));
        QVERIFY2(says(jobs_->job(id).message, "policy.pt2"), jobs_->job(id).message.c_str());
        QCOMPARE(jobs_->store().log(id)->back().level, 2);
    }

    void aProgramThatCannotBeStartedIsTold() {
        qputenv("SQIL_WORKER", "/nowhere/sqil");
        const RecordId id = jobs_->add(jobs_->training(100));
        QVERIFY(jobs_->waitFor(id, JobState::Failed));
        QVERIFY2(says(jobs_->job(id).message, "/nowhere/sqil"), jobs_->job(id).message.c_str());
    }

    void chainsAndGridsRunInOrder() {
        JobBatch batch;
        batch.name = "repair";
        batch.jobs = {jobs_->training(60),
                      {.kind = "analyze",
                       .parameters = {{"policy", (jobs_->root() / "policy.pt2").string()},
                                      {"quantized", "@repair/policy"},
                                      {"rollouts", (jobs_->root() / "rollouts.hdf5").string()},
                                      {"perturbation", {"state"}}}}};
        batch.jobs[0].label = "repair";
        batch.grid["seed"] = {1, 2};
        const auto ids = submit(jobs_->project(), batch);
        QVERIFY2(ids, ids ? "" : ids.error().message.c_str());
        QVERIFY(jobs_->store().setLimit("cpu", 2));
        QVERIFY(jobs_->waitFor(ids->front(), JobState::Finished));
        for (const JobRecord& job : jobs_->all())
            for (const RecordId need : job.needs)
                QVERIFY(jobs_->job(need).endedAt <= job.startedAt);
        QCOMPARE(jobs_->project().analyses()->size(), std::size_t(2));
        QCOMPARE(jobs_->project().policies()->size(), std::size_t(3));
    }

    void layersAreBlamedAndSuggested() {
        const auto path = [&](const char* name) { return (jobs_->root() / name).string(); };
        const RecordId id = jobs_->add({.kind = "layers",
                                        .parameters = {{"policy", path("policy.pt2")},
                                                       {"rollouts", path("rollouts.hdf5")},
                                                       {"weights", 3},
                                                       {"steps", 8},
                                                       {"budget", 10.0}}});
        QVERIFY(jobs_->waitFor(id, JobState::Finished));
        const json result = json::parse(jobs_->job(id).resultJson);
        QCOMPARE(result.at("summary").at("layers").get<int>(), 3);
        QVERIFY(result.at("summary").at("its_gap_alone").get<double>() > 0);
        QVERIFY(result.at("summary").at("suggested_gap").get<double>() <= 10.0);
        QVERIFY(std::filesystem::exists(jobs_->output(id)));
        QCOMPARE(jobs_->project().results("layer-blame")->size(), std::size_t(1));
        QCOMPARE(jobs_->project().policies()->size(), std::size_t(2));
        // What the command line refuses is refused here, too.
        const auto refused = check(
            {.kind = "layers",
             .parameters = {{"policy", "P.pt2"}, {"rollouts", "R.hdf5"}, {"quantized", "Q.pt2"}, {"weights", 4}}});
        QVERIFY(!refused && says(refused.error().message, "weights"));
    }

    void aBenchmarkIsKeptWithWhatRepeatsIt() {
        const JobSpec spec{.kind = "bench-policy",
                           .parameters = {{"policy", (jobs_->root() / "policy.pt2").string()},
                                          {"rollouts", (jobs_->root() / "rollouts.hdf5").string()},
                                          {"widths", {"W8A8"}},
                                          {"seconds", 0},
                                          {"threads", 1}}};
        for (int time = 0; time < 2; ++time) {  // the second replaces the first
            const RecordId id = jobs_->add(spec);
            QVERIFY(jobs_->waitFor(id, JobState::Finished));
            QVERIFY(json::parse(jobs_->job(id).resultJson).at("summary").contains("float32_over_W8A8"));
        }
        const auto kept = *jobs_->project().results(kBenchmarkResult);
        QCOMPARE(kept.size(), std::size_t(1));
        const json report = json::parse(kept.front().resultJson);
        QVERIFY(checkReport(report));
        QVERIFY(says(report.at("command").get<std::string>(), "sqil bench policy --policy "));
        QVERIFY(says(report.at("command").get<std::string>(), "--widths W8A8 --seconds 0 --threads 1"));
        QVERIFY(!report.at("machine").at("host").get<std::string>().empty());
        QCOMPARE(report.at("seed").get<int>(), 0);
        QCOMPARE(report.at("device").get<std::string>(), "cpu");
    }

    void aGpuThatIsNotThereFailsTheJob() {
        if (checkDevice("cuda:0"))
            QSKIP("this machine has a GPU");
        JobSpec spec = jobs_->training(20);
        spec.device = "cuda:0";
        const RecordId id = jobs_->add(spec);
        QVERIFY(jobs_->waitFor(id, JobState::Failed));
        QVERIFY2(says(jobs_->job(id).message, "this job asks for cuda:0: "), jobs_->job(id).message.c_str());
    }

    void whatItTakesIsTold() {
        const RecordId id = jobs_->add(jobs_->training(kEndless));
        QVERIFY(jobs_->waitUntil([&] { return jobs_->store().usage(id)->size() >= 2; }));
        QVERIFY(jobs_->store().cancel(id));
        QVERIFY(jobs_->waitFor(id, JobState::Cancelled));
        const auto usage = *jobs_->store().usage(id);
        QVERIFY(usage[1].time - usage[0].time >= 800);
        const json first = json::parse(usage.front().dataJson);
        QVERIFY(first.at("processor").get<double>() > 0 && first.at("memory").get<double>() > 1e6);
        QVERIFY(!first.contains("gpu_percent"));
        const json newest = json::parse(jobs_->job(id).usageJson);
        QVERIFY(says(newest.at("absent").at("gpu").get<std::string>(), "on the processor"));
        QVERIFY(jobs_->store().usage(id, usage.front().id)->size() == usage.size() - 1);
    }

    void successComesInEpisodeByEpisode() {
        if (std::string(SQIL_PYTHON).empty())
            QSKIP("scripts/setup.sh tests has not been run");
        QTemporaryDir folder;
        const test::PointTask task(folder.path().toStdString());
        EvaluationSpec point = test::PointTask::evaluation();
        const RecordId id = jobs_->add({.kind = "evaluate",
                                        .parameters = {{"policy", task.policy().string()},
                                                       {"env", point.environment.name},
                                                       {"env_settings", point.environment.settings},
                                                       {"python", SQIL_PYTHON},
                                                       {"workers", 1},
                                                       {"episodes", 5}}});
        QVERIFY(jobs_->waitFor(id, JobState::Finished));
        const auto metrics = *jobs_->store().metrics(id);
        QCOMPARE(metrics.size(), std::size_t(5));
        for (std::size_t episode = 0; episode < metrics.size(); ++episode) {
            const json told = json::parse(metrics[episode].dataJson);
            QCOMPARE(metrics[episode].step, std::int64_t(episode) + 1);
            QVERIFY(told.at("success_low") <= told.at("success") && told.at("success") <= told.at("success_high"));
        }
        const json summary = json::parse(jobs_->job(id).resultJson).at("summary");
        QVERIFY(json::parse(metrics.back().dataJson).at("success") == summary.at("success"));
    }

    /// The window is gone: a worker that ends starts what waits.
    void theQueueGoesOnByItself() {
        JobBatch batch;
        batch.jobs = {jobs_->training(50), jobs_->training(50, {{"seed", 2}}), jobs_->training(50, {{"seed", 3}})};
        const auto ids = submit(jobs_->project(), batch);
        QVERIFY(schedule(jobs_->project()));
        QElapsedTimer timer;
        timer.start();
        while (jobs_->job(ids->front()).state != JobState::Finished && timer.elapsed() < 60'000)
            QTest::qSleep(50);
        QCOMPARE(jobs_->job(ids->front()).state, JobState::Finished);
    }
};

QTEST_APPLESS_MAIN(JobsTest)
#include "JobsTest.moc"
