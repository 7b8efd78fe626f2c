// What is asked of single steps beside the analysis: perturbed pictures, saliency of one policy, how sure a head is.
#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "core/analysis/PerturbedFrame.h"
#include "core/analysis/PolicyProbe.h"
#include "core/analysis/Saliency.h"
#include "core/base/AtomicFile.h"
#include "core/policy/Policy.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"
#include "tests/analysis/SaliencyGraphs.h"

using namespace sqil;

class ProbeTest : public QObject {
    Q_OBJECT
    std::shared_ptr<Rollouts> rollouts_;
    std::shared_ptr<const Policy> policy_;

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        rollouts_ = *Rollouts::open(test::sample() / "rollouts.hdf5");
        policy_ = *Policy::load(test::sample() / "policy.pt2", rollouts_->info());
    }

    void picturesAreThoseTheScoresWereComputedOn_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("greydanus") << int(PerturbationKind::Greydanus);
        QTest::newRow("patch-mean") << int(PerturbationKind::PatchMean);
    }
    void picturesAreThoseTheScoresWereComputedOn() {
        QFETCH(int, kind);
        const PerturbationSpec spec{PerturbationKind(kind)};
        auto engine = SaliencyEngine::create(policy_, {spec});
        QVERIFY2(engine.has_value(), engine ? "" : engine.error().message.c_str());
        const auto inputs = policy_->inputs(*rollouts_, 1, 20, 1);
        QVERIFY(inputs.has_value());
        for (const std::int64_t place : {0, 27, 63}) {
            const auto expected = engine->perturbed(*inputs, 0, place);
            QVERIFY2(expected.has_value(), expected ? "" : expected.error().message.c_str());
            const auto frame = perturbedFrame(*rollouts_, 1, 20, policy_->card().inputs[0], spec, place);
            QVERIFY2(frame.has_value(), frame ? "" : frame.error().message.c_str());
            QCOMPARE(frame->height, (*expected).size(2));
            const at::Tensor bytes =
                ((*expected)[0] * 255).round().clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
            std::int64_t most = 0;
            for (std::int64_t index = 0; index < bytes.numel(); ++index)
                most = std::max<std::int64_t>(most, std::abs(int(bytes.const_data_ptr<std::uint8_t>()[index]) -
                                                             int(frame->pixels[std::size_t(index)])));
            QVERIFY2(most <= 1, qPrintable(QString::number(most)));  // rounding of ·1/255 and back
            QVERIFY(frame->left < frame->right && frame->top < frame->bottom && frame->right <= 1 &&
                    frame->bottom <= 1);
        }
        const auto none = perturbedFrame(*rollouts_, 1, 20, policy_->card().inputs[0], spec, 1'000'000);
        QVERIFY(!none && none.error().message.find("places") != std::string::npos);
        QVERIFY(!perturbedFrame(*rollouts_, 1, 20, policy_->card().inputs[1], spec, 0));  // a state vector
    }

    void saliencyIsTheAnalysiss() {
        AnalysisSpec spec;
        spec.perturbations = {PerturbationSpec{PerturbationKind::PatchMean}, PerturbationSpec{PerturbationKind::State}};
        const auto analyzer = Analyzer::create(policy_, nullptr, rollouts_, spec);
        QVERIFY(analyzer.has_value());
        const auto probe = PolicyProbe::open(test::sample() / "policy.pt2", rollouts_, spec);
        QVERIFY2(probe.has_value(), probe ? "" : probe.error().message.c_str());
        const auto expected = (*analyzer)->step(0, 12, false);
        const auto maps = (*probe)->saliency(0, 12);
        QVERIFY(maps.has_value());
        QCOMPARE(maps->size(), expected->saliency.size());
        for (std::size_t input = 0; input < maps->size(); ++input) {
            QCOMPARE((*maps)[input].input, expected->saliency[input].input);
            QCOMPARE((*maps)[input].scores, expected->saliency[input].scores);
        }
        QCOMPARE((*probe)->head(), ActionHead::Deterministic);
        const auto spread = (*probe)->spread(0, 0, 3);
        QVERIFY(!spread && spread.error().kind == ErrorKind::Unsupported);
        QVERIFY(!PolicyProbe::open(test::sample() / "nothing.pt2", rollouts_, spec));
    }

    void headsSayHowSureTheyAre_data() {
        QTest::addColumn<int>("head");
        QTest::newRow("gaussian") << int(ActionHead::Gaussian);
        QTest::newRow("beta") << int(ActionHead::Beta);
    }
    void headsSayHowSureTheyAre() {
        QFETCH(int, head);
        const bool beta = ActionHead(head) == ActionHead::Beta;
        test::GraphMaker maker(5);
        const ValueId state = maker.input("robot0_eef_pos", {3});
        ValueId first = maker.linear(state, 3, 2), second = maker.linear(state, 3, 2);
        if (beta) {  // both above zero
            first = maker.node("exp", {test::GraphMaker::of(first)});
            second = maker.node("exp", {test::GraphMaker::of(second)});
        }
        const auto policy = maker.policy({first, second}, ActionHead(head));
        QVERIFY(policy);
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "p.pt2";
        PolicyFile file = policy->file();
        file.graph.symbolRanges["s0"] = {1, 4096};
        const auto written = writePolicyFile(path, file);
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        QVERIFY(writeTextFile(path.parent_path() / "p.card.json", toJson(policy->card())));
        AnalysisSpec spec;
        spec.perturbations = {PerturbationSpec{PerturbationKind::State}};
        const auto probe = PolicyProbe::open(path, rollouts_, spec);
        QVERIFY2(probe.has_value(), probe ? "" : probe.error().message.c_str());

        const std::int64_t steps = rollouts_->info().episodes[0].steps;
        const auto spread = (*probe)->spread(0, steps - 3, 10);  // beyond the end there is nothing
        QVERIFY2(spread.has_value(), spread ? "" : spread.error().message.c_str());
        QCOMPARE(spread->first, steps - 3);
        QCOMPARE(spread->steps, std::int64_t(3));
        QCOMPARE(spread->dimensions, std::size_t(2));
        QCOMPARE((*probe)->spread(0, -4, 6)->steps, std::int64_t(2));

        const auto inputs = policy->inputs(*rollouts_, 0, steps - 3, 3);
        const at::Tensor output = *policy->forward(*inputs);
        for (std::int64_t step = 0; step < 3; ++step)
            for (std::int64_t dimension = 0; dimension < 2; ++dimension) {
                const double a = output[step][dimension].item<double>(), b = output[step][dimension + 2].item<double>();
                const auto at = static_cast<std::size_t>(2 * step + dimension);
                // The textbook's mean and variance of Beta(a, b) on [0, 1], stretched to [−1, 1].
                const double mean = beta ? 2 * a / (a + b) - 1 : a;
                const double deviation = beta ? 2 * std::sqrt(a * b / ((a + b) * (a + b) * (a + b + 1))) : b;
                QVERIFY(std::abs(double(spread->mean[at]) - mean) < 1e-5);
                QVERIFY(std::abs(double(spread->deviation[at]) - deviation) < 1e-5 && deviation > 0);
            }
        QCOMPARE(spread->alpha.size(), std::size_t(beta ? 6 : 0));
    }
};

QTEST_GUILESS_MAIN(ProbeTest)
#include "ProbeTest.moc"
