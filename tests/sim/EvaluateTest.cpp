#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/data/RolloutFormats.h"
#include "core/sim/Evaluate.h"
#include "plugins/Plugins.h"
#include "tests/sim/FakeEnvironment.h"

using namespace sqil;

namespace {

EvaluationSpec specOf(std::int64_t episodes, std::uint64_t seed = 1) {
    EvaluationSpec spec;
    spec.environment.name = "fake/one";
    spec.episodes = episodes;
    spec.seed = seed;
    return spec;
}

Evaluation evaluated(test::FakeEnvironment& environment, const EvaluationSpec& spec) {
    test::StateActor actor;
    auto result = evaluate(actor, environment, spec);
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return *result;
}

/// Episodes without the clock.
std::string textOf(const Evaluation& evaluation) {
    return toJson(evaluation).at("outcomes").dump();
}

}  // namespace

/// The loop of an evaluation, over environments that need no simulator.
class EvaluateTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

private Q_SLOTS:
    void initTestCase() { registerPlugins(); }

    /// Also where there are more slots than episodes, and whichever answers first.
    void anEpisodeDependsOnItsSeedAlone() {
        test::FakeEnvironment one(1, 1);
        const Evaluation expected = evaluated(one, specOf(11, 40));
        QCOMPARE(expected.episodes.size(), std::size_t{11});
        for (const auto& [workers, batch] : {std::pair{1, 4}, {2, 1}, {3, 2}, {5, 8}}) {
            test::FakeEnvironment environment(workers, batch);
            QCOMPARE(textOf(evaluated(environment, specOf(11, 40))), textOf(expected));
        }
        for (std::size_t i = 0; i < 11; ++i)
            QCOMPARE(expected.episodes[i].seed, 40 + i);
    }

    void batchesHaveOneSize() {
        test::FakeEnvironment environment(2, 4);
        test::StateActor actor;
        QVERIFY(evaluate(actor, environment, specOf(9)));
        QCOMPARE(actor.batchSizes, std::set<std::int64_t>{4});
    }

    void lengthsAndSuccess() {
        test::FakeEnvironment environment(1, 2);
        environment.terminates = {2};
        auto spec = specOf(4, 1);
        const Evaluation ends = evaluated(environment, spec);
        QCOMPARE(ends.episodes[0].steps, 7);  // it succeeds there
        QCOMPARE(ends.episodes[1].steps, 5);
        QCOMPARE(ends.episodes[3].steps, 12);
        QVERIFY(*ends.episodes[0].success && !*ends.episodes[1].success && !*ends.episodes[3].success);
        QCOMPARE(ends.successes(), (std::vector<double>{1, 0, 1, 0}));
        QCOMPARE(ends.steps, 7 + 5 + 7 + 12);
        spec.stepsAfterSuccess = 3;
        spec.maximumSteps = 9;
        const Evaluation longer = evaluated(environment, spec);
        QCOMPARE(longer.episodes[0].steps, 9);
        QCOMPARE(longer.episodes[3].steps, 9);
    }

    void aLostEpisodeIsRepeatedWithItsSeed() {
        test::FakeEnvironment whole(2, 3);
        const Evaluation expected = evaluated(whole, specOf(10));
        test::FakeEnvironment environment(2, 3);
        environment.lostTimes = {{4, 2}, {9, 1}};
        const Evaluation result = evaluated(environment, specOf(10));
        QCOMPARE(textOf(result), textOf(expected));
        QCOMPARE(result.incidents.size(), std::size_t{3});
        QCOMPARE(environment.resets, whole.resets + 3);
    }

    void threeLossesAreAnError() {
        test::FakeEnvironment environment(2, 1);
        environment.lostTimes = {{3, 3}};
        test::StateActor actor;
        const auto result = evaluate(actor, environment, specOf(5));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Io);
        QVERIFY2(result.error().message.find("seed 3 lost its worker 3 times") != std::string::npos &&
                     result.error().message.find("is gone") != std::string::npos,
                 result.error().message.c_str());
    }

    void whatIsNotFiniteEndsThatEpisode() {
        test::FakeEnvironment environment(1, 2);
        environment.rewardIsNotFinite = {2};
        test::StateActor actor;
        actor.notFinite = 4;
        const auto result = evaluate(actor, environment, specOf(4, 1));
        QVERIFY(result);
        QCOMPARE(result->episodes[1].problem, std::string("the reward of step 1 is not finite"));
        QCOMPARE(result->episodes[3].problem, std::string("the policy's action at step 1 is not finite"));
        QVERIFY(std::isfinite(result->episodes[1].episodeReturn) && result->episodes[0].problem.empty());
        const auto again = parseEvaluation(toJson(*result));
        QVERIFY(again);
        QCOMPARE(textOf(*again), textOf(*result));
    }

    /// In the order of the seeds, though others end first; with the undisturbed actions.
    void recordsAreReadBack() {
        test::FakeEnvironment environment(3, 2);
        environment.lostTimes = {{8, 1}};
        auto spec = specOf(7, 5);
        spec.record = folder_.filePath("record.hdf5").toStdString();
        spec.policyName = "sine";
        const Evaluation evaluation = evaluated(environment, spec);
        auto rollouts = Rollouts::open(spec.record);
        QVERIFY2(rollouts, rollouts ? "" : rollouts.error().message.c_str());
        const RolloutsInfo& info = (*rollouts)->info();
        QCOMPARE(info.episodes.size(), std::size_t{7});
        for (std::size_t episode = 0; episode < 7; ++episode) {
            const EpisodeOutcome& outcome = evaluation.episodes[episode];
            QCOMPARE(info.episodes[episode].steps, outcome.steps);
            QCOMPARE(info.episodes[episode].success, outcome.success);
            const auto states = (*rollouts)->range(episode, "state", 0, outcome.steps);
            const auto actions = (*rollouts)->range(episode, "actions", 0, outcome.steps);
            const auto pictures = (*rollouts)->range(episode, "picture", 0, outcome.steps);
            QVERIFY(states && actions && pictures);
            QCOMPARE(pictures->type, ValueType::UInt8);
            float total = 0;
            for (std::int64_t step = 0; step < outcome.steps; ++step) {
                float state[2], action[2];
                std::memcpy(state, states->bytes.data() + step * 8, 8);
                std::memcpy(action, actions->bytes.data() + step * 8, 8);
                QCOMPARE(state[0], static_cast<float>(outcome.seed) + total);
                QCOMPARE(state[1], static_cast<float>(step));
                QCOMPARE(action[0], std::sin(state[0]));
                QCOMPARE(static_cast<std::uint8_t>(pictures->bytes[static_cast<std::size_t>(step * 12)]),
                         static_cast<std::uint8_t>(outcome.seed * 7 + static_cast<std::uint64_t>(step) * 3));
                total += action[0] + 2 * action[1];
            }
        }
    }

    void disturbedActionsAreAFunctionOfTheSeed() {
        auto spec = specOf(6);
        test::FakeEnvironment calm(1, 1), one(1, 1), many(3, 2);
        const std::string undisturbed = textOf(evaluated(calm, spec));
        spec.disturbance = 0.3;
        const std::string disturbed = textOf(evaluated(one, spec));
        QVERIFY(disturbed != undisturbed);
        QCOMPARE(textOf(evaluated(many, spec)), disturbed);
    }

    void stoppedRecordsLeaveNoFile() {
        test::FakeEnvironment environment(1, 1);
        test::StateActor actor;
        auto spec = specOf(50);
        spec.record = folder_.filePath("stopped.hdf5").toStdString();
        const auto result =
            evaluate(actor, environment, spec, [](std::string_view, long long done, long long) { return done < 3; });
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QVERIFY(QDir(folder_.path()).entryList({"stopped*"}, QDir::Files).isEmpty());
        spec.record = folder_.filePath("nowhere/stopped.hdf5").toStdString();
        QVERIFY(!evaluate(actor, environment, spec));
        spec.episodes = 0;
        QCOMPARE(evaluate(actor, environment, spec).error().kind, ErrorKind::BadInput);
    }
};

QTEST_GUILESS_MAIN(EvaluateTest)
#include "EvaluateTest.moc"
