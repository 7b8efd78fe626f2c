#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// A linear, convolution or matrix-multiply node whose weight is part of the policy.
struct QuantizableLayer {
    std::string name;                ///< the module's dotted path, or the weight's name without ".weight"; unique
    std::size_t node = 0;            ///< index into PolicyGraph::nodes
    std::size_t inputArgument = 0;   ///< of the node: the activation
    std::size_t weightArgument = 0;  ///< of the node
    ValueId input = -1;
    ValueId weight = -1;          ///< the binding at the root: through transposes, where there are any
    std::int64_t outputAxis = 0;  ///< of the binding's tensor: its output channels
    std::int64_t parameters = 0;  ///< elements of the weight
    bool isFirst = false;         ///< no other quantizable layer between it and an input of the policy
    bool isLast = false;          ///< none between it and an output
};

/// In the order of the graph. A weight used by several nodes appears once for each.
std::vector<QuantizableLayer> quantizableLayers(const PolicyGraph& graph);

}  // namespace sqil
