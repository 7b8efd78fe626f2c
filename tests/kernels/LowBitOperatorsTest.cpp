#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <QtTest>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/kernels/Operators.h"
#include "core/kernels/PanelLayout.h"
#include "core/quant/Quantizer.h"
#include "core/quant/lowering/PackedLayer.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

std::vector<c10::IValue> call(const std::string& name, std::vector<c10::IValue> stack) {
    const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), "");
    handle.callBoxed(&stack);
    return stack;
}

c10::IValue orNone(const at::Tensor& tensor) {
    return tensor.defined() ? c10::IValue(tensor) : c10::IValue();
}

at::Tensor floatLinear(const PackedLayer& layer, const at::Tensor& x) {
    std::vector<c10::IValue> stack{x, layer.weight, layer.scales, orNone(layer.zeros), orNone(layer.bias)};
    if (layer.target == "sqil::linear_w4a16")
        stack.push_back(orNone(layer.table));
    stack.insert(stack.end(), {layer.outputs, layer.groupSize});
    return call(layer.target, stack)[0].toTensor();
}

at::Tensor integerLinear(const PackedLayer& layer, const at::Tensor& x, const CodeFormat& input) {
    const at::Tensor codes = call("sqil::quantize_rows", {x, input.step, input.zero, input.maximum})[0].toTensor();
    return call(layer.target, {codes, layer.weight, layer.scales, layer.corrections, orNone(layer.bias), layer.inputs,
                               layer.outputs, layer.groupSize, false, 0.0, std::int64_t{0}, std::int64_t{255}})[0]
        .toTensor();
}

LayerIntegers integersOf(const QuantizedWeight& weight, std::int64_t groupSize) {
    LayerIntegers integers{
        weight.integers.to(at::kInt), weight.steps.reshape({weight.integers.size(0), -1}), {}, groupSize};
    if (weight.zeroPoints.defined())
        integers.zeroPoints = weight.zeroPoints.reshape(integers.steps.sizes());
    return integers;
}

double distance(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>() / std::max(b.abs().max().item<double>(), 1e-12);
}

nlohmann::json cases() {
    std::ifstream stream(test::reference() / "low_bit_cases" / "cases.json");
    return nlohmann::json::parse(stream);
}

at::Tensor read(const nlohmann::json& entry, at::ScalarType type) {
    const at::Tensor tensor = at::empty(entry.at("shape").get<std::vector<std::int64_t>>(), type);
    std::ifstream stream(test::reference() / "low_bit_cases" / entry.at("file").get<std::string>(), std::ios::binary);
    stream.read(static_cast<char*>(tensor.mutable_data_ptr()), static_cast<std::streamsize>(tensor.nbytes()));
    return tensor;
}

bool haveCases() {
    return std::filesystem::exists(test::reference() / "low_bit_cases" / "cases.json");
}

}  // namespace

