#include <QtTest>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "core/sim/Statistics.h"

using namespace sqil;

namespace {

// Drawn once with NumPy (default_rng(3) and (4), normal around 10 and 11 with deviation 3).
const std::vector<double> kFirst{16.123, 2.333,  11.254, 8.297,  8.642,  9.353,  3.94,   9.304,  7.404,  19.969,
                                 10.677, 8.942,  9.156,  7.996,  6.835,  8.828,  11.446, 9.284,  12.873, 9.401,
                                 10.073, 14.637, 11.635, 8.484,  9.451,  11.622, 15.805, 9.191,  9.269,  13.007,
                                 7.341,  9.125,  12.648, 11.741, 10.275, 12.01,  1.516,  13.064, 7.121,  4.994};
const std::vector<double> kSecond{9.045,  10.476, 15.991, 12.977, 6.076,  10.984, 9.13,   11.446, 6.175,  11.725,
                                  11.706, 15.727, 11.95,  12.532, 6.521,  17.758, 5.253,  14.305, 10.01,  8.358,
                                  9.031,  8.984,  12.141, 10.67,  15.448, 5.511,  10.991, 8.324,  13.328, 4.646,
                                  9.969,  11.631, 6.547,  13.956, 11.536, 14.021, 13.878, 8.06,   8.607,  10.39};

}  // namespace

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

    /// scipy.stats.bootstrap(…, method="percentile") of SciPy 1.17 with 200,000 resamples: [8.806, 10.964] and
    /// [−2.289, 0.760]; 10,000 resamples differ from that by a few hundredths.
    void bootstrapAsSciPy() {
        std::vector<double> differences;
        std::transform(kFirst.begin(), kFirst.end(), kSecond.begin(), std::back_inserter(differences), std::minus<>());
        const Interval mean = bootstrapMean(kFirst), difference = bootstrapMean(differences);
        near(mean.value, 9.87665);
        near(mean.low, 8.806, 0.05);
        near(mean.high, 10.964, 0.05);
        near(difference.value, -0.7687);
        near(difference.low, -2.289, 0.07);
        near(difference.high, 0.760, 0.07);
        QCOMPARE(bootstrapMean(kFirst).low, mean.low);  // the same values, the same interval
        QVERIFY(std::isnan(bootstrapMean({}).low));
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
