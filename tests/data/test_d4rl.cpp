#include <QtTest>

#include "core/data/Rollouts.h"
#include "plugins/Plugins.h"
#include "tests/data/RolloutFixtures.h"

using namespace sqil;
using test::attribute;
using test::contains;
using test::fixture;

class TestD4rl : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { registerPlugins(); }
    void cutsAtTerminalsAndTimeouts();
    void readsAcrossTheFlatArrays();
    void worksWithoutTimeouts();
    void contradictionsAreErrors();
};

void TestD4rl::cutsAtTerminalsAndTimeouts() {
    const auto rollouts = Rollouts::open(fixture("d4rl.hdf5"));
    QVERIFY2(rollouts.has_value(), rollouts ? "" : rollouts.error().message.c_str());
    const RolloutsInfo& info = (*rollouts)->info();
    QCOMPARE(info.format, std::string("D4RL HDF5"));
    QCOMPARE(info.episodes.size(), std::size_t{3});
    const std::int64_t steps[] = {4, 4, 2};
    const char* const ends[] = {"terminal", "timeout", "end of data"};
    const double rewards[] = {0 + 1 + 2 + 3, 4 + 5 + 6 + 7, 8 + 9};
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(info.episodes[i].steps, steps[i]);
        QCOMPARE(attribute(info.episodes[i].attributes, "end"), std::string(ends[i]));
        QCOMPARE(info.episodes[i].totalReward, std::optional<double>(rewards[i]));
        QVERIFY(!info.episodes[i].success);
    }
    QCOMPARE(info.observations.size(), std::size_t{1});
    QCOMPARE(info.observations[0].name, std::string("observation"));
    QCOMPARE(attribute(info.attributes, "infos"), std::string("action_log_probs, qpos"));
    QCOMPARE(attribute(info.attributes, "metadata/algorithm"), std::string("SAC"));
}

void TestD4rl::readsAcrossTheFlatArrays() {
    const auto rollouts = Rollouts::open(fixture("d4rl.hdf5"));
    QVERIFY(rollouts.has_value());
    QVERIFY(test::hasExpectedValues<float>(*(*rollouts)->range(0, "observation", 0, 4), 0, 1, 0));
    QVERIFY(test::hasExpectedValues<float>(*(*rollouts)->range(1, "observation", 1, 3), 0, 1, (4 + 1) * 3));
    QVERIFY(test::hasExpectedValues<float>(*(*rollouts)->range(2, "actions", 0, 2), 0, 2, 8 * 2));
    QCOMPARE((*rollouts)->step(1, "rewards", 2)->as<float>()[0], 6.0f);
    QCOMPARE((*rollouts)->step(0, "dones", 3)->as<std::uint8_t>()[0], std::uint8_t{1});
    QVERIFY(!(*rollouts)->range(2, "observation", 0, 3));
}

void TestD4rl::worksWithoutTimeouts() {
    const auto rollouts = Rollouts::open(fixture("d4rl_without_timeouts.hdf5"));
    QVERIFY(rollouts.has_value());
    const auto& episodes = (*rollouts)->info().episodes;
    QCOMPARE(episodes.size(), std::size_t{2});  // the last step is a terminal: nothing is left over
    QCOMPARE(episodes[1].steps, std::int64_t{5});
}

void TestD4rl::contradictionsAreErrors() {
    const auto lengths = Rollouts::open(fixture("d4rl_lengths.hdf5"));
    QVERIFY(!lengths);
    QVERIFY2(contains(lengths.error().message, "rewards has 7 steps, observations has 10"),
             lengths.error().message.c_str());
    const auto ends = Rollouts::open(fixture("d4rl_without_ends.hdf5"));
    QVERIFY(!ends);
    QVERIFY2(contains(ends.error().message, "neither terminals nor timeouts"), ends.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestD4rl)
#include "test_d4rl.moc"
