#pragma once
#include "core/base/Result.h"
#include "core/policy/PolicyCard.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// What can be checked of a card without rollouts: names of inputs, numbers of outputs and dimensions.
Result<void> checkCardAgainstGraph(const PolicyCard& card, const PolicyGraph& graph);

/// "1×3×64×64", with symbols where a dimension is dynamic; "?" where the shape is not known.
std::string shapeText(const std::optional<TensorMeta>& meta);
std::string shapeText(const std::vector<std::int64_t>& shape);

}  // namespace sqil
