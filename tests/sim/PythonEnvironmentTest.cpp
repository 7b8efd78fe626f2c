#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/sim/Evaluate.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

using nlohmann::json;

/// Pushes the point towards its goal.
class Pusher : public Actor {
public:
    Result<void> prepare(const EnvironmentInfo& environment) override {
        return environment.actionDimensions == 2 ? Result<void>() : fail(ErrorKind::BadInput, "two actions expected");
    }
    Result<std::vector<float>> act(const ActorBatch& batch) override {
        std::vector<float> actions;
        const StepBlock& block = batch.observations.at("observation");
        for (std::int64_t row = 0; row < batch.size(); ++row) {
            float seen[4];
            std::memcpy(seen, block.bytes.data() + row * static_cast<std::int64_t>(sizeof seen), sizeof seen);
            for (int i = 0; i < 2; ++i)
                actions.push_back(std::clamp(2 * (seen[2 + i] - seen[i]), -1.0f, 1.0f));
        }
        return actions;
    }
};

std::string episodesOf(const Evaluation& evaluation) {
    return toJson(evaluation).at("outcomes").dump();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

/// Workers in Python: an environment of one's own that needs numpy alone, and what happens when it misbehaves.
class PythonEnvironmentTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    static EvaluationSpec specOf(int workers, int perWorker, json settings = json::object()) {
        settings["path"] = (test::testData() / "sim").string();
        EvaluationSpec spec;
        spec.environment.name = "python/point_environment:make";
        spec.environment.workers = workers;
        spec.environment.slots = perWorker;
        spec.environment.settings = settings.dump();
        spec.environment.python = SQIL_PYTHON;
        spec.episodes = 12;
        spec.seed = 100;
        return spec;
    }

    static Result<Evaluation> evaluated(const EvaluationSpec& spec) {
        auto environment = openEnvironment(spec, {});
        if (!environment)
            return tl::unexpected(environment.error());
        Pusher actor;
        return evaluate(actor, **environment, spec);
    }

    /// A python that finds `module` missing.
    std::filesystem::path without(const std::string& module) const {
        const QString place = folder_.filePath(QString::fromStdString("no-" + module));
        QDir().mkpath(place);
        QFile fake(place + QString::fromStdString("/" + module + ".py"));
        QFile program(place + "/python");
        if (!fake.open(QIODevice::WriteOnly) || !program.open(QIODevice::WriteOnly))
            qFatal("the test cannot write its files");
        fake.write(QByteArray("raise ModuleNotFoundError('gone', name='") + module.c_str() + "')\n");
        program.write("#!/bin/sh\nPYTHONPATH='" + place.toUtf8() + "' exec '" SQIL_PYTHON "' \"$@\"\n");
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return program.fileName().toStdString();
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        if (std::string(SQIL_PYTHON).empty())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
    }

    void theEnvironmentSaysWhatItIs() {
        const auto spec = specOf(1, 3);
        const auto environment = openEnvironment(spec, {});
        QVERIFY2(environment, environment ? "" : environment.error().message.c_str());
        const EnvironmentInfo& info = (*environment)->info();
        QCOMPARE(info.observations.size(), std::size_t{1});
        QCOMPARE(info.observations[0].name, std::string("observation"));
        QCOMPARE(info.observations[0].shape, std::vector<std::int64_t>{4});
        QCOMPARE(info.low, (std::vector<float>{-1, -1}));
        QCOMPARE(info.maximumSteps, 20);
        QCOMPARE((*environment)->slots(), 3);
        QVERIFY(json::parse(info.versionsJson).contains("python"));
    }

    void sameEpisodesWithAnyNumberOfWorkers() {
        const auto one = evaluated(specOf(1, 1));
        QVERIFY2(one, one ? "" : one.error().message.c_str());
        QVERIFY(one->successes() == std::vector<double>(12, 1.0));
        for (const auto& [workers, perWorker] : {std::pair{2, 1}, {3, 2}, {1, 5}}) {
            const auto other = evaluated(specOf(workers, perWorker));
            QVERIFY2(other, other ? "" : other.error().message.c_str());
            QCOMPARE(episodesOf(*other), episodesOf(*one));
            QVERIFY(other->incidents.empty());
        }
    }

    void misbehavingWorkersAreStartedAgain_data() {
        QTest::addColumn<QString>("how");
        QTest::addColumn<QString>("words");
        QTest::newRow("crash") << "crash_at"
                               << "exit status 7; it last wrote: the point fell off its plane";
        QTest::newRow("hang") << "hang_at"
                              << "gave no answer for 2 s";
    }
    void misbehavingWorkersAreStartedAgain() {
        QFETCH(QString, how);
        QFETCH(QString, words);
        const auto expected = evaluated(specOf(2, 2));
        QVERIFY(expected);
        auto spec = specOf(
            2, 2, {{how.toStdString(), 3}, {"bad_seed", 105}, {"mark", folder_.filePath("once-" + how).toStdString()}});
        spec.environment.timeoutSeconds = 2;
        const auto result = evaluated(spec);
        QVERIFY2(result, result ? "" : result.error().message.c_str());
        QCOMPARE(episodesOf(*result), episodesOf(*expected));
        QCOMPARE(result->incidents.size(), std::size_t{1});
        QVERIFY2(contains(result->incidents[0], words.toStdString()), result->incidents[0].c_str());
        QVERIFY(contains(result->incidents[0], "started again"));
    }

    void aWorkerThatAlwaysCrashesIsAnError() {
        const auto result = evaluated(specOf(2, 1, {{"crash_at", 2}, {"bad_seed", 104}}));
        QVERIFY(!result);
        QVERIFY2(contains(result.error().message, "seed 104 lost its worker 3 times") &&
                     contains(result.error().message, "fell off its plane"),
                 result.error().message.c_str());
    }

    void aRewardThatIsNotFiniteIsToldOfItsEpisode() {
        const auto result = evaluated(specOf(1, 2, {{"nan_at", 2}, {"bad_seed", 103}}));
        QVERIFY(result);
        QVERIFY(contains(result->episodes[3].problem, "reward of step 1"));
        QVERIFY(result->episodes[2].problem.empty());
    }

    void whatIsMissingIsSaid_data() {
        QTest::addColumn<QString>("module");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("install");
        QTest::newRow("gym") << "gymnasium"
                             << "gym/HalfCheetah-v5"
                             << "pip install 'gymnasium[mujoco]'";
        QTest::newRow("metaworld") << "metaworld"
                                   << "metaworld/drawer-open-v3"
                                   << "pip install metaworld==3.0.0";
        QTest::newRow("dm_control") << "dm_control"
                                    << "dm_control/cheetah-run"
                                    << "pip install dm_control==1.0.34";
        QTest::newRow("libero") << "libero"
                                << "libero/libero_spatial-0"
                                << "LIBERO.git";
        QTest::newRow("ale") << "ale_py"
                             << "ale/Pong-v5"
                             << "pip install ale-py";
        QTest::newRow("one's own") << "nothing_here"
                                   << "python/nothing_here:make"
                                   << "pip install nothing_here";
        QTest::newRow("numpy") << "numpy"
                               << "gym/HalfCheetah-v5"
                               << "pip install numpy";
    }
    void whatIsMissingIsSaid() {
        QFETCH(QString, module);
        QFETCH(QString, name);
        QFETCH(QString, install);
        EnvironmentOptions options;
        options.name = name.toStdString();
        options.workers = 1;
        options.python = without(module.toStdString());
        const auto environment = openEnvironment(options);
        QVERIFY(!environment);
        QCOMPARE(environment.error().kind, ErrorKind::Unsupported);
        const std::string& message = environment.error().message;
        QVERIFY2(contains(message, install.toStdString()) && contains(message, name.toStdString()), message.c_str());
    }

    void wrongNamesAndSettings() {
        EnvironmentOptions options;
        options.python = SQIL_PYTHON;
        options.workers = 1;
        for (const auto& [name, words] : {std::pair{"nonsense", "gym/…"},
                                          {"gym/NoSuch-v0", "no usable NoSuch-v0"},
                                          {"dm_control/cheetah-fly", "cheetah-run"},
                                          {"metaworld/drawer-paint-v3", "drawer-open-v3"}}) {
            options.name = name;
            const auto environment = openEnvironment(options);
            QVERIFY(!environment);
            QVERIFY2(contains(environment.error().message, words), environment.error().message.c_str());
        }
        auto spec = specOf(1, 1);
        spec.environment.settings = "[1]";
        QVERIFY(contains(evaluated(spec).error().message, "no JSON object"));
        spec = specOf(0, 1);
        spec.episodes = 5;
        QVERIFY(contains(evaluated(spec).error().message, "workers"));
        spec = specOf(1, 1);
        spec.environment.python = "/no/such/python";
        QVERIFY(contains(evaluated(spec).error().message, "/no/such/python"));
    }

    /// Real simulators are functions of their seed, too.
    void halfCheetahIsAFunctionOfItsSeed() {
        EvaluationSpec spec;
        spec.environment.name = "gym/HalfCheetah-v5";
        spec.environment.python = SQIL_PYTHON;
        spec.episodes = 4;
        spec.maximumSteps = 30;
        class Still : public Actor {
            Result<void> prepare(const EnvironmentInfo& environment) override {
                width_ = static_cast<std::size_t>(environment.actionDimensions);
                return {};
            }
            Result<std::vector<float>> act(const ActorBatch& batch) override {
                return std::vector<float>(width_ * batch.episodes.size(), 0.1f);
            }
            std::size_t width_ = 0;
        } actor;
        std::string first;
        for (const int workers : {1, 2}) {
            spec.environment.workers = workers;
            auto environment = openEnvironment(spec, {});
            QVERIFY2(environment, environment ? "" : environment.error().message.c_str());
            const auto result = evaluate(actor, **environment, spec);
            QVERIFY2(result, result ? "" : result.error().message.c_str());
            if (first.empty())
                first = episodesOf(*result);
            QCOMPARE(episodesOf(*result), first);
        }
    }
};

QTEST_GUILESS_MAIN(PythonEnvironmentTest)
#include "PythonEnvironmentTest.moc"
