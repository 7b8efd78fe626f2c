#include <QtTest>

#include <numeric>

#include "core/sim/Statistics.h"

using namespace sqil;

class StatisticsTest : public QObject {
    Q_OBJECT

    static void near(double found, double expected, double tolerance = 1e-4) {
        QVERIFY2(std::abs(found - expected) < tolerance, std::to_string(found).c_str());
    }

private Q_SLOTS:
    /// Values by scipy 1.17, binomtest(k, n).proportion_ci(method="wilson").
    void wilson() {
        const Interval most = wilsonInterval(10, 10);
        near(most.low, 0.722467);
        near(most.high, 1.0);
        const Interval half = wilsonInterval(39, 100);
        near(half.value, 0.39);
        near(half.low, 0.300169);
        near(half.high, 0.487970);
        QVERIFY(std::isnan(wilsonInterval(0, 0).value));
    }

    /// The bootstrap's interval of a mean of n values is close to the normal one, mean ± 1.96·s/√n.
    void bootstrapOfManyValues() {
        std::vector<double> values(400);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<double>((i * 7919) % 400);  // 0 … 399 in another order
        const Interval found = bootstrapMean(values);
        const double half = 1.96 * std::sqrt((400.0 * 400.0 - 1) / 12) / 20;
        near(found.value, 199.5);
        near(found.low, 199.5 - half, 1.0);
        near(found.high, 199.5 + half, 1.0);
    }

    void oneRowIsThePlainBootstrap() {
        const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6};
        const Interval crossed = crossedBootstrapMean(values, 1), plain = bootstrapMean(values);
        QCOMPARE(crossed.low, plain.low);
        QCOMPARE(crossed.high, plain.high);
    }

    /// Three training seeds that differ, each with the same result in a hundred episodes: three observations, not 300.
    void luckOfTheSeedIsNotAveragedAway() {
        std::vector<double> values;
        for (const double seed : {1.0, 2.0, 6.0})
            values.insert(values.end(), 100, seed);
        const Interval crossed = crossedBootstrapMean(values, 3);
        near(crossed.value, 3.0);
        near(crossed.low, 1.0);   // the seed of 1 three times: 1 of 27 resamples
        near(crossed.high, 6.0);  // likewise
        QVERIFY(bootstrapMean(values).low > 2.7);
    }

    /// Episodes that are hard for every seed: as many observations as episodes.
    void luckOfTheEpisodeIsNotAveragedAway() {
        std::vector<double> episodes(50), values;
        std::iota(episodes.begin(), episodes.end(), 0.0);
        for (int seed = 0; seed < 3; ++seed)
            values.insert(values.end(), episodes.begin(), episodes.end());
        const Interval crossed = crossedBootstrapMean(values, 3), once = bootstrapMean(episodes);
        near(crossed.high - crossed.low, once.high - once.low, 0.3);
        const Interval pooled = bootstrapMean(values);
        QVERIFY((pooled.high - pooled.low) * 1.5 < crossed.high - crossed.low);
    }

    void valuesFillTheRows() {
        const std::vector<double> values{1, 2, 3};
        QVERIFY_EXCEPTION_THROWN(crossedBootstrapMean(values, 2), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(crossedBootstrapMean(values, 0), std::invalid_argument);
    }

    /// Fu et al. 2020, appendix: the expert's return is 100, the random policy's 0.
    void d4rl() {
        near(*normalizedScore("gym/HalfCheetah-v5", 12135.0), 100);
        near(*normalizedScore("gym/Walker2d-v5", 1.629008), 0);
        QVERIFY(!normalizedScore("metaworld/pick-place-v3", 1));
    }
};

QTEST_APPLESS_MAIN(StatisticsTest)
#include "StatisticsTest.moc"
