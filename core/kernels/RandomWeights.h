#pragma once
#include "core/kernels/LowBitKernels.h"
#include "core/kernels/PackWeights.h"
#include "core/kernels/RepeatableNumbers.h"

namespace sqil {

/// A packed weight of random integers, all that the format holds.
inline std::vector<std::uint8_t> randomWeight(RepeatableNumbers& numbers, WeightFormat format, std::int64_t outputs,
                                              std::int64_t inputs) {
    const int low = format == WeightFormat::Table4 ? 0 : format == WeightFormat::Integer4 ? -8 : -128;
    const int high = format == WeightFormat::Table4 ? 15 : format == WeightFormat::Integer4 ? 7 : 127;
    return packWeights(format, numbers.integers<std::int8_t>(outputs * inputs, low, high), outputs, inputs);
}

/// The same with all that goes with it, for checks of kernels.
struct RandomWeights {
    std::vector<std::uint8_t> packed;
    std::vector<float> scales, zeros, bias;
    std::vector<std::int32_t> corrections;

    RandomWeights(RepeatableNumbers& numbers, WeightFormat format, std::int64_t outputs, std::int64_t inputs,
                  std::int64_t groups)
        : packed(randomWeight(numbers, format, outputs, inputs)) {
        scales = packGroups<float>(numbers.floats(outputs * groups, 0.01F), outputs, groups, 0);
        zeros = packGroups<float>(numbers.floats(outputs * groups, 8), outputs, groups, 0);
        corrections =
            packGroups<std::int32_t>(numbers.integers<std::int32_t>(outputs * groups, -5000, 5000), outputs, groups, 0);
        bias = numbers.floats(Panels{outputs}.paddedOutputs());
    }
};

inline Epilogue randomEpilogue(RepeatableNumbers& numbers, const RandomWeights& weights) {
    Epilogue epilogue;
    epilogue.scales = weights.scales.data();
    epilogue.corrections = numbers.oneIn(5) ? nullptr : weights.corrections.data();
    epilogue.bias = numbers.oneIn(5) ? nullptr : weights.bias.data();
    epilogue.relu = numbers.oneIn(3);
    epilogue.inverseStep = 10;
    epilogue.maximum = numbers.oneIn(3) ? 15 : 255;
    epilogue.zero = numbers.oneIn(2) ? 0 : (epilogue.maximum + 1) / 2;
    return epilogue;
}

}  // namespace sqil
