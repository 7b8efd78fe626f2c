#pragma once
#include <algorithm>
#include <cstdint>

namespace sqil {

/// Packed weights are cut along their outputs into panels of 64, four vectors of 16; the last panel holds what is left,
/// rounded up to a multiple of 16 with outputs whose weights are zero. Within a panel the weights lie in the order in
/// which a kernel reads them, so that it streams one contiguous run of memory. All instruction sets share the layouts.
inline constexpr int kLanes = 16;
inline constexpr int kPanelVectors = 4;
inline constexpr int kPanelOutputs = kLanes * kPanelVectors;

/// The panels of a weight with so many outputs.
struct Panels {
    std::int64_t outputs = 0;

    constexpr std::int64_t paddedOutputs() const { return (outputs + kLanes - 1) / kLanes * kLanes; }
    constexpr std::int64_t count() const { return (outputs + kPanelOutputs - 1) / kPanelOutputs; }
    constexpr int vectors(std::int64_t panel) const {
        return static_cast<int>(
            std::min<std::int64_t>(kPanelVectors, paddedOutputs() / kLanes - panel * kPanelVectors));
    }
    /// Of panel `panel`'s first byte, where one output takes `bytesPerOutput`.
    constexpr std::int64_t offset(std::int64_t panel, std::int64_t bytesPerOutput) const {
        return panel * kPanelOutputs * bytesPerOutput;
    }
};

/// How one output's inputs are laid out inside a panel of V vectors.
enum class WeightFormat {
    /// W4A16. Eight inputs of one output are one little-endian uint32, input k + j in bits 4j to 4j + 3, as an index
    /// into a table of 16 values (−8 … 7 unless the operator is given another): [inputs/8][16·V outputs].
    Table4,
    /// W8A16. One int8 a weight: [inputs][16·V outputs].
    Float8,
    /// Integer activations. Four inputs of one output side by side, one int8 each: [inputs/4][16·V outputs][4 inputs].
    Integer8,
    /// The same in two's complement nibbles: byte b of pair p holds, in its low half, byte b of Integer8's quad 2p
    /// and, in its high half, byte b of quad 2p + 1: [inputs/8][16·V outputs][4 inputs].
    Integer4,
};

/// Inputs are padded with zero weights to a multiple of this.
constexpr std::int64_t inputMultiple(WeightFormat format) {
    switch (format) {
        case WeightFormat::Float8:
            return 1;
        case WeightFormat::Integer8:
            return 4;
        default:
            return 8;
    }
}

constexpr std::int64_t roundedUp(std::int64_t value, std::int64_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

/// Bytes of one output's weights.
constexpr std::int64_t bytesPerOutput(WeightFormat format, std::int64_t inputs) {
    const std::int64_t padded = roundedUp(inputs, inputMultiple(format));
    return format == WeightFormat::Table4 || format == WeightFormat::Integer4 ? padded / 2 : padded;
}

/// Bytes of a whole packed weight.
constexpr std::int64_t packedBytes(WeightFormat format, std::int64_t outputs, std::int64_t inputs) {
    return Panels{outputs}.paddedOutputs() * bytesPerOutput(format, inputs);
}

/// Numbers a group of inputs (steps, zero points, corrections) lie as [panel][group][16·V outputs].
constexpr std::int64_t groupIndex(std::int64_t outputs, std::int64_t groups, std::int64_t output, std::int64_t group) {
    const std::int64_t panel = output / kPanelOutputs;
    const Panels panels{outputs};
    return panels.offset(panel, groups) + group * panels.vectors(panel) * kLanes + output % kPanelOutputs;
}

}  // namespace sqil
