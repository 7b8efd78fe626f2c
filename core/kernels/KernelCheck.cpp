#include "core/kernels/KernelCheck.h"

#include <cmath>
#include <sstream>

#include "core/kernels/LowBitCalls.h"
#include "core/kernels/RandomWeights.h"

namespace sqil {
namespace {

constexpr int kThreads = 2;
constexpr float kTable[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
/// NF4's values (arXiv 2305.14314) as any table that is not evenly spaced.
constexpr float kNormalFloat[16] = {-1.0F,   -0.6962F, -0.5251F, -0.3949F, -0.2844F, -0.1848F, -0.0911F, 0.0F,
                                    0.0796F, 0.1609F,  0.2461F,  0.3379F,  0.4407F,  0.5626F,  0.7230F,  1.0F};

using Numbers = RepeatableNumbers;
using Weights = RandomWeights;

class Check {
public:
    Check(const LowBitKernels& kernels, std::string kernel) : kernels_(kernels) { result_.kernel = std::move(kernel); }

    void floatLinear(WeightFormat format, unsigned seed) {
        Numbers numbers(seed);
        FloatLinearCall call;
        call.format = format;
        call.rows = numbers.between(1, 40);
        call.outputs = numbers.between(1, 150);
        call.inputs = numbers.between(1, 400);
        call.groupSize = numbers.oneIn(3) ? roundedUp(call.inputs, 8) : 32 << numbers.between(0, 2);
        const Weights weights(numbers, format, call.outputs, call.inputs, call.groups());
        const auto x = numbers.floats(call.rows * call.inputs);
        call.x = x.data();
        call.weights = weights.packed.data();
        call.digits = numbers.oneIn(2) ? 2 : 3;
        call.table = numbers.oneIn(3) ? kNormalFloat : kTable;
        call.scales = weights.scales.data();
        call.zeros = numbers.oneIn(3) ? nullptr : weights.zeros.data();
        call.bias = numbers.oneIn(5) ? nullptr : weights.bias.data();
        std::vector<float> got(static_cast<std::size_t>(call.rows * call.outputs)), expected(got);
        call.y = got.data();
        run(call, kernels_, kThreads);
        call.y = expected.data();
        runReference(call);
        // |x·w| ≤ 0.01·(128 + 8) each; every sum rounds to 2^−24 of what it holds, in some order, and two digits tell x
        // to half a step.
        const double rounding = 6e-8 * 8 + (call.digits == 2 ? 0.5 / kLargestDigits[2] : 0);
        const double bound = static_cast<double>(call.inputs + 1) * 1.4 * rounding;
        double worst = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            const double error = std::abs(static_cast<double>(got[i]) - expected[i]) / bound;
            worst = error <= worst ? worst : error;  // not a number counts as worst
        }
        result_.worst = std::max(result_.worst, worst);
        note(worst <= 1, call.rows, call.outputs, call.inputs, call.groupSize);
    }

    void integerLinear(WeightFormat format, unsigned seed) {
        Numbers numbers(seed);
        IntegerLinearCall call;
        call.format = format;
        call.rows = numbers.between(1, 40);
        call.outputs = numbers.between(1, 150);
        call.inputs = numbers.between(1, 400);
        call.pitch = roundedUp(call.inputs, 8) + 8 * numbers.between(0, 1);
        call.groupSize = numbers.oneIn(2) ? 0 : 32 << numbers.between(0, 2);
        const std::int64_t groups = call.groupSize ? (call.inputs + call.groupSize - 1) / call.groupSize : 1;
        const Weights weights(numbers, format, call.outputs, call.inputs, groups);
        const auto x = numbers.integers<std::uint8_t>(call.rows * call.pitch, 0, 255);
        call.x = x.data();
        call.weights = weights.packed.data();
        call.epilogue = randomEpilogue(numbers, weights);
        call.codesPitch = roundedUp(call.outputs, 8);
        std::vector<std::uint8_t> codes(static_cast<std::size_t>(call.rows * call.codesPitch)), expectedCodes(codes);
        std::vector<float> y(static_cast<std::size_t>(call.rows * call.outputs)), expected(y);
        call.codes = codes.data();
        call.y = y.data();
        run(call, kernels_, kThreads);
        call.codes = expectedCodes.data();
        call.y = expected.data();
        runReference(call);
        note(codes == expectedCodes && y == expected, call.rows, call.outputs, call.inputs, call.groupSize);
    }

    void conv(WeightFormat format, unsigned seed) {
        Numbers numbers(seed);
        ConvCall call;
        call.format = format;
        call.batch = numbers.between(1, 2);
        call.height = numbers.between(3, 14);
        call.width = numbers.between(3, 20);
        call.channels = 4 * numbers.between(1, 6);
        call.outputs = numbers.between(1, 150);
        for (int axis = 0; axis < 2; ++axis) {
            call.kernel[axis] = numbers.between(1, 3);
            call.stride[axis] = numbers.between(1, 3);
            call.padding[axis] = numbers.between(0, 2);
            call.dilation[axis] = numbers.oneIn(4) && call.padding[axis] > 0 ? 2 : 1;
        }
        const std::int64_t values = call.batch * call.outHeight() * call.outWidth() * call.outputs;
        const Weights weights(numbers, format, call.outputs, call.inputs(), 1);
        const auto x = numbers.integers<std::uint8_t>(call.batch * call.height * call.width * call.channels, 0, 255);
        const auto residual = numbers.floats(values);
        std::vector<std::uint16_t> halves(residual.size());
        kernels_.floatToHalf(residual.data(), halves.data(), values);
        call.x = x.data();
        call.weights = weights.packed.data();
        call.inputZero = numbers.oneIn(2) ? 0 : 128;
        call.epilogue = randomEpilogue(numbers, weights);
        call.epilogue.wideIsHalf = numbers.oneIn(2);
        call.epilogue.residualIsHalf = numbers.oneIn(2);
        if (!numbers.oneIn(3))
            call.residual = call.epilogue.residualIsHalf ? static_cast<const void*>(halves.data()) : residual.data();
        call.codesPitch = roundedUp(call.outputs, 4);
        std::vector<std::uint8_t> codes(static_cast<std::size_t>(values / call.outputs * call.codesPitch)),
            expectedCodes(codes);
        std::vector<std::uint32_t> wide(static_cast<std::size_t>(values)), expected(wide);
        call.codes = codes.data();
        call.wide = wide.data();
        run(call, kernels_, kThreads);
        call.codes = expectedCodes.data();
        call.wide = expected.data();
        runReference(call);
        note(codes == expectedCodes && wide == expected, call.height, call.width, call.channels, call.outputs);
    }

    KernelCheckResult take() { return std::move(result_); }

private:
    void note(bool agrees, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
        ++result_.cases;
        if (agrees)
            return;
        if (result_.failures++ == 0) {
            std::ostringstream text;
            text << a << " x " << b << " x " << c << ", " << d;
            result_.firstFailure = text.str();
        }
    }

    const LowBitKernels& kernels_;
    KernelCheckResult result_;
};

}  // namespace

std::vector<KernelCheckResult> checkKernels(const LowBitKernels& kernels, int cases) {
    using Kind = void (Check::*)(WeightFormat, unsigned);
    struct Kernel {
        const char* name;
        Kind kind;
        WeightFormat format;
    };
    std::vector<KernelCheckResult> results;
    for (const Kernel& kernel : {Kernel{"linear_w4a16", &Check::floatLinear, WeightFormat::Table4},
                                 Kernel{"linear_w8a16", &Check::floatLinear, WeightFormat::Float8},
                                 Kernel{"linear_w8a8", &Check::integerLinear, WeightFormat::Integer8},
                                 Kernel{"linear_w4a8, linear_w4a4", &Check::integerLinear, WeightFormat::Integer4},
                                 Kernel{"conv2d_w8a8", &Check::conv, WeightFormat::Integer8},
                                 Kernel{"conv2d_w4a4", &Check::conv, WeightFormat::Integer4}}) {
        Check check(kernels, kernel.name);
        for (int seed = 0; seed < cases; ++seed)
            (check.*kernel.kind)(kernel.format, static_cast<unsigned>(seed));
        results.push_back(check.take());
    }
    return results;
}

}  // namespace sqil
