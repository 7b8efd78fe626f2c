#include "core/bench/OperatorCheck.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <optional>

#include "core/kernels/Operators.h"
#include "core/kernels/RandomWeights.h"
#include "core/kernels/RepackWeight.h"

namespace sqil {
namespace {

class Numbers : public RepeatableNumbers {
public:
    using RepeatableNumbers::RepeatableNumbers;

    /// Multiples of 1/1024 up to `most`/1024: halves hold them up to 2.
    at::Tensor floats(at::IntArrayRef sizes, std::int64_t most = 1024, float scale = 1) {
        const at::Tensor tensor = at::empty(sizes, at::kFloat);
        auto* values = tensor.mutable_data_ptr<float>();
        for (std::int64_t i = 0; i < tensor.numel(); ++i)
            values[i] = scale * static_cast<float>(between(-most, most)) / 1024;
        return tensor;
    }
    at::Tensor codes(at::IntArrayRef sizes, std::int64_t most) {
        const at::Tensor tensor = at::empty(sizes, at::kByte);
        auto* values = tensor.mutable_data_ptr<std::uint8_t>();
        for (std::int64_t i = 0; i < tensor.numel(); ++i)
            values[i] = static_cast<std::uint8_t>(between(0, most));
        return tensor;
    }
};

at::Tensor packedWeight(Numbers& numbers, WeightFormat format, std::int64_t outputs, std::int64_t inputs) {
    const auto bytes = randomWeight(numbers, format, outputs, inputs);
    const at::Tensor tensor = at::empty({static_cast<std::int64_t>(bytes.size())}, at::kByte);
    std::copy(bytes.begin(), bytes.end(), tensor.mutable_data_ptr<std::uint8_t>());
    return tensor;
}

using Stack = std::vector<c10::IValue>;

class Check {
public:
    Check(at::Device device, std::string kernel) : device_(device), handle_(handleOf(kernel)) {
        result_.kernel = std::move(kernel);
    }

    void floatLinear(WeightFormat format, unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t rows = numbers.oneIn(2) ? numbers.between(1, 8) : numbers.between(9, 140);
        const std::int64_t outputs = numbers.between(1, 300), inputs = numbers.between(1, 900);
        const std::int64_t group = numbers.oneIn(3) ? roundedUp(inputs, 8) : 32 << numbers.between(0, 2);
        const std::int64_t groups = (inputs + group - 1) / group, padded = Panels{outputs}.paddedOutputs();
        const bool table = format == WeightFormat::Table4 && numbers.oneIn(4);
        Stack stack{numbers.floats({rows, inputs}), packedWeight(numbers, format, outputs, inputs),
                    numbers.floats({padded * groups}, 1024, 0.01F),
                    table || numbers.oneIn(3) ? c10::IValue() : c10::IValue(numbers.floats({padded * groups}, 8192)),
                    numbers.oneIn(5) ? c10::IValue() : c10::IValue(numbers.floats({padded}))};
        if (format == WeightFormat::Table4)
            stack.push_back(table ? c10::IValue(numbers.floats({16}, 2048)) : c10::IValue());
        stack.emplace_back(outputs);
        stack.emplace_back(group);
        reading_ = {format, outputs};
        // |x·w| ≤ 0.01·(128 + 8) each; every sum rounds to 2^−24 of what it holds, in some order, on either side.
        compare(stack, 2 * static_cast<double>(inputs + 1) * 1.4 * 6e-8 * 8, rows, outputs, inputs, group);
    }

    void integerLinear(WeightFormat format, std::int64_t most, unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t rows = numbers.oneIn(4) ? numbers.between(1000, 20000) : numbers.between(1, 140);
        const std::int64_t outputs = numbers.between(1, 300), inputs = numbers.between(1, 500);
        const std::int64_t group = numbers.oneIn(2) ? 0 : 32 << numbers.between(0, 2);
        const std::int64_t groups = group > 0 ? (inputs + group - 1) / group : 1;
        Stack stack{numbers.codes({rows, roundedUp(inputs, 8)}, most), packedWeight(numbers, format, outputs, inputs)};
        addEpilogue(numbers, stack, outputs, groups);
        stack.emplace_back(inputs);
        stack.emplace_back(outputs);
        stack.emplace_back(group);
        addCodes(numbers, stack, numbers.oneIn(3));
        reading_ = {format, outputs};
        compare(stack, 0, rows, outputs, inputs, group);
    }

