#pragma once
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Rewrites what only TorchScript graphs have (lists of sizes, ranks) as torch.export has it: one
/// node a dynamic size, plain numbers for all others. Needs the values' shapes (inferShapes()).
void lowerSizes(PolicyGraph& graph);

}  // namespace sqil
