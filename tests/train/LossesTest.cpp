#include <ATen/ATen.h>

#include <QtTest>

#include "core/train/Losses.h"
#include "core/train/Optimizer.h"

using namespace sqil;

class LossesTest : public QObject {
    Q_OBJECT

    static void compare(const at::Tensor& found, const std::vector<float>& expected) {
        QCOMPARE(found.numel(), static_cast<std::int64_t>(expected.size()));
        for (std::size_t index = 0; index < expected.size(); ++index) {
            const double value = found[static_cast<std::int64_t>(index)].item<double>();
            QVERIFY2(std::abs(value - static_cast<double>(expected[index])) < 2e-6, std::to_string(value).c_str());
        }
    }

private Q_SLOTS:
    void errorsByHand() {
        const at::Tensor values = at::tensor({0.5f, 2.0f, 0.0f, -3.0f}).view({2, 2}), zero = at::zeros({2, 2});
        compare(loss::meanSquaredError(values, zero), {2.125f, 4.5f});
        compare(loss::squaredL2(values, zero), {4.25f, 9.0f});
        compare(loss::meanAbsoluteError(values, zero), {1.25f, 1.5f});
        compare(loss::smoothAbsoluteError(values, zero), {0.8125f, 1.25f});
    }

    /// Values by torch 2.11 (torch.distributions, torch.nn.functional).
    void distributionsAsPyTorch() {
        const at::Tensor logits = at::tensor({1.f, 2.f, -1.f, 0.5f, 0.f, 3.f}).view({2, 3});
        compare(loss::crossEntropy(logits, at::tensor({1, 0}, at::kLong)), {0.349012166f, 2.623872995f});
        const at::Tensor tokens = logits.unsqueeze(0);  // one sample, two action dimensions
        compare(loss::crossEntropy(tokens, at::tensor({1, 0}, at::kLong).view({1, 2})),
                {(0.349012166f + 2.623872995f) / 2});
        compare(loss::klDivergence(logits.slice(0, 0, 1), at::tensor({0.f, 1.5f, 0.5f}).view({1, 3})), {0.276968926f});
        const at::Tensor gaussian = at::tensor({.2f, -.4f, .5f, 1.5f}).view({1, 4});
        compare(loss::gaussianNegativeLogLikelihood(gaussian, at::tensor({.1f, .9f}).view({1, 2})), {1.94575047f});
        compare(loss::gaussianKl(gaussian, at::tensor({0.f, .3f, .7f, .6f}).view({1, 4})), {0.82870734f});
        const at::Tensor beta = at::tensor({2.f, 1.5f, 3.f, .8f}).view({1, 4});
        compare(loss::betaNegativeLogLikelihood(beta, at::tensor({.1f, -.6f}).view({1, 2})), {1.73341835f});
        compare(loss::betaKl(beta, at::tensor({1.2f, 4.f, .9f, 2.5f}).view({1, 4})), {1.07222283f});
    }

    void divergencesAreLeastAtTheTeacher() {
        at::manual_seed(3);
        const at::Tensor teacher = at::rand({5, 6}) + 0.2;
        for (const auto kind :
             {Divergence::Mse, Divergence::SquaredL2, Divergence::Kl, Divergence::GaussianKl, Divergence::BetaKl}) {
            QVERIFY(loss::divergence(kind, teacher, teacher).abs().max().item<double>() < 1e-5);
            const at::Tensor moved = teacher * (1 + 0.3 * at::rand({5, 6}));
            QVERIFY(loss::divergence(kind, moved, teacher).min().item<double>() > 0);
        }
    }

    void gradientsReachEverySample() {
        at::manual_seed(4);
        const at::Tensor teacher = at::rand({4, 6}) + 0.2;
        for (const auto kind : {Divergence::Mse, Divergence::Kl, Divergence::GaussianKl, Divergence::BetaKl}) {
            const at::Tensor student = (teacher * 1.2 + 0.1 * at::rand({4, 6})).detach().requires_grad_();
            const at::Tensor alpha = at::tensor({1.f, 2.f, 1.f, 0.f});
            (alpha * loss::divergence(kind, student, teacher)).mean().backward();
            const at::Tensor norms = student.grad().norm(2, 1);
            QVERIFY(norms[0].item<double>() > 0);
            QCOMPARE(norms[3].item<double>(), 0.0);  // a sample of weight 0 teaches nothing
            const at::Tensor plain = teacher.clone();
            // Twice the weight is twice the gradient: against an unweighted run.
            const at::Tensor again = student.detach().clone().requires_grad_();
            loss::divergence(kind, again, plain).mean().backward();
            QVERIFY(at::allclose(student.grad()[1], 2 * again.grad()[1], 1e-5, 1e-7));
        }
    }

