#pragma once
#include <string>
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Folds every batch norm in evaluation mode that is the only reader of a convolution or linear node into that node:
/// W ← W·γ/√(σ² + ε) along the output channels, b ← (b − μ)·γ/√(σ² + ε) + β, computed in double. Outputs stay equal
/// within float rounding. Nodes: aten::batch_norm and aten::native_batch_norm with training = false,
/// aten::_native_batch_norm_legit_no_training. Weights that several nodes share, and batch norms whose mean or
/// variance the graph computes, are left alone. Returns the names of the layers that took one in (as
/// QuantizableLayer::name). Tensors of the graph are replaced, never written to.
std::vector<std::string> foldBatchNorms(PolicyGraph& graph);

}  // namespace sqil
