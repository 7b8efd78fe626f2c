#pragma once
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// Name of the archive's extra file that holds the recipe, and every layer's bits and steps:
/// the low-bit operators are packed exactly from it.
inline constexpr const char* kQuantizationFile = "sqil_quantization.json";

/// What was done to one layer.
struct LayerQuantization {
    std::string layer;
    int weightBits = 16;
    int activationBits = 16;
    double relativeWeightError = 0;  ///< ‖w − γ·w_q‖ / ‖w‖, w as it was before rounding: folded, scaled or rotated
    std::vector<std::string> notes;  ///< what else was done to it, in words: "batch norm folded in"
};

struct QuantizedPolicy {
    PolicyFile file;
    std::vector<LayerQuantization> layers;
};

/// Quantization after training by the spec's method: weights take their quantized values, and every quantized
/// activation passes an aten::fake_quantize_per_tensor_affine node, calibrated on `rollouts`. Before that, batch
/// norms are folded, input channels scaled (awq, smoothquant) or residual streams rotated (quarot), each without
/// changing the policy's outputs in full precision. Layer names that the graph does not have, weights that are not
/// finite, and quarot on a policy without a pre-norm transformer block are errors.
Result<QuantizedPolicy> quantizePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                       const Progress& progress = {});

}  // namespace sqil
