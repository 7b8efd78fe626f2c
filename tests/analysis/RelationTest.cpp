// Correlation of two series and precision-recall of one as a detector of the other's large values, against SciPy and
// NumPy (tests/reference/relation_fixtures.py).
#include <QtTest>
#include <cmath>
#include <fstream>
#include <random>

#include <nlohmann/json.hpp>

#include "core/analysis/Correlation.h"
#include "core/analysis/Density.h"
#include "core/analysis/Detector.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

struct DataSet {
    std::vector<std::vector<float>> first, second;
    std::vector<PairedSeries> pairs() const {
        std::vector<PairedSeries> result;
        for (std::size_t episode = 0; episode < first.size(); ++episode)
            result.push_back({first[episode], second[episode]});
        return result;
    }
};

DataSet dataSetOf(const nlohmann::json& entry) {
    DataSet data;
    for (const auto& episode : entry.at("episodes")) {
        data.first.push_back(episode[0].get<std::vector<float>>());
        data.second.push_back(episode[1].get<std::vector<float>>());
    }
    return data;
}

bool near(double value, double expected, double tolerance) {
    return std::abs(value - expected) <= tolerance;
}

}  // namespace

class RelationTest : public QObject {
    Q_OBJECT
    nlohmann::json cases_;

private slots:
    void initTestCase() {
        std::ifstream stream(test::testData() / "analysis" / "fixtures" / "relation.json");
        cases_ = nlohmann::json::parse(stream);
        QCOMPARE(cases_.size(), 3u);
    }

    void correlationEqualsSciPys() {
        for (const auto& entry : cases_) {
            const DataSet data = dataSetOf(entry);
            const Correlation result = correlate(data.pairs());
            for (const auto& [name, interval] : {std::pair{"pearson", result.pearson}, {"spearman", result.spearman}}) {
                const auto expected = entry.at(name).get<std::vector<double>>();
                QVERIFY2(near(interval.value, expected[0], 1e-10) && near(interval.low, expected[1], 1e-10) &&
                             near(interval.high, expected[2], 1e-10),
                         qPrintable(QString::number(interval.value, 'g', 12)));
            }
            QCOMPARE(result.episodes, std::int64_t(data.first.size()));
        }
    }

    void intervalOverEpisodesEqualsNumPys() {  // other random draws: equal but for the resampling's own noise
        for (const auto& entry : cases_) {
            const DataSet data = dataSetOf(entry);
            const Correlation result = correlate(data.pairs());
            for (const auto& [name, interval] : {std::pair{"pearson_over_episodes", result.pearsonOverEpisodes},
                                                 {"spearman_over_episodes", result.spearmanOverEpisodes}}) {
                const auto expected = entry.at(name).get<std::vector<double>>();
                QVERIFY2(near(interval.low, expected[0], 0.02) && near(interval.high, expected[1], 0.02),
                         qPrintable(QStringLiteral("%1: %2 to %3, expected %4 to %5")
                                        .arg(QLatin1String(name))
                                        .arg(interval.low)
                                        .arg(interval.high)
                                        .arg(expected[0])
                                        .arg(expected[1])));
            }
            QCOMPARE(result.pearsonOverEpisodes.low, correlate(data.pairs()).pearsonOverEpisodes.low);
        }
    }

    void episodesThatRepeatWidenOnlyTheIntervalOverEpisodes() {
        // Each step recorded fifty times: nothing new is known, and only whole episodes say so.
        std::mt19937 random(3);
        std::normal_distribution<float> normal;
        DataSet once, often;
        for (int episode = 0; episode < 20; ++episode) {
            const float x = normal(random), y = x + 2 * normal(random);
            once.first.push_back({x});
            once.second.push_back({y});
            often.first.emplace_back(50, x);
            often.second.emplace_back(50, y);
        }
        const Correlation a = correlate(once.pairs()), b = correlate(often.pairs());
        QVERIFY(near(a.pearson.value, b.pearson.value, 1e-9));
        QVERIFY(b.pearson.high - b.pearson.low < 0.3 * (a.pearson.high - a.pearson.low));
        QVERIFY(near(a.pearsonOverEpisodes.low, b.pearsonOverEpisodes.low, 1e-6));
    }