    void conv(WeightFormat format, std::int64_t most, unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t batch = numbers.between(1, 2), height = numbers.between(3, 40),
                           width = numbers.between(3, 60), channels = 4 * numbers.between(1, 16),
                           outputs = numbers.between(1, 200);
        std::vector<std::int64_t> kernel, stride, padding, dilation, out;
        for (const std::int64_t size : {height, width}) {
            kernel.push_back(numbers.between(1, 3));
            stride.push_back(numbers.between(1, 3));
            padding.push_back(numbers.between(0, 2));
            dilation.push_back(numbers.oneIn(4) && padding.back() > 0 ? 2 : 1);
            out.push_back((size + 2 * padding.back() - dilation.back() * (kernel.back() - 1) - 1) / stride.back() + 1);
        }
        const std::int64_t inputs = kernel[0] * kernel[1] * channels;
        Stack stack{numbers.codes({batch, height, width, channels}, most),
                    packedWeight(numbers, format, outputs, inputs)};
        addEpilogue(numbers, stack, outputs, 1);
        const at::Tensor residual = numbers.floats({batch, out[0], out[1], outputs});
        stack.push_back(numbers.oneIn(3)   ? c10::IValue()
                        : numbers.oneIn(2) ? c10::IValue(residual.to(at::kHalf))
                                           : c10::IValue(residual));
        stack.emplace_back(outputs);
        for (const auto* pair : {&kernel, &stride, &padding, &dilation})
            stack.emplace_back(*pair);
        stack.emplace_back(numbers.oneIn(2) ? std::int64_t{0} : (most + 1) / 2);
        addCodes(numbers, stack, false);
        stack.emplace_back(numbers.between(0, 2));
        reading_ = {format, outputs};
        compare(stack, 0, height, width, channels, outputs);
    }

    void quantize(unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t rows = numbers.between(1, 40), count = numbers.between(1, 100);
        compare({numbers.floats({rows, count}, 20000), 0.1, numbers.between(0, 128), std::int64_t{255}}, 0, rows, count,
                0, 0);
    }

    void quantizePixels(unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t channels = numbers.between(1, 20), height = numbers.between(1, 30);
        compare({numbers.floats({2, channels, height, 17}, 20000), 0.1, numbers.between(0, 128), std::int64_t{255}}, 0,
                channels, height, 17, 2);
    }

    void pool(unsigned seed) {
        Numbers numbers(seed);
        const std::int64_t height = numbers.between(3, 40), channels = numbers.between(1, 70);
        at::Tensor input = numbers.codes({2, height, 19, channels}, 255);
        if (!numbers.oneIn(3))
            input = numbers.floats(input.sizes()).to(numbers.oneIn(2) ? at::kHalf : at::kFloat);
        const std::vector<std::int64_t> kernel{3, 2}, stride{2, 1}, padding{1, 0};
        compare({input, kernel, stride, padding}, 0, height, 19, channels, 2);
    }

    KernelCheckResult take() { return std::move(result_); }

private:
    static c10::OperatorHandle handleOf(const std::string& kernel) {
        return c10::Dispatcher::singleton().findSchemaOrThrow(("sqil::" + kernel).c_str(), "");
    }

    static void addEpilogue(Numbers& numbers, Stack& stack, std::int64_t outputs, std::int64_t groups) {
        const std::int64_t padded = Panels{outputs}.paddedOutputs();
        stack.emplace_back(numbers.floats({padded * groups}, 1024, 0.01F));
        stack.emplace_back((numbers.floats({padded * groups}) * 5000).to(at::kInt));
        stack.push_back(numbers.oneIn(5) ? c10::IValue() : c10::IValue(numbers.floats({padded})));
    }

    /// relu, step, zero, maximum.
    static void addCodes(Numbers& numbers, Stack& stack, bool none) {
        const std::int64_t maximum = numbers.oneIn(3) ? 15 : 255;
        stack.emplace_back(numbers.oneIn(3));
        stack.emplace_back(none ? 0.0 : 0.1);
        stack.emplace_back(numbers.oneIn(2) ? std::int64_t{0} : (maximum + 1) / 2);
        stack.emplace_back(maximum);
    }