    void lossesMustFitTheHead() {
        QCOMPARE(*loss::resolve(ActionLoss::ByHead, ActionHead::Deterministic), ActionLoss::Mse);
        QCOMPARE(*loss::resolve(ActionLoss::ByHead, ActionHead::TokenLogits), ActionLoss::CrossEntropy);
        QCOMPARE(*loss::resolve(Divergence::ByHead, ActionHead::Categorical), Divergence::Kl);
        QCOMPARE(*loss::resolve(Divergence::ByHead, ActionHead::Gaussian), Divergence::GaussianKl);
        const auto wrong = loss::resolve(Divergence::BetaKl, ActionHead::Deterministic);
        QVERIFY(!wrong && wrong.error().message.find("divergence") == 0);
        QVERIFY(!loss::resolve(ActionLoss::Mse, ActionHead::Categorical));
        QVERIFY(!loss::resolve(ActionLoss::LogLikelihood, ActionHead::Deterministic));
    }

    void optimizersStepAsPyTorchs_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QList<float>>("expected");
        // Five steps on ½‖w − 3‖² from (1, −2, 5), lr 0.1, weight decay 0.01, by torch 2.11.
        QTest::newRow("adam") << static_cast<int>(OptimizerKind::Adam)
                              << QList<float>{1.496985912f, -1.500989437f, 4.502900124f};
        QTest::newRow("adamw") << static_cast<int>(OptimizerKind::AdamW)
                               << QList<float>{1.491100311f, -1.492022038f, 4.479193687f};
        QTest::newRow("sgd") << static_cast<int>(OptimizerKind::Sgd)
                             << QList<float>{3.042833328f, 3.153278351f, 2.895573616f};
    }
    void optimizersStepAsPyTorchs() {
        QFETCH(int, kind);
        QFETCH(QList<float>, expected);
        TrainSpec spec;
        spec.optimizer = static_cast<OptimizerKind>(kind);
        spec.weightDecay = 0.01;
        const at::Tensor weight = at::tensor({1.f, -2.f, 5.f}).requires_grad_();
        const std::vector<TrainableTensor> tensors{{"w", weight, TrainableTensor::Role::Weight}};
        Optimizer optimizer(spec, tensors);
        for (int step = 0; step < 5; ++step) {
            if (step == 2) {  // a new optimizer takes over the state
                Optimizer other(spec, tensors);
                std::map<std::string, at::Tensor> state;
                for (const auto& [name, tensor] : optimizer.state())
                    state[name] = tensor.clone();
                QVERIFY(other.restore(state));
                optimizer = std::move(other);
            }
            ((weight - 3).square() * 0.5).sum().backward();
            optimizer.step(0.1);
            optimizer.clearGradients();
        }
        for (int index = 0; index < 3; ++index)
            QVERIFY(std::abs(weight[index].item<float>() - expected[index]) < 2e-6f);
        QVERIFY(!optimizer.restore({}));
    }

    void quantizerStepsHaveTheirOwnRateAndStayPositive() {
        TrainSpec spec;
        spec.optimizer = OptimizerKind::Sgd;
        spec.momentum = 0;
        spec.stepSizeFactor = 0.5;
        spec.weightDecay = 1;
        const at::Tensor weight = at::ones({1}).requires_grad_(), step = at::ones({1}).requires_grad_();
        Optimizer optimizer(
            spec, {{"w", weight, TrainableTensor::Role::Weight}, {"s", step, TrainableTensor::Role::WeightStep}});
        (weight + step).sum().backward();
        optimizer.step(0.1);
        QVERIFY(std::abs(weight.item<float>() - 0.8f) < 1e-6f);  // gradient 1 and decay 1
        QVERIFY(std::abs(step.item<float>() - 0.95f) < 1e-6f);
        optimizer.step(100);
        QVERIFY(step.item<float>() > 0);
    }

    void clippingKeepsTheDirection() {
        const at::Tensor weight = at::zeros({2}).requires_grad_();
        Optimizer optimizer(TrainSpec{}, {{"w", weight, TrainableTensor::Role::Weight}});
        (weight * at::tensor({3.f, 4.f})).sum().backward();
        QCOMPARE(optimizer.clipGradient(0), 5.0);
        QCOMPARE(optimizer.clipGradient(1), 5.0);
        QVERIFY(at::allclose(weight.grad(), at::tensor({.6f, .8f})));
    }
};

QTEST_GUILESS_MAIN(LossesTest)
#include "LossesTest.moc"