/// The operators as the dispatcher calls them: against PyTorch's and ONNX Runtime's, and with arguments that do not
/// fit.
class LowBitOperatorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { registerLowBitOperators(); }

    void floatLinearIsThatOfTheQuantizedValues_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        QTest::addColumn<bool>("asymmetric");
        for (const int bits : {2, 4, 5, 8})
            for (const int group : {0, 32, 128})
                for (const bool asymmetric : {false, true})
                    QTest::addRow("W%dA16 group %d%s", bits, group, asymmetric ? " asymmetric" : "")
                        << bits << group << asymmetric;
    }
    void floatLinearIsThatOfTheQuantizedValues() {
        QFETCH(int, bits);
        QFETCH(int, group);
        QFETCH(bool, asymmetric);
        at::manual_seed(1);
        const at::Tensor weight = at::randn({75, 300}), bias = at::randn({75});
        const WeightLayout layout{0, group ? Granularity::Group : Granularity::Channel, group, asymmetric};
        const QuantizedWeight quantized = quantizeWeight(weight, bits, layout, RangeMethod::MinMax, 99.9);
        const auto packed = packFloatLinear(integersOf(quantized, group), bits, bias);
        QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
        QCOMPARE(packed->target, std::string(bits <= 4 ? "sqil::linear_w4a16" : "sqil::linear_w8a16"));
        for (const auto& shape : {std::vector<std::int64_t>{1, 300}, {7, 300}, {2, 3, 300}, {40, 300}, {300}}) {
            const at::Tensor x = at::randn(shape);
            QVERIFY(distance(floatLinear(*packed, x), at::linear(x, quantized.values, bias)) < 2e-6);
        }
        const at::Tensor x = at::randn({3, 300}).to(at::kBFloat16);
        const at::Tensor y = floatLinear(*packed, x);
        QCOMPARE(y.scalar_type(), at::kBFloat16);
        QVERIFY(distance(y.to(at::kFloat), at::linear(x.to(at::kFloat), quantized.values, bias)) < 1.0 / 200);
    }

    void integerLinearIsThatOfTheCodes_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::addColumn<int>("group");
        QTest::addColumn<bool>("isSigned");
        QTest::newRow("w8a8") << 8 << 8 << 0 << true;
        QTest::newRow("w8a8 unsigned") << 8 << 8 << 0 << false;
        QTest::newRow("w4a8 groups") << 4 << 8 << 64 << true;
        QTest::newRow("w4a4") << 4 << 4 << 0 << true;
        QTest::newRow("w4a4 unsigned groups") << 4 << 4 << 32 << false;
    }
    void integerLinearIsThatOfTheCodes() {
        QFETCH(int, weights);
        QFETCH(int, activations);
        QFETCH(int, group);
        QFETCH(bool, isSigned);
        at::manual_seed(2);
        const at::Tensor weight = at::randn({75, 300}), bias = at::randn({75});
        const WeightLayout layout{0, group ? Granularity::Group : Granularity::Channel, group, false};
        const QuantizedWeight quantized = quantizeWeight(weight, weights, layout, RangeMethod::MinMax, 99.9);
        const IntegerRange range = integerRange(activations, isSigned);
        const CodeFormat input{0.07, -range.minimum, range.maximum - range.minimum};
        const auto packed = packIntegerLinear(integersOf(quantized, group), weights, input, bias);
        QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
        const at::Tensor x = isSigned ? at::randn({9, 300}) : at::rand({9, 300});
        const at::Tensor fake = at::fake_quantize_per_tensor_affine(x, 0.07, 0, range.minimum, range.maximum);
        QVERIFY(distance(integerLinear(*packed, x, input), at::linear(fake, quantized.values, bias)) < 2e-6);
    }

    /// PyTorch's own 4-bit kernel, which takes bfloat16: as near as that allows.
    void agreesWithPyTorchsInt4() {
        at::manual_seed(3);
        const at::Tensor codes = at::randint(0, 16, {128, 256}, at::kInt);
        const at::Tensor scales = at::rand({128, 2}) * 0.05 + 0.01;
        LayerIntegers integers{codes - 8, scales.to(at::kBFloat16).to(at::kFloat), {}, 128};
        const auto packed = packFloatLinear(integers, 4, {});
        const at::Tensor x = at::randn({4, 256}).to(at::kBFloat16);
        const at::Tensor theirs = at::_convert_weight_to_int4pack_for_cpu(codes, 2);
        const at::Tensor scalesAndZeros =
            at::stack({scales.t(), at::zeros({2, 128})}, 2).to(at::kBFloat16).contiguous();
        const at::Tensor expected = at::_weight_int4pack_mm_for_cpu(x, theirs, 128, scalesAndZeros).to(at::kFloat);
        QVERIFY(distance(floatLinear(*packed, x).to(at::kFloat), expected) < 0.02);
    }

    void agreesWithMatMulNBits() {
        if (!haveCases())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        int compared = 0;
        for (const auto& entry : cases()) {
            if (entry.at("kind") != "matmul_nbits")
                continue;
            LayerIntegers integers{read(entry.at("codes"), at::kByte).to(at::kInt),
                                   read(entry.at("scales"), at::kFloat),
                                   {},
                                   entry.at("block").get<std::int64_t>()};
            if (entry.contains("zeros"))
                integers.zeroPoints = read(entry.at("zeros"), at::kByte).to(at::kInt);
            else
                integers.integers = integers.integers - 8;
            const auto packed = packFloatLinear(integers, 4, {});
            QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
            QVERIFY(distance(floatLinear(*packed, read(entry.at("x"), at::kFloat)), read(entry.at("y"), at::kFloat)) <
                    1e-5);
            ++compared;
        }
        QCOMPARE(compared, 4);
    }

    void agreesWithQLinearConv() {
        if (!haveCases())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        int compared = 0;
        for (const auto& entry : cases()) {
            if (entry.at("kind") != "qlinear_conv")
                continue;
            const at::Tensor x = read(entry.at("x"), at::kByte), weight = read(entry.at("w"), at::kChar).to(at::kInt);
            const at::Tensor scales = read(entry.at("scales"), at::kFloat);
            const CodeFormat input{entry.at("x_scale").get<double>(), entry.at("x_zero").get<std::int64_t>(), 255};
            const at::Tensor bias = read(entry.at("bias"), at::kInt).to(at::kFloat) * scales * input.step;
            const auto packed = packConv({weight, scales.unsqueeze(1), {}, 0}, 8, input, bias);
            QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
            const at::Tensor floats = (x.to(at::kFloat) - static_cast<double>(input.zero)) * input.step;
            const at::Tensor codes =
                call("sqil::quantize_nhwc", {floats, input.step, input.zero, input.maximum})[0].toTensor();
            const std::int64_t stride = entry.at("stride").get<std::int64_t>(),
                               padding = entry.at("padding").get<std::int64_t>();
            const at::IntArrayRef kernel = weight.sizes().slice(2);
            const auto out =
                call("sqil::conv2d_w8a8",
                     {codes, packed->weight, packed->scales, packed->corrections, packed->bias, c10::IValue(),
                      packed->outputs, kernel.vec(), std::vector<std::int64_t>{stride, stride},
                      std::vector<std::int64_t>{padding, padding}, std::vector<std::int64_t>{1, 1}, input.zero, false,
                      entry.at("y_scale").get<double>(), entry.at("y_zero").get<std::int64_t>(), std::int64_t{255},
                      std::int64_t{2}});
            const at::Tensor expected = read(entry.at("y"), at::kByte).permute({0, 2, 3, 1}).to(at::kInt);
            const at::Tensor got = out[0].toTensor().slice(3, 0, packed->outputs).to(at::kInt);
            QCOMPARE(got.sizes(), expected.sizes());
            // They multiply the sum by one rounded factor, we scale, add the bias and divide: ties may part.
            QVERIFY((got - expected).abs().max().item<int>() <= 1);
            QVERIFY((got == expected).to(at::kFloat).mean().item<double>() > 0.999);
            // And as floats: PyTorch's convolution of the dequantized numbers.
            const at::Tensor plain =
                at::conv2d(floats, weight * scales.reshape({-1, 1, 1, 1}), bias, {stride, stride}, {padding, padding});
            const at::Tensor wide = call("sqil::dequantize_nhwc", {out[1]})[0].toTensor();
            QVERIFY(distance(wide, plain) < 2e-6);
            ++compared;
        }
        QCOMPARE(compared, 3);
    }

    /// A policy file may name these operators with anything: sizes are checked, memory is not touched.
    void argumentsThatDoNotFitAreErrors() {
        const at::Tensor weight = at::zeros({packedBytes(WeightFormat::Integer8, 16, 8)}, at::kByte);
        const at::Tensor scales = at::ones({16}), corrections = at::zeros({16}, at::kInt),
                         codes = at::zeros({2, 8}, at::kByte);
        const auto linear = [&](const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, std::int64_t inputs,
                                std::int64_t outputs, std::int64_t group, double step, std::int64_t maximum) {
            return call("sqil::linear_w8a8", {x, w, s, corrections, c10::IValue(), inputs, outputs, group, false, step,
                                              std::int64_t{0}, maximum});
        };
        const std::int64_t eight = 8, sixteen = 16, none = 0, full = 255;
        QCOMPARE(linear(codes, weight, scales, eight, sixteen, none, 0.0, full)[0].toTensor().size(1), sixteen);
        QVERIFY_EXCEPTION_THROWN(linear(codes.slice(1, 0, 7), weight, scales, eight, sixteen, none, 0.0, full),
                                 c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight.slice(0, 1), scales, eight, sixteen, none, 0.0, full),
                                 c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales.slice(0, 1), eight, sixteen, none, 0.0, full),
                                 c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales, std::int64_t{-8}, sixteen, none, 0.0, full), c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales, eight, std::int64_t{1} << 40, none, 0.0, full),
                                 c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales, eight, sixteen, std::int64_t{3}, 0.0, full), c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales, eight, sixteen, none, -1.0, full), c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes, weight, scales, eight, sixteen, none, 1.0, std::int64_t{256}),
                                 c10::Error);
        QVERIFY_EXCEPTION_THROWN(linear(codes.to(at::kFloat), weight, scales, eight, sixteen, none, 0.0, full),
                                 c10::Error);
        using Pair = std::vector<std::int64_t>;
        const at::Tensor image = at::zeros({1, 4, 4, 4}, at::kByte);
        const at::Tensor filter = at::zeros({packedBytes(WeightFormat::Integer8, 16, 36)}, at::kByte);
        const auto conv = [&](const at::Tensor& x, const Pair& stride, const Pair& padding,
                              const c10::IValue& residual) {
            return call("sqil::conv2d_w8a8",
                        {x, filter, scales, corrections, c10::IValue(), residual, sixteen, Pair{3, 3}, stride, padding,
                         Pair{1, 1}, none, false, 1.0, none, full, std::int64_t{1}});
        };
        QCOMPARE(conv(image, {1, 1}, {1, 1}, c10::IValue())[0].toTensor().sizes(), at::IntArrayRef({1, 4, 4, 16}));
        QVERIFY_EXCEPTION_THROWN(conv(image.slice(3, 0, 3), {1, 1}, {1, 1}, c10::IValue()), c10::Error);
        QVERIFY_EXCEPTION_THROWN(conv(image, {0, 1}, {1, 1}, c10::IValue()), c10::Error);
        QVERIFY_EXCEPTION_THROWN(conv(image, {1, 1}, {-1, 0}, c10::IValue()), c10::Error);
        QVERIFY_EXCEPTION_THROWN(conv(image.slice(1, 0, 2), {1, 1}, {0, 0}, c10::IValue()), c10::Error);
        QVERIFY_EXCEPTION_THROWN(conv(image, {1, 1}, {1, 1}, at::zeros({1, 4, 4, 15})), c10::Error);
        QVERIFY_EXCEPTION_THROWN(call("sqil::max_pool2d_nhwc", {image, Pair{2, 2}, Pair{1, 1}, Pair{2, 2}}),
                                 c10::Error);
    }

    /// A window is no larger than its image, whatever a file says of it.
    void hugeWindowsTakeNoMemory() {
        using Pair = std::vector<std::int64_t>;
        constexpr std::int64_t huge = (1 << 20) - 2;  // the largest even one allowed
        const at::Tensor image = at::arange(64, at::kByte).view({1, 4, 4, 4});
        const at::Tensor pooled =
            call("sqil::max_pool2d_nhwc", {image, Pair{huge, huge}, Pair{huge, huge}, Pair{huge / 2, huge / 2}})[0]
                .toTensor();
        QVERIFY(at::equal(pooled, image.slice(1, 3).slice(2, 3)));
    }
};

QTEST_GUILESS_MAIN(LowBitOperatorsTest)
#include "LowBitOperatorsTest.moc"
