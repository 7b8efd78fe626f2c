#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/policy/PolicyFile.h"

namespace sqil {

/// What became of one layer of the recipe.
struct LoweredLayer {
    std::string layer;
    std::string target;  ///< "sqil::conv2d_w8a8"; empty: it stays in floating point
    std::string reason;  ///< why it stays
    int weightBits = 16, activationBits = 16;
    std::int64_t floatBytes = 0;   ///< of its weight as the policy had it
    std::int64_t packedBytes = 0;  ///< of everything the operator reads; 0 where it stays
    /// Multiplications of one step where the exporter knew the sizes, else −1: what staying costs.
    std::int64_t multiplications = -1;
};

struct LoweredPolicy {
    PolicyFile file;
    std::vector<LoweredLayer> layers;
    std::int64_t floatBytes = 0;   ///< all weights and buffers of the quantized policy
    std::int64_t packedBytes = 0;  ///< the same after lowering
};

/// Swaps the sqil:: operators (core/kernels) into a quantized policy (one with kQuantizationFile), for execution on the
/// CPU: weights packed, their floats dropped from the graph; between convolutions (their ReLU, residual sum and max
/// pooling with them) and between linear layers activations stay codes, so that only what another operator needs
/// becomes floats. The sums of residual branches are carried as floats. Outputs agree with the quantized policy's but
/// for rounding: an activation that lies at the edge of two codes may take the other. A layer that no operator fits
/// stays as it was, and the report says why. Registers the operators.
Result<LoweredPolicy> lowerPolicy(const PolicyFile& quantized);

}  // namespace sqil
