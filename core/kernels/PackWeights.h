#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/kernels/PanelLayout.h"

namespace sqil {

/// Lays out `integers` (row-major {outputs, inputs}) as `format` says (PanelLayout.h). Ranges: Table4 indices 0 … 15,
/// Integer4 −8 … 7, the others −128 … 127; values outside are cut to their low bits.
std::vector<std::uint8_t> packWeights(WeightFormat format, std::span<const std::int8_t> integers, std::int64_t outputs,
                                      std::int64_t inputs);

/// One weight of a packed buffer, the inverse of packWeights().
int unpackWeight(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs, std::int64_t inputs,
                 std::int64_t output, std::int64_t input);

/// Numbers of groups, row-major {outputs, groups}, as groupIndex() says; padded outputs get `padding`.
template<class Number>
std::vector<Number> packGroups(std::span<const Number> numbers, std::int64_t outputs, std::int64_t groups,
                               Number padding) {
    std::vector<Number> packed(static_cast<std::size_t>(Panels{outputs}.paddedOutputs() * groups), padding);
    for (std::int64_t output = 0; output < outputs; ++output)
        for (std::int64_t group = 0; group < groups; ++group)
            packed[static_cast<std::size_t>(groupIndex(outputs, groups, output, group))] =
                numbers[static_cast<std::size_t>(output * groups + group)];
    return packed;
}

}  // namespace sqil
