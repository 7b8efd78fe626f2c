#include <ATen/ATen.h>

#include <QtTest>

#include "core/quant/Quantizer.h"

using namespace sqil;

namespace {

at::Tensor randomWeight(at::IntArrayRef shape) {
    return at::randn(shape, at::detail::createCPUGenerator(7));
}

double squaredError(const at::Tensor& exact, const at::Tensor& quantized) {
    return (exact - quantized).square().sum().item<double>();
}

constexpr double kPercentile = 99.9;

}  // namespace

class QuantizerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knownAnswer() {
        // max|w| = 7 gives γ = 1 at 4 bits; halves round to even.
        const at::Tensor weight = at::tensor({7.0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -7.0f, 3.2f}).reshape({1, 8});
        const auto result = quantizeWeight(weight, 4, {0, Granularity::Channel, 128}, RangeMethod::MinMax, kPercentile);
        const at::Tensor expected = at::tensor({7.f, 0.f, 2.f, 2.f, 0.f, -2.f, -7.f, 3.f}).reshape({1, 8});
        QVERIFY(at::equal(result.values, expected));
        QVERIFY(at::equal(result.integers, expected.to(at::kChar)));
        QCOMPARE(result.steps.item<float>(), 1.0f);
    }

    void equalsPyTorchsFakeQuantize_data() {
        QTest::addColumn<int>("bits");
        for (int bits = 2; bits <= 8; ++bits)
            QTest::addRow("%d bits", bits) << bits;
    }
    void equalsPyTorchsFakeQuantize() {
        QFETCH(int, bits);
        const at::Tensor weight = randomWeight({6, 3, 5, 5});
        const auto range = integerRange(bits);
        const auto result =
            quantizeWeight(weight, bits, {0, Granularity::Channel, 128}, RangeMethod::MinMax, kPercentile);
        const at::Tensor theirs = at::fake_quantize_per_channel_affine(weight, result.steps, at::zeros({6}, at::kInt),
                                                                       0, range.minimum, range.maximum);
        QVERIFY(at::allclose(result.values, theirs, 1e-6, 1e-7));
        QVERIFY(
            at::allclose(result.steps, weight.abs().flatten(1).amax(1) / static_cast<double>(range.maximum), 1e-6, 0));
    }

    void integersTimesStepsAreTheValues_data() {
        QTest::addColumn<int>("granularity");
        QTest::newRow("tensor") << static_cast<int>(Granularity::Tensor);
        QTest::newRow("channel") << static_cast<int>(Granularity::Channel);
        QTest::newRow("group") << static_cast<int>(Granularity::Group);
    }
    void integersTimesStepsAreTheValues() {
        QFETCH(int, granularity);
        const at::Tensor weight = randomWeight({4, 50});  // 50 inputs: the last of the groups of 16 is ragged
        const auto result =
            quantizeWeight(weight, 4, {0, static_cast<Granularity>(granularity), 16}, RangeMethod::MinMax, kPercentile);
        for (std::int64_t out = 0; out < 4; ++out)
            for (std::int64_t in = 0; in < 50; ++in) {
                const float step = result.steps.dim() == 2     ? result.steps[out][in / 16].item<float>()
                                   : result.steps.numel() == 4 ? result.steps[out].item<float>()
                                                               : result.steps[0].item<float>();
                const float integer = static_cast<float>(result.integers[out][in].item<std::int8_t>());
                QCOMPARE(result.values[out][in].item<float>(), integer * step);
                QVERIFY(std::abs(weight[out][in].item<float>() - integer * step) <= 0.5f * step * 1.0001f);
            }
    }

    void asymmetricEqualsPyTorchsFakeQuantize() {
        const at::Tensor weight = randomWeight({6, 40}) + 0.7;
        for (int bits = 2; bits <= 8; ++bits) {
            const WeightLayout layout{0, Granularity::Channel, 128, true};
            const auto result = quantizeWeight(weight, bits, layout, RangeMethod::MinMax, kPercentile);
            const std::int64_t highest = (std::int64_t{1} << bits) - 1;
            const at::Tensor theirs =
                at::fake_quantize_per_channel_affine(weight, result.steps, result.zeroPoints, 0, 0, highest);
            QVERIFY(at::allclose(result.values, theirs, 1e-5, 1e-6));
            const at::Tensor whole = result.integers.to(at::kInt) - result.zeroPoints.unsqueeze(1);
            QVERIFY(at::allclose(result.values, whole * result.steps.unsqueeze(1), 1e-6, 1e-7));
            QVERIFY(
                at::allclose(result.steps, (weight.amax(1) - weight.amin(1)) / static_cast<double>(highest), 1e-5, 0));
        }
    }

    void asymmetricIsBetterOnOneSidedWeights() {
        const at::Tensor weight = randomWeight({8, 256}).abs();
        const auto error = [&](bool asymmetric, RangeMethod method) {
            const WeightLayout layout{0, Granularity::Group, 64, asymmetric};
            return squaredError(weight, quantizeWeight(weight, 4, layout, method, kPercentile).values);
        };
        QVERIFY(error(true, RangeMethod::MinMax) < 0.5 * error(false, RangeMethod::MinMax));
        QVERIFY(error(true, RangeMethod::Mse) <= error(true, RangeMethod::MinMax));
        const auto zeros = quantizeWeight(at::zeros({2, 8}), 4, {0, Granularity::Channel, 128, true},
                                          RangeMethod::MinMax, kPercentile);
        QVERIFY(at::equal(zeros.values, at::zeros({2, 8})));
    }

    void outputAxisOfTransposedWeights() {
        const at::Tensor weight = randomWeight({5, 4, 3});  // in × out × kernel
        const auto transposed =
            quantizeWeight(weight, 4, {1, Granularity::Channel, 128}, RangeMethod::MinMax, kPercentile);
        const auto plain = quantizeWeight(weight.transpose(0, 1).contiguous(), 4, {0, Granularity::Channel, 128},
                                          RangeMethod::MinMax, kPercentile);
        QCOMPARE(transposed.steps.numel(), 4);
        QVERIFY(at::equal(transposed.values, plain.values.transpose(0, 1)));
    }

    void finerGranularityAndMoreBitsAreNotWorse() {
        const at::Tensor weight = randomWeight({8, 256}) * at::exp(randomWeight({8, 256}));
        const auto error = [&](int bits, Granularity granularity, RangeMethod method) {
            return squaredError(weight, quantizeWeight(weight, bits, {0, granularity, 32}, method, kPercentile).values);
        };
        QVERIFY(error(4, Granularity::Channel, RangeMethod::MinMax) <
                error(4, Granularity::Tensor, RangeMethod::MinMax));
        QVERIFY(error(4, Granularity::Group, RangeMethod::MinMax) <
                error(4, Granularity::Channel, RangeMethod::MinMax));
        QVERIFY(error(4, Granularity::Channel, RangeMethod::Mse) < error(4, Granularity::Channel, RangeMethod::MinMax));
        for (int bits = 3; bits <= 8; ++bits)
            QVERIFY(error(bits, Granularity::Channel, RangeMethod::Mse) <
                    error(bits - 1, Granularity::Channel, RangeMethod::Mse));
    }

    void percentileClipsOutliers() {
        at::Tensor weight = at::linspace(-1, 1, 1001).reshape({1, 1001}).clone();
        weight[0][0] = 100;
        const auto result = quantizeWeight(weight, 8, {0, Granularity::Channel, 128}, RangeMethod::Percentile, 99.0);
        QVERIFY(result.steps.item<float>() * 127 < 1.01f);
        QVERIFY(result.values[0][0].item<float>() < 1.01f);
    }

    void zerosStayZeros() {
        at::Tensor weight = at::zeros({2, 8});
        weight[1][3] = 5;
        for (const auto method : {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse}) {
            const auto result = quantizeWeight(weight, 4, {0, Granularity::Channel, 128}, method, 50.5);
            QVERIFY(at::isfinite(result.values).all().item<bool>());
            QVERIFY(at::allclose(result.values, weight));
        }
    }

    void keepsTheWeightsType() {
        const auto result =
            quantizeWeight(randomWeight({4, 8}).to(at::kBFloat16), 8, {}, RangeMethod::MinMax, kPercentile);
        QCOMPARE(result.values.scalar_type(), at::kBFloat16);
    }

    void refusesWhatIsNoWeight() {
        QVERIFY_EXCEPTION_THROWN(quantizeWeight(at::ones({3, 3}, at::kInt), 4, {}, RangeMethod::MinMax, kPercentile),
                                 std::invalid_argument);
    }

    void activationsAreUnsignedWhereNeverNegative() {
        const at::Tensor sample = at::linspace(0, 3, 301);
        const auto quantizer = activationQuantizer(sample, 0, 3, 8, RangeMethod::MinMax, kPercentile);
        QVERIFY(!quantizer.isSigned);
        QCOMPARE(quantizer.step, 3.0 / 255.0);
        const auto signedOne = activationQuantizer(sample - 1, -1, 2, 8, RangeMethod::MinMax, kPercentile);
        QVERIFY(signedOne.isSigned);
        QCOMPARE(signedOne.step, 2.0 / 127.0);
    }

    void meanSquaredErrorRangeBeatsMinMaxOnHeavyTails() {
        at::Tensor sample = randomWeight({10000}).abs();
        sample[0] = 50;
        const auto error = [&](const ActivationQuantizer& quantizer) {
            const auto range = integerRange(4, quantizer.isSigned);
            return squaredError(
                sample, at::fake_quantize_per_tensor_affine(sample, quantizer.step, 0, range.minimum, range.maximum));
        };
        QVERIFY(error(activationQuantizer(sample, 0, 50, 4, RangeMethod::Mse, kPercentile)) <
                0.5 * error(activationQuantizer(sample, 0, 50, 4, RangeMethod::MinMax, kPercentile)));
    }
};

QTEST_GUILESS_MAIN(QuantizerTest)
#include "QuantizerTest.moc"