    void whatCannotBeSaidIsNaN() {
        const float nan = std::nanf("");
        const std::vector<float> constant{2, 2, 2, 2}, rising{1, 2, 3, 4}, holes{nan, 2, nan, 4}, shorter{1};
        const std::vector<PairedSeries> none, flat{{constant, rising}}, bad{{rising, shorter}};
        QVERIFY(std::isnan(correlate(none).pearson.value));
        QVERIFY(std::isnan(correlate(flat).pearson.value) && std::isnan(correlate(flat).spearman.low));
        const std::vector<PairedSeries> two{{rising, holes}};
        const Correlation few = correlate(two);
        QCOMPARE(few.steps, std::int64_t(2));
        QVERIFY(near(few.pearson.value, 1, 1e-12) && few.pearson.low == -1 && few.pearson.high == 1);
        QVERIFY(std::isnan(few.pearsonOverEpisodes.low));
        QVERIFY_EXCEPTION_THROWN(correlate(bad), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(detectLargeGaps(bad, 0, 0), std::invalid_argument);
    }

    void detectorEqualsItsDefinition() {
        for (const auto& entry : cases_) {
            const DataSet data = dataSetOf(entry);
            const Detector result = detectLargeGaps(data.pairs(), entry.at("gap_above"), entry.at("threshold"));
            QCOMPARE(result.large, entry.at("large").get<std::int64_t>());
            QVERIFY(near(result.averagePrecision, entry.at("average_precision"), 1e-12));
            QVERIFY(near(result.baseRate, double(result.large) / double(result.steps), 1e-12));
            QVERIFY(near(result.atThreshold.precision, entry.at("precision"), 1e-12));
            QVERIFY(near(result.atThreshold.recall, entry.at("recall"), 1e-12));
            QCOMPARE(result.atThreshold.raised, entry.at("raised").get<std::int64_t>());
            QVERIFY(near(result.curve.back().recall, 1, 0) && result.curve.back().raised == result.steps);
            for (std::size_t point = 1; point < result.curve.size(); ++point)
                QVERIFY(result.curve[point].recall >= result.curve[point - 1].recall &&
                        result.curve[point].score < result.curve[point - 1].score);
        }
    }

    void aPerfectAndAUselessDetector() {
        std::vector<float> score, gap, same;
        for (int step = 0; step < 100; ++step) {
            score.push_back(float(step));
            gap.push_back(float(step));
            same.push_back(1);
        }
        const std::vector<PairedSeries> perfect{{score, gap}}, useless{{same, gap}};
        QCOMPARE(detectLargeGaps(perfect, 89, 89).averagePrecision, 1.0);
        QCOMPARE(detectLargeGaps(perfect, 89, 89).atThreshold.precision, 1.0);
        const Detector chance = detectLargeGaps(useless, 89, 5);
        QCOMPARE(chance.averagePrecision, 0.1);
        QCOMPARE(chance.baseRate, 0.1);
        QCOMPARE(chance.atThreshold.raised, std::int64_t(0));
        QVERIFY(std::isnan(chance.atThreshold.precision));
        const Detector nothing = detectLargeGaps(perfect, 1000, 5);
        QVERIFY(std::isnan(nothing.averagePrecision) && nothing.curve.empty() && nothing.large == 0);
    }

    void densityEqualsSciPys() {
        std::ifstream stream(test::testData() / "analysis" / "fixtures" / "density.json");
        const auto fixture = nlohmann::json::parse(stream);
        const auto values = fixture.at("values").get<std::vector<float>>();
        const auto expected = fixture.at("density").get<std::vector<double>>();
        const Density density = estimateDensity(values, expected.size(), 0, fixture.at("lower"), fixture.at("upper"));
        QVERIFY(near(density.bandwidth, fixture.at("bandwidth"), 1e-6));
        const double peak = *std::max_element(expected.begin(), expected.end());
        for (std::size_t place = 0; place < expected.size(); ++place)
            QVERIFY2(
                near(density.values[place], expected[place], 1e-3 * peak),
                qPrintable(
                    QStringLiteral("%1: %2, expected %3").arg(place).arg(density.values[place]).arg(expected[place])));
        const Density whole = estimateDensity(values);
        double mass = 0;
        for (const double value : whole.values)
            mass += value * (whole.upper - whole.lower) / double(whole.values.size() - 1);
        QVERIFY2(near(mass, 1, 5e-3), qPrintable(QString::number(mass)));
        const std::vector<float> constant(10, 2.f), one{1.f, std::nanf("")};
        QVERIFY(estimateDensity(constant).values.empty() && estimateDensity(one).values.empty());
    }

    void theCurveStaysShort() {
        std::mt19937 random(1);
        std::normal_distribution<float> normal;
        std::vector<float> score, gap;
        for (int step = 0; step < 200'000; ++step) {
            score.push_back(normal(random));
            gap.push_back(score.back() + normal(random));
        }
        const std::vector<PairedSeries> one{{score, gap}};
        const Detector result = detectLargeGaps(one, 1.5, 0);
        QVERIFY(result.curve.size() < 1100 && result.curve.size() > 900);
        QVERIFY(result.averagePrecision > 2 * result.baseRate);
    }
};

QTEST_GUILESS_MAIN(RelationTest)
#include "RelationTest.moc"
