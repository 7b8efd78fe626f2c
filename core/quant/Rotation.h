#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

struct RotationOptions {
    bool randomized = true;  ///< random signs before the residual stream's Hadamard matrix
    std::uint64_t seed = 0;
};

/// What rotateResidualStreams() changed.
struct RotationReport {
    std::vector<std::string> rotatedLayers;  ///< names of the layers whose weights were rotated
    int norms = 0;                           ///< taken up into the layers behind them
    int onlineHadamards = 0;                 ///< nodes before layers that write to the stream
    int explicitRotations = 0;               ///< nodes where a rotation could not be folded
};

/// QuaRot (Ashkboos et al. 2024, section 4) on every residual stream of pre-norm transformer blocks: values of width
/// d that are read through an RMSNorm or LayerNorm, closed under addition and operators that leave the last
/// dimension alone. The stream x becomes x·Q: readers' weights take diag(γ)·Q (and W·β into their biases), writers'
/// Qᵀ; before a LayerNorm the writers are centred, and the norm becomes an RMSNorm. Writers behind a reader (output
/// and down projections) get an online Hadamard product before them (aten::tensordot with a constant) and its
/// inverse in their weight. Weights that several nodes share, and other values that enter or leave the stream, are
/// rotated by explicit nodes. The outputs stay equal within float rounding; tensors are replaced, never written to.
///
/// RMSNorm: aten::rms_norm, or x·rsqrt(mean(x²) + ε) written out, times a weight; LayerNorm: aten::layer_norm.
/// Unsupported where the graph has no such norm with linear readers: the error says what is needed.
Result<RotationReport> rotateResidualStreams(PolicyGraph& graph, const RotationOptions& options = {});

}  // namespace sqil
