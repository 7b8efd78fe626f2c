#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "core/quant/LearnedStep.h"
#include "core/quant/LearnedStepKernels.h"
#include "core/quant/Quantizer.h"

using namespace sqil;

namespace {

at::Tensor randomTensor(std::vector<std::int64_t> sizes, std::uint64_t seed) {
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    return at::randn(sizes, generator, at::TensorOptions().dtype(at::kFloat));
}

struct Result3 {
    at::Tensor out, values, steps;
};

Result3 withGradients(const at::Tensor& values, const at::Tensor& steps, const at::Tensor& outGradient,
                      IntegerRange range, std::int64_t axis, std::int64_t groupSize, double scale) {
    const at::Tensor v = values.clone().requires_grad_();
    const at::Tensor s = steps.clone().requires_grad_();
    const at::Tensor out = learnedStepQuantize(v, s, range, axis, groupSize, scale);
    out.backward(outGradient);
    return {out.detach(), v.grad(), s.grad()};
}

double largestDifference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

}  // namespace

class LearnedStepTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheWeightQuantizer_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("granularity");
        QTest::addColumn<int>("axis");
        for (const int bits : {2, 3, 4, 8})
            for (const auto granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
                for (const int axis : {0, 1})
                    QTest::addRow("%d bits, granularity %d, axis %d", bits, static_cast<int>(granularity), axis)
                        << bits << static_cast<int>(granularity) << axis;
    }
    void equalsTheWeightQuantizer() {
        QFETCH(int, bits);
        QFETCH(int, granularity);
        QFETCH(int, axis);
        const at::Tensor weight = randomTensor({12, 10, 3, 3}, 1);
        const WeightLayout layout{axis, static_cast<Granularity>(granularity), 32};
        const auto expected = quantizeWeight(weight, bits, layout, RangeMethod::Mse, 100);
        const bool whole = layout.granularity == Granularity::Tensor;
        const at::Tensor quantized =
            learnedStepQuantize(weight, expected.steps, integerRange(bits), whole ? -1 : axis,
                                layout.granularity == Granularity::Group ? layout.groupSize : 0, 1.0);
        const auto given = quantizeWeight(weight, expected.steps, bits, layout);
        QVERIFY(at::equal(quantized, given.values));
        // The post-training quantizer divides where this one multiplies by 1/γ: ties may fall either way.
        QVERIFY((quantized != expected.values).sum().item<std::int64_t>() <= 2);
    }

    /// PyTorch's own learnable fake quantizer, whose inner region is by the rounded value: half a step wider.
    void agreesWithPyTorchsOwn_data() {
        QTest::addColumn<bool>("isSigned");
        QTest::newRow("signed") << true;
        QTest::newRow("unsigned") << false;
    }
    void agreesWithPyTorchsOwn() {
        QFETCH(bool, isSigned);
        const auto range = integerRange(4, isSigned);
        const float step = 0.2F;
        at::Tensor values = randomTensor({64, 129}, 2);
        if (!isSigned)
            values = values.relu();
        const at::Tensor ratio = values / step;
        // Away from the half steps at both ends, on which the two differ by definition.
        const at::Tensor agreed = (ratio >= static_cast<double>(range.minimum))
                                      .logical_and(ratio <= static_cast<double>(range.maximum))
                                      .logical_or(ratio < static_cast<double>(range.minimum) - 0.51)
                                      .logical_or(ratio > static_cast<double>(range.maximum) + 0.51);
        values = at::where(agreed, values, at::zeros_like(values));
        const at::Tensor outGradient = randomTensor({64, 129}, 3);
        const double factor = 0.037;
        const auto ours = withGradients(values, at::full({1}, step), outGradient, range, -1, 0, factor);

        const at::Tensor v = values.clone().requires_grad_();
        const at::Tensor s = at::full({1}, step).requires_grad_();
        const at::Tensor zero = at::zeros({1}).requires_grad_();
        const at::Tensor theirs =
            at::_fake_quantize_learnable_per_tensor_affine(v, s, zero, range.minimum, range.maximum, factor);
        theirs.backward(outGradient);
        QVERIFY(largestDifference(ours.out, theirs.detach()) < 1e-6);
        QVERIFY(at::equal(ours.values, v.grad()));
        QVERIFY(largestDifference(ours.steps, s.grad()) < 1e-4 * s.grad().abs().max().item<double>());
    }

    void agreesWithPyTorchsOwnPerChannel() {
        const auto range = integerRange(3);
        const at::Tensor values = randomTensor({7, 33}, 4) * 0.05;
        const at::Tensor steps = at::linspace(0.1, 0.4, 7, at::TensorOptions().dtype(at::kFloat));
        const at::Tensor outGradient = randomTensor({7, 33}, 5);
        const auto ours = withGradients(values, steps, outGradient, range, 0, 0, 1.0);
        const at::Tensor v = values.clone().requires_grad_();
        const at::Tensor s = steps.clone().requires_grad_();
        at::_fake_quantize_learnable_per_channel_affine(v, s, at::zeros({7}), 0, range.minimum, range.maximum, 1.0)
            .backward(outGradient);
        QVERIFY(at::equal(ours.values, v.grad()));
        QVERIFY(largestDifference(ours.steps, s.grad()) < 1e-5);
    }

    /// The gradient is that of s·(clip(v/s) + r) with the rounding r held fixed: straight through.
    void stepGradientEqualsFiniteDifferences_data() {
        QTest::addColumn<int>("axis");
        QTest::addColumn<int>("groupSize");
        QTest::newRow("tensor") << -1 << 0;
        QTest::newRow("channel") << 0 << 0;
        QTest::newRow("inner axis") << 1 << 0;
        QTest::newRow("ragged groups") << 0 << 5;
    }
    void stepGradientEqualsFiniteDifferences() {
        QFETCH(int, axis);
        QFETCH(int, groupSize);
        const auto range = integerRange(4);
        const at::Tensor values = randomTensor({4, 6, 3}, 6) * 3;
        const std::int64_t outputs = axis < 0 ? 1 : values.size(axis);
        const std::int64_t inputs = values.numel() / outputs;
        const std::int64_t groups = groupSize > 0 ? (inputs + groupSize - 1) / groupSize : 1;
        const at::Tensor steps = randomTensor({outputs * groups}, 7).abs() * 0.2 + 0.1;
        const at::Tensor outGradient = randomTensor({4, 6, 3}, 8);
        const double scale = 0.25;
        const auto ours =
            withGradients(values, steps.reshape({outputs, groups}), outGradient, range, axis, groupSize, scale);

        const at::Tensor rows =
            (axis < 0 ? values.reshape({1, -1}) : values.movedim(axis, 0).reshape({outputs, -1})).to(at::kDouble);
        const at::Tensor gradientRows =
            (axis < 0 ? outGradient.reshape({1, -1}) : outGradient.movedim(axis, 0).reshape({outputs, -1}))
                .to(at::kDouble);
        for (std::int64_t output = 0; output < outputs; ++output)
            for (std::int64_t group = 0; group < groups; ++group) {
                const std::int64_t size = groupSize > 0 ? groupSize : inputs;
                const std::int64_t end = std::min(inputs, (group + 1) * size);
                const at::Tensor v = rows[output].slice(0, group * size, end);
                const at::Tensor g = gradientRows[output].slice(0, group * size, end);
                const double step = steps[output * groups + group].item<float>();
                const at::Tensor clipped = (v / step).clamp(range.minimum, range.maximum);
                const at::Tensor rounding = clipped.round() - clipped;
                const auto surrogate = [&](double s) {
                    return (((v / s).clamp(range.minimum, range.maximum) + rounding) * s * g).sum().item<double>();
                };
                const double h = 1e-7;
                const double expected = (surrogate(step + h) - surrogate(step - h)) / (2 * h) * scale;
                const double found = ours.steps.reshape({-1})[output * groups + group].item<double>();
                QVERIFY2(std::abs(found - expected) < 1e-5 * std::max(1.0, std::abs(expected)),
                         qPrintable(QString("%1 against %2").arg(found).arg(expected)));
            }
    }

    void sumsDoNotDependOnThreads() {
        const at::Tensor values = randomTensor({64, 4097}, 9);
        const at::Tensor outGradient = randomTensor({64, 4097}, 10);
        const int before = at::get_num_threads();
        at::set_num_threads(1);
        const auto one = withGradients(values, at::full({1}, 0.3), outGradient, integerRange(4), -1, 0, 1.0);
        at::set_num_threads(std::max(2, before));
        const auto many = withGradients(values, at::full({1}, 0.3), outGradient, integerRange(4), -1, 0, 1.0);
        at::set_num_threads(before);
        QVERIFY(at::equal(one.steps, many.steps));
        QVERIFY(at::equal(one.values, many.values));
    }

    void everyKernelComputesTheSame() {
        const at::Tensor values = randomTensor({1037}, 11) * 4;
        const at::Tensor gradient = randomTensor({1037}, 12);
        const auto& best = learnedStepKernels();
        std::vector<float> out(1037), bestOut(1037), back(1037), bestBack(1037);
        const float* v = values.const_data_ptr<float>();
        const float* g = gradient.const_data_ptr<float>();
        learnedStepPortable.quantize(v, out.data(), 1037, 0.31F, -8, 7);
        best.quantize(v, bestOut.data(), 1037, 0.31F, -8, 7);
        QVERIFY(out == bestOut);
        const double sum = learnedStepPortable.gradients(v, g, back.data(), 1037, 0.31F, -8, 7);
        const double bestSum = best.gradients(v, g, bestBack.data(), 1037, 0.31F, -8, 7);
        QVERIFY(back == bestBack);
        QVERIFY(std::abs(sum - bestSum) < 1e-3 * std::max(1.0, std::abs(sum)));
    }

    void keepsMemoryFormatAndPassesNaN() {
        at::Tensor values = randomTensor({2, 3, 5, 4}, 13).contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor plain =
            learnedStepQuantize(values.contiguous(), at::full({1}, 0.1), integerRange(4), -1, 0, 1);
        const at::Tensor last = learnedStepQuantize(values, at::full({1}, 0.1), integerRange(4), -1, 0, 1);
        QVERIFY(last.is_contiguous(at::MemoryFormat::ChannelsLast));
        QVERIFY(at::equal(plain, last));
        values[0][0][0][0] = NAN;
        QVERIFY(std::isnan(
            learnedStepQuantize(values, at::full({1}, 0.1), integerRange(4), -1, 0, 1)[0][0][0][0].item<float>()));
    }

    void wrongNumberOfStepsIsAnError() {
        QVERIFY_THROWS_EXCEPTION(
            c10::Error, learnedStepQuantize(randomTensor({4, 4}, 1), at::ones({3}), integerRange(4), 0, 0, 1.0));
        QVERIFY_THROWS_EXCEPTION(
            c10::Error, learnedStepQuantize(randomTensor({4, 4}, 1), at::ones({4}), integerRange(4), 2, 0, 1.0));
    }
};

QTEST_GUILESS_MAIN(LearnedStepTest)
#include "LearnedStepTest.moc"
