#pragma once
#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/PolicyCard.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// What can be checked of a card without rollouts: names of inputs, numbers of outputs and dimensions.
Result<void> checkCardAgainstGraph(const PolicyCard& card, const PolicyGraph& graph);

/// Why the card's mean and standard deviation do not fit a step of this shape; empty: they do.
std::string channelProblem(const CardInput& input, const std::vector<std::int64_t>& shape);

/// proposeCard(), but inputs that find no key are left with an empty one instead of failing.
PolicyCard proposeWhatIsClear(const PolicyGraph& graph, const RolloutsInfo& rollouts);

/// TorchScript says nothing of its inputs' shapes: the rollouts do, through the card.
void declareInputsFrom(const RolloutsInfo& rollouts, const PolicyCard& card, PolicyGraph& graph);

/// "1×3×64×64", with symbols where a dimension is dynamic; "?" where the shape is not known.
std::string shapeText(const std::optional<TensorMeta>& meta);
std::string shapeText(const std::vector<std::int64_t>& shape);
/// As the rollouts' types are written: "float32", "uint8".
std::string typeText(at::ScalarType type);

}  // namespace sqil
