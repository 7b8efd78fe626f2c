#include <QtTest>
#include <cmath>
#include <limits>

#include "core/analysis/ActionGap.h"
#include "core/analysis/Analysis.h"

using namespace sqil;

class ActionGapTest : public QObject {
    Q_OBJECT
private slots:
    void gapIsTheEuclideanNorm() {
        const std::vector<float> first{0, 0, 1}, second{3, 4, 1};
        QCOMPARE(actionGap(first, second), 5.0);
        QCOMPARE(actionGap(first, first), 0.0);
        const std::vector<float> shorter{1};
        QVERIFY_EXCEPTION_THROWN(actionGap(first, shorter), std::invalid_argument);
    }

    void divergenceHasItsBounds() {
        const std::vector<float> left{1, 3, 0, 0}, right{0, 0, 2, 5}, scaled{10, 30, 0, 0}, zeros{0, 0, 0, 0},
            even{2, 2, 2, 2};
        QCOMPARE(saliencyDivergence(left, scaled), 0.0);
        QVERIFY(std::abs(saliencyDivergence(left, right) - 1.0) < 1e-12);
        QCOMPARE(saliencyDivergence(left, even), saliencyDivergence(even, left));
        QCOMPARE(saliencyDivergence(zeros, even), 0.0);
        const std::vector<float> broken{NAN, 1, 1, 1};
        QVERIFY(std::isnan(saliencyDivergence(left, broken)));
    }

    void divergenceEqualsSciPys() {
        // scipy.spatial.distance.jensenshannon([.1,.2,.7], [.3,.3,.4], base=2)**2
        const std::vector<float> first{0.1f, 0.2f, 0.7f}, second{0.3f, 0.3f, 0.4f};
        QVERIFY(std::abs(saliencyDivergence(first, second) - 0.07489355896415409) < 1e-6);
    }

    void thresholdEqualsNumPysPercentile() {
        // numpy.percentile([5, 1, 4, 2, 3, 10], 80) and of one value, and with NaN left out
        QCOMPARE(criticalThreshold({5, 1, 4, 2, 3, 10}, 20), 5.0);
        QCOMPARE(criticalThreshold({1, 2, 3, 4}, 20), 3.4);
        QCOMPARE(criticalThreshold({7}, 20), 7.0);
        QCOMPARE(criticalThreshold({std::numeric_limits<float>::quiet_NaN(), 7, 7}, 20), 7.0);
        QVERIFY(std::isnan(criticalThreshold({}, 20)));
    }

    void specRoundTripsThroughJson() {
        AnalysisSpec spec;
        spec.topPercent = 10;
        spec.perturbations = {{PerturbationKind::PatchMean}, {PerturbationKind::State}};
        spec.perturbations[0].patch = 12;
        spec.perturbations[1].stateChange = StateChange::MinusStd;
        const auto again = parseAnalysisSpec(toJson(spec));
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(toJson(*again), toJson(spec));
        spec.perturbations.push_back({PerturbationKind::Greydanus});
        QVERIFY(!check(spec));
        QVERIFY(!parseAnalysisSpec(R"({"perturbations": [{"kind": "blur"}]})"));
        QVERIFY(!parseAnalysisSpec(R"({"top_percent": 0, "perturbations": [{"kind": "state"}]})"));
    }
};

QTEST_GUILESS_MAIN(ActionGapTest)
#include "ActionGapTest.moc"
