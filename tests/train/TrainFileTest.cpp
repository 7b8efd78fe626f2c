#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/project/Project.h"
#include "core/project/SeriesNames.h"
#include "core/quant/PostTraining.h"
#include "core/train/TrainFile.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"
#include "tests/train/SmallTask.h"

using namespace sqil;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TrainFileTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    int runs_ = 0;

    /// A folder with a small policy and its rollouts.
    std::filesystem::path write(const test::SmallTask& task) {
        const std::filesystem::path folder = folder_.filePath(QString::number(++runs_)).toStdString();
        std::filesystem::create_directory(folder);
        task.write(folder);
        return folder;
    }

    static TrainFileOptions optionsIn(const std::filesystem::path& folder, Recipe recipe, const std::string& out) {
        TrainFileOptions options;
        options.policy = folder / "policy.pt2";
        options.rollouts = folder / "rollouts.hdf5";
        options.out = folder / out;
        options.spec.recipe = recipe;
        if (recipe != Recipe::Fp) {
            options.spec.quantization = QuantSpec{};
            options.spec.quantization->weightBits = 4;
            options.spec.quantization->activationBits = 4;
        }
        options.spec.steps = 60;
        options.spec.batch = 16;
        options.spec.learningRate = 1e-3;
        options.spec.evaluateEvery = 20;
        options.spec.checkpointEvery = 7;
        return options;
    }

    static TrainReport train(const TrainFileOptions& options, const Progress& progress = {}) {
        auto report = trainPolicyFile(options, progress);
        if (!report)
            qFatal("%s", report.error().message.c_str());
        return *report;
    }

    static Error failureOf(const TrainFileOptions& options) {
        const auto report = trainPolicyFile(options);
        if (report)
            qFatal("training went through");
        return report.error();
    }

    static std::map<std::string, at::Tensor> tensorsOf(const std::filesystem::path& policy) {
        const auto file = readPolicyFile(policy);
        if (!file)
            qFatal("%s", file.error().message.c_str());
        std::map<std::string, at::Tensor> tensors;
        for (const Binding& binding : file->graph.bindings)
            tensors[binding.name] = binding.tensor;
        return tensors;
    }

    static bool sameBits(const std::filesystem::path& first, const std::filesystem::path& second) {
        const auto left = tensorsOf(first), right = tensorsOf(second);
        if (left.size() != right.size() || left.empty())
            return false;
        for (const auto& [name, tensor] : left) {
            const auto found = right.find(name);
            if (found == right.end() || !at::equal(tensor, found->second))
                return false;
        }
        return readPolicyFile(first)->extraFiles == readPolicyFile(second)->extraFiles;
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        at::set_num_threads(1);  // tensors are tiny, and sharing the processor makes two threads wait for each other
    }

    void everyRecipeRepairsThePolicy_data() {
        QTest::addColumn<int>("recipe");
        QTest::newRow("qat") << static_cast<int>(Recipe::Qat);
        QTest::newRow("qrd") << static_cast<int>(Recipe::Qrd);
        QTest::newRow("sqil") << static_cast<int>(Recipe::Sqil);
    }
    void everyRecipeRepairsThePolicy() {
        QFETCH(int, recipe);
        auto options = optionsIn(write({}), static_cast<Recipe>(recipe), "q.pt2");
        options.spec.steps = 300;
        std::vector<TrainMetrics> seen;
        const auto result = trainPolicyFile(options, {}, [&](const TrainMetrics& now) { seen.push_back(now); });
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        QCOMPARE(result->stepsDone, 300);
        // Before training it is a quantized policy; afterwards the gap is a fraction of that.
        QVERIFY(seen.front().evaluated && seen.front().step == 0);
        const double before = seen.front().heldOutGap, after = result->bestEvaluation.heldOutGap;
        QVERIFY2(after < 0.8 * before, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
        QVERIFY2(std::abs(result->exportedGap - after) < 1e-4, std::to_string(result->exportedGap).c_str());
        QCOMPARE(std::isfinite(seen.back().qrdOther), static_cast<Recipe>(recipe) != Recipe::Qat);
        QCOMPARE(std::isfinite(seen.back().qrdCritical), static_cast<Recipe>(recipe) == Recipe::Sqil);
        QVERIFY(!std::filesystem::exists(result->checkpoint));

        const auto written = readPolicyFile(options.out);
        QVERIFY(written.has_value());
        QVERIFY(contains(written->extraFiles.at(kQuantizationFile), std::string(nameOf(options.spec.recipe))));
        const auto about = nlohmann::json::parse(written->extraFiles.at(kTrainingFile));
        QCOMPARE(toJson(*parseTrainSpec(about.at("spec").dump())), toJson(options.spec));
        QCOMPARE(about.contains("sis"), static_cast<Recipe>(recipe) == Recipe::Sqil);
        // One line a report, each JSON.
        std::ifstream log(result->log);
        std::string line;
        std::size_t lines = 0;
        for (; std::getline(log, line); ++lines)
            QCOMPARE(nlohmann::json::parse(line).at("step").get<std::int64_t>(), seen.at(lines).step);
        QCOMPARE(lines, seen.size());
    }

    void fullPrecisionCloningLearnsNewActions() {
        test::SmallTask task;
        task.recordedScale = 0.5;  // demonstrations of another expert: half the policy's actions
        auto options = optionsIn(write(task), Recipe::Fp, "fp.pt2");
        options.spec.steps = 400;
        options.spec.learningRate = 3e-3;
        std::optional<double> before;
        const auto result = trainPolicyFile(options, {}, [&](const TrainMetrics& now) {
            if (!before)
                before = now.heldOutQat;
        });
        QVERIFY(result.has_value());
        QVERIFY(result->bestEvaluation.heldOutQat < 0.3 * *before);
        QVERIFY(!readPolicyFile(options.out)->extraFiles.contains(kQuantizationFile));
    }

    void sameSeedSameWeights() {
        const auto folder = write({});
        auto options = optionsIn(folder, Recipe::Sqil, "a.pt2");
        options.spec.emaDecay = 0.9;
        train(options);
        options.out = folder / "b.pt2";
        train(options);
        QVERIFY(sameBits(folder / "a.pt2", folder / "b.pt2"));
        options.out = folder / "c.pt2";
        options.spec.seed = 2;
        train(options);
        QVERIFY(!sameBits(folder / "a.pt2", folder / "c.pt2"));
    }

    void stoppedAnywhereAndResumedIsTheSame_data() {
        QTest::addColumn<int>("optimizer");
        QTest::addColumn<bool>("keepBest");
        QTest::addColumn<int>("adapters");
        QTest::addColumn<int>("start");
        const int ptq = static_cast<int>(QuantMethod::Ptq), awq = static_cast<int>(QuantMethod::Awq);
        QTest::newRow("adam") << static_cast<int>(OptimizerKind::Adam) << true << 0 << ptq;
        QTest::newRow("adamw, last") << static_cast<int>(OptimizerKind::AdamW) << false << 0 << ptq;
        QTest::newRow("sgd, last") << static_cast<int>(OptimizerKind::Sgd) << false << 0 << ptq;
        QTest::newRow("adapters with dropout") << static_cast<int>(OptimizerKind::AdamW) << false << 4 << ptq;
        QTest::newRow("from awq") << static_cast<int>(OptimizerKind::Adam) << true << 0 << awq;
    }
    void stoppedAnywhereAndResumedIsTheSame() {
        QFETCH(int, optimizer);
        QFETCH(bool, keepBest);
        QFETCH(int, adapters);
        QFETCH(int, start);
        const auto folder = write({});
        auto options = optionsIn(folder, Recipe::Qrd, "whole.pt2");
        options.spec.start = static_cast<QuantMethod>(start);
        options.spec.optimizer = static_cast<OptimizerKind>(optimizer);
        options.spec.keepBest = keepBest;
        options.spec.emaDecay = 0.8;
        options.spec.accumulation = 2;
        options.spec.warmup = 5;
        if (adapters > 0)
            options.spec.adapters = AdapterSpec{adapters, 8, 0.2, AdapterBase::Ptq};
        train(options);
        options.out = folder / "parts.pt2";
        options.resume = true;
        int stops = 0;
        for (int stopAt = 1; stopAt < 60; stopAt += 13) {
            const auto part = trainPolicyFile(options, [&](std::string_view stage, long long done, long long) {
                return stage != "Training" || done < stopAt;
            });
            QVERIFY(!part.has_value());
            QCOMPARE(part.error().kind, ErrorKind::Cancelled);
            QVERIFY2(contains(part.error().message, "--resume"), part.error().message.c_str());
            ++stops;
        }
        QCOMPARE(stops, 5);
        const auto report = train(options);
        QVERIFY(report.resumedAt > 50);
        QVERIFY(report.notes.empty());
        QVERIFY(sameBits(folder / "whole.pt2", folder / "parts.pt2"));
        // The log has every line once.
        const auto lines = [](const std::filesystem::path& path) {
            std::ifstream stream(path);
            std::vector<std::int64_t> steps;
            for (std::string line; std::getline(stream, line);)
                steps.push_back(nlohmann::json::parse(line).at("step").get<std::int64_t>());
            return steps;
        };
        QCOMPARE(lines(folder / "parts.train.jsonl"), lines(folder / "whole.train.jsonl"));
    }

    /// A real process, killed where it happens to be.
    void killedAndResumedIsTheSame() {
        const auto folder = write({});
        const auto start = [&](QProcess& process, const std::string& out) {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert("OMP_NUM_THREADS", "1");
            process.setProcessEnvironment(environment);
            process.start(QString::fromStdString((test::programs() / "sqil").string()),
                          {"train",
                           "--recipe",
                           "qrd",
                           "--policy",
                           QString::fromStdString(folder / "policy.pt2"),
                           "--rollouts",
                           QString::fromStdString(folder / "rollouts.hdf5"),
                           "--weights",
                           "4",
                           "--activations",
                           "4",
                           "--steps",
                           "4000",
                           "--batch",
                           "8",
                           "--checkpoint-every",
                           "3",
                           "--evaluate-every",
                           "50",
                           "--seed",
                           "3",
                           "--resume",
                           "--out",
                           QString::fromStdString(folder / out)});
            return process.waitForStarted();
        };
        QElapsedTimer whole;
        whole.start();
        {
            QProcess process;
            QVERIFY(start(process, "whole.pt2"));
            QVERIFY(process.waitForFinished(120000));
            QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        }
        const qint64 takes = whole.elapsed();
        QRandomGenerator random(1);
        const auto checkpointTime = [&] {
            std::error_code none;
            return std::filesystem::last_write_time(folder / "killed.checkpoint", none);
        };
        int kills = 0, done = 0;
        for (int attempt = 0; attempt < 12 && !done; ++attempt) {
            QProcess process;
            QVERIFY(start(process, "killed.pt2"));
            // Twice as soon as there is a new checkpoint, however busy the machine is; then at any instant.
            const auto before = checkpointTime();
            const int wait = static_cast<int>(takes / 8 + random.bounded(takes / 3));
            const bool ended = attempt >= 2 ? process.waitForFinished(wait) : [&] {
                while (checkpointTime() == before)
                    if (process.waitForFinished(5))
                        return true;
                return false;
            }();
            if (ended) {
                QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
                done = 1;
                break;
            }
            process.kill();  // SIGKILL
            process.waitForFinished();
            ++kills;
        }
        if (!done) {
            QProcess process;
            QVERIFY(start(process, "killed.pt2"));
            QVERIFY(process.waitForFinished(120000));
            QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        }
        QVERIFY2(kills >= 2, std::to_string(kills).c_str());
        QVERIFY(sameBits(folder / "whole.pt2", folder / "killed.pt2"));
        // No half-written file is taken for a whole one; what a killed process left of one has another name.
        QVERIFY(!std::filesystem::exists(folder / "killed.checkpoint"));
    }

    void missingScoresStopTheRun() {
        const auto folder = write({});
        auto options = optionsIn(folder, Recipe::Sqil, "q.pt2");
        options.project = folder / "given.sqil";
        QVERIFY(contains(failureOf(options).message, "no such project"));
        {
            auto project = Project::create(options.project);
            QVERIFY(project.has_value());
        }
        QVERIFY(contains(failureOf(options).message, "sqil analyze"));
        options.computeMissingSis = true;
        train(options);
        {
            auto project = Project::open(options.project);
            const auto analyses = (*project)->analyses();
            QCOMPARE(analyses->size(), std::size_t{1});
            auto series = (*project)->series(analyses->front().id, "demo_2");
            for (Series& one : *series)
                if (one.name == series::kSis)
                    one.values[17] = std::nanf("");
            QVERIFY((*project)->putSeries(analyses->front().id, "demo_2", *series).has_value());
        }
        options.computeMissingSis = false;
        const Error missing = failureOf(options);
        QCOMPARE(missing.kind, ErrorKind::NotFound);
        QVERIFY2(contains(missing.message, "demo_2, step 17"), missing.message.c_str());
        options.computeMissingSis = true;
        train(options);
    }

    void aLossThatIsNotFiniteNamesItsStepAndKeepsTheCheckpoint() {
        test::SmallTask task;
        task.recordedScale = 0.5;
        auto options = optionsIn(write(task), Recipe::Fp, "q.pt2");
        options.spec.optimizer = OptimizerKind::Sgd;
        options.spec.schedule = ScheduleKind::Constant;
        options.spec.gradientClip = 0;
        options.spec.learningRate = 1e30;
        options.spec.checkpointEvery = 1;
        options.spec.steps = 200;
        const Error error = failureOf(options);
        QVERIFY2(contains(error.message, "NaN or infinite at step") && contains(error.message, "demo_") &&
                     contains(error.message, "q.checkpoint"),
                 error.message.c_str());
        QVERIFY(std::filesystem::exists(checkpointPath(options.out)));
        QVERIFY(!std::filesystem::exists(options.out));
        // Without --resume nothing is lost by starting again by mistake.
        QVERIFY(contains(failureOf(options).message, "--resume"));
    }

    /// Cut short under a run: it ends well with what it had read, or says which file; then gone, and brought back.
    void rolloutsThatDisappear() {
        const auto folder = write({}), rollouts = folder / "rollouts.hdf5", kept = folder / "kept.hdf5";
        std::filesystem::copy_file(rollouts, kept);
        auto options = optionsIn(folder, Recipe::Qrd, "whole.pt2");
        train(options);

        options.out = folder / "parts.pt2";
        const auto cut = trainPolicyFile(options, [&](std::string_view stage, long long done, long long) {
            if (stage == "Training" && done == 20)
                std::filesystem::resize_file(rollouts, std::filesystem::file_size(kept) / 2);
            return stage != "Training" || done < 40;
        });
        QVERIFY(!cut.has_value());
        QVERIFY2(cut.error().kind == ErrorKind::Cancelled || contains(cut.error().message, "rollouts.hdf5"),
                 cut.error().message.c_str());
        QVERIFY(std::filesystem::exists(checkpointPath(options.out)));

        options.resume = true;
        for (const bool isThere : {true, false}) {  // half of it, and none of it
            if (!isThere)
                std::filesystem::remove(rollouts);
            const Error error = failureOf(options);
            QVERIFY2(contains(error.message, "rollouts.hdf5"), error.message.c_str());
            QVERIFY(std::filesystem::exists(checkpointPath(options.out)));
            QVERIFY(!std::filesystem::exists(options.out));
        }
        std::filesystem::copy_file(kept, rollouts);
        QVERIFY(train(options).resumedAt > 0);
        QVERIFY(sameBits(folder / "whole.pt2", folder / "parts.pt2"));
    }

    void anotherRunsCheckpointIsRefused() {
        const auto folder = write({});
        auto options = optionsIn(folder, Recipe::Qrd, "q.pt2");
        options.resume = true;
        QVERIFY(!trainPolicyFile(options, [](std::string_view stage, long long done, long long) {
            return stage != "Training" || done < 20;
        }));
        auto other = options;
        other.spec.qrdWeight = 3;
        QVERIFY2(contains(failureOf(other).message, "another qrd_weight"), failureOf(other).message.c_str());
        other = options;
        other.spec.quantization->weightBits = 3;
        QVERIFY(contains(failureOf(other).message, "another quantization"));
        other = options;
        other.spec.start = QuantMethod::Awq;
        QVERIFY(contains(failureOf(other).message, "another start"));
        // Other rollouts under the same name.
        const auto away = folder / "away.hdf5";
        std::filesystem::rename(options.rollouts, away);
        const Error gone = failureOf(options);
        QVERIFY2(contains(gone.message, "rollouts.hdf5"), gone.message.c_str());
        test::SmallTask task;
        task.recordedScale = 1.01;
        task.write(folder);
        QVERIFY(contains(failureOf(options).message, "other files"));
        std::filesystem::remove(options.rollouts);
        std::filesystem::rename(away, options.rollouts);
        // A damaged checkpoint is told from none.
        std::filesystem::resize_file(checkpointPath(options.out), 1000);
        const Error damaged = failureOf(options);
        QVERIFY2(contains(damaged.message, "q.checkpoint"), damaged.message.c_str());
        QVERIFY(std::filesystem::exists(checkpointPath(options.out)));
    }

    void aBetterLearningRateMayGoOn() {
        auto options = optionsIn(write({}), Recipe::Qat, "q.pt2");
        options.resume = true;
        QVERIFY(!trainPolicyFile(options, [](std::string_view stage, long long done, long long) {
            return stage != "Training" || done < 20;
        }));
        options.spec.learningRate = 1e-4;
        const auto report = train(options);
        QCOMPARE(report.resumedAt, 20);
        QCOMPARE(report.notes.size(), std::size_t{1});
        QVERIFY(contains(report.notes.front(), "learning_rate"));
    }

    void trainingStopsEarlyWhereNothingImproves() {
        auto options = optionsIn(write({}), Recipe::Qat, "q.pt2");
        options.spec.optimizer = OptimizerKind::Sgd;
        options.spec.learningRate = 1e-12;
        options.spec.evaluateEvery = 5;
        options.spec.patience = 3;
        options.spec.steps = 1000;
        const auto report = train(options);
        QVERIFY(report.stoppedEarly);
        QVERIFY(report.stepsDone < 200);
    }

    void actionsInUnitsAreNoticed() {
        test::SmallTask task;
        task.cardScale = task.recordedScale = 0.01;
        auto options = optionsIn(write(task), Recipe::Qat, "q.pt2");
        const Error error = failureOf(options);
        QVERIFY2(contains(error.message, "recorded_actions"), error.message.c_str());
        options.spec.recordedActions = RecordedActions::Units;
        QVERIFY(train(options).lastEvaluation.heldOutQat < 0.1);
    }

    void mismatchedActionsAreExplained() {
        test::SmallTask task;
        task.recorded = 7;
        const Error error = failureOf(optionsIn(write(task), Recipe::Qat, "q.pt2"));
        QVERIFY2(contains(error.message, "actions of 7") && contains(error.message, "3 dimensions"),
                 error.message.c_str());
    }

    void adaptersTrainAndMerge_data() {
        QTest::addColumn<int>("base");
        QTest::newRow("ptq") << static_cast<int>(AdapterBase::Ptq);
        QTest::newRow("nf4") << static_cast<int>(AdapterBase::NormalFloat);
        QTest::newRow("full precision") << static_cast<int>(AdapterBase::FullPrecision);
    }
    void adaptersTrainAndMerge() {
        QFETCH(int, base);
        test::SmallTask task;
        task.recordedScale = 0.5;
        auto options = optionsIn(write(task), Recipe::Qat, "q.pt2");
        options.spec.quantization->weightBits = 8;
        options.spec.quantization->activationBits = 16;
        options.spec.adapters = AdapterSpec{4, 8, 0, static_cast<AdapterBase>(base)};
        options.spec.steps = 300;
        options.spec.learningRate = 5e-3;
        options.spec.keepBest = false;
        std::optional<double> before;
        const auto result = trainPolicyFile(options, {}, [&](const TrainMetrics& now) {
            if (!before)
                before = now.heldOutQat;
        });
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        QVERIFY2(result->lastEvaluation.heldOutQat < 0.4 * *before,
                 qPrintable(QString("%1 -> %2").arg(*before).arg(result->lastEvaluation.heldOutQat)));
        // At 8 bits merging costs something, but little.
        QVERIFY2(result->mergedError > 0 && result->mergedError < 0.05, std::to_string(result->mergedError).c_str());
        // The graph that was written is a plain one: no adapter is left in it.
        for (const auto& [name, tensor] : tensorsOf(options.out))
            QVERIFY2(!contains(name, "lora"), name.c_str());
    }

    void refusesToOverwriteItsTeacher() {
        auto options = optionsIn(write({}), Recipe::Qat, "policy.pt2");
        QVERIFY(contains(failureOf(options).message, "--out"));
        options.out = options.policy.parent_path() / "nowhere" / "q.pt2";
        QCOMPARE(failureOf(options).kind, ErrorKind::Io);
    }
};

QTEST_GUILESS_MAIN(TrainFileTest)
#include "TrainFileTest.moc"
