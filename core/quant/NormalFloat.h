#pragma once
#include <cstdint>

#include <ATen/core/Tensor.h>

namespace sqil {

/// Values that share a scale, and scales that share one.
inline constexpr std::int64_t kNormalFloatBlock = 64;
inline constexpr std::int64_t kNormalFloatScaleBlock = 256;

/// A weight as 4-bit NormalFloat with doubly quantized scales (QLoRA, Dettmers et al. 2023, section 3), as
/// bitsandbytes stores it: blocks of 64 values of the flattened weight, row-major, the last one shorter; scale of a
/// block: offset + scaleCodes as dynamic 8-bit numbers · scaleMaxima of blocks of 256 scales.
struct NormalFloatWeight {
    at::Tensor codes;        ///< uint8, 0 to 15, the weight's own shape: index into normalFloatLevels()
    at::Tensor scaleCodes;   ///< uint8, {blocks}: index into dynamicLevels()
    at::Tensor scaleMaxima;  ///< float32, {blocks of 256 scales}
    double scaleOffset = 0;  ///< mean of all scales, float32
    at::Tensor values;       ///< dequantized, in the weight's own type and shape
};

/// The 16 levels −1 … 1, float32, ascending (METHOD "QLoRA"; the digits of the published code).
const at::Tensor& normalFloatLevels();

/// The 256 numbers of a signed dynamic 8-bit data type (Dettmers et al. 2022, section 2.1), float32, ascending.
const at::Tensor& dynamicLevels();

/// `weight` must be finite, floating point and not empty. A block of zeros stays zero.
NormalFloatWeight quantizeNormalFloat(const at::Tensor& weight);

/// The values again from codes and scales alone, float32, in the shape of the codes.
at::Tensor dequantizeNormalFloat(const NormalFloatWeight& weight);

}  // namespace sqil
