#pragma once
#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/quant/lowering/QuantizationRecipe.h"

namespace sqil {

/// A layer's weight as the integers it stands for.
struct LayerIntegers {
    at::Tensor integers;         ///< int32, outputs first, else the weight's own shape: w_q, or codes of NormalFloat
    at::Tensor steps;            ///< float32 {outputs, groups}
    at::Tensor zeroPoints;       ///< int32 {outputs, groups}; undefined: symmetric
    std::int64_t groupSize = 0;  ///< inputs (flattened in memory order) that share a step; 0: all of an output's
    bool isNormalFloat = false;
};

/// Finds them again from the quantized values and the recipe, exactly: γ·(w_q − z) must give every value back (within
/// the rounding of the weight's own type). Otherwise the error says what does not fit.
Result<LayerIntegers> layerIntegers(const at::Tensor& values, std::int64_t outputAxis, const LayerRecipe& recipe);

}  // namespace sqil
