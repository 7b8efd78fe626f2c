#pragma once

namespace sqil {

/// A width that means "stays in floating point".
inline constexpr int kFullPrecisionBits = 16;

/// The widths of one layer.
struct LayerBits {
    int weights = kFullPrecisionBits;
    int activations = kFullPrecisionBits;

    bool isQuantized() const { return weights < kFullPrecisionBits || activations < kFullPrecisionBits; }
    bool operator==(const LayerBits&) const = default;
};

}  // namespace sqil