    void compare(Stack stack, double bound, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
        Stack there = stack;
        for (c10::IValue& value : there)
            if (value.isTensor())
                value = value.toTensor().to(device_);
        // As a policy's weights are once it was brought to the device (moveLowered()), and as they are before.
        std::optional<Stack> repacked = there;
        if (const auto weight = repackedWeight(there))
            (*repacked)[1] = *weight;
        else
            repacked.reset();
        handle_.callBoxed(&stack);
        handle_.callBoxed(&there);
        bool agrees = agree(stack, there, bound);
        if (repacked) {
            handle_.callBoxed(&*repacked);
            agrees = agree(stack, *repacked, bound) && agrees;
        }
        ++result_.cases;
        if (agrees || result_.failures++ > 0)
            return;
        result_.firstFailure =
            std::to_string(a) + " x " + std::to_string(b) + " x " + std::to_string(c) + ", " + std::to_string(d);
    }

    bool agree(const Stack& stack, const Stack& there, double bound) {
        bool agrees = stack.size() == there.size();
        for (std::size_t i = 0; agrees && i < stack.size(); ++i) {
            const at::Tensor expected = stack[i].toTensor(), got = there[i].toTensor().cpu();
            agrees = got.scalar_type() == expected.scalar_type() && got.sizes() == expected.sizes();
            if (!agrees || got.numel() == 0)
                continue;
            if (bound == 0) {
                agrees = at::equal(got, expected);
                continue;
            }
            const double error = (got - expected).abs().max().item<double>() / bound;
            result_.worst = error <= result_.worst ? result_.worst : error;  // not a number counts as worst
            agrees = error <= 1;
        }
        return agrees;
    }

    /// None for operators without a packed weight, and on a device that has no layout of its own.
    std::optional<at::Tensor> repackedWeight(const Stack& stack) const {
        if (!reading_ || !hasOwnWeightLayout(device_))
            return std::nullopt;
        return sqil::repackedWeight(stack[1].toTensor(), reading_->first, reading_->second);
    }

    std::optional<std::pair<WeightFormat, std::int64_t>> reading_;  ///< of the case's packed weight, and its outputs
    at::Device device_;
    c10::OperatorHandle handle_;
    KernelCheckResult result_;
};

}  // namespace

std::vector<KernelCheckResult> checkOperators(at::Device device, int cases) {
    registerLowBitOperators();
    const at::NoGradGuard none;
    std::vector<KernelCheckResult> results;
    const auto each = [&](const char* kernel, auto run) {
        Check check(device, kernel);
        for (int seed = 0; seed < cases; ++seed)
            run(check, static_cast<unsigned>(seed));
        results.push_back(check.take());
    };
    each("linear_w4a16", [](Check& c, unsigned seed) { c.floatLinear(WeightFormat::Table4, seed); });
    each("linear_w8a16", [](Check& c, unsigned seed) { c.floatLinear(WeightFormat::Float8, seed); });
    each("linear_w8a8", [](Check& c, unsigned seed) { c.integerLinear(WeightFormat::Integer8, 255, seed); });
    each("linear_w4a8", [](Check& c, unsigned seed) { c.integerLinear(WeightFormat::Integer4, 255, seed); });
    each("linear_w4a4", [](Check& c, unsigned seed) { c.integerLinear(WeightFormat::Integer4, 15, seed); });
    each("conv2d_w8a8", [](Check& c, unsigned seed) { c.conv(WeightFormat::Integer8, 255, seed); });
    each("conv2d_w4a4", [](Check& c, unsigned seed) { c.conv(WeightFormat::Integer4, 15, seed); });
    each("quantize_rows", [](Check& c, unsigned seed) { c.quantize(seed); });
    each("quantize_nhwc", [](Check& c, unsigned seed) { c.quantizePixels(seed); });
    each("max_pool2d_nhwc", [](Check& c, unsigned seed) { c.pool(seed); });
    return results;
}

}  // namespace sqil
