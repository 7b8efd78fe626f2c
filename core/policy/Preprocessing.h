#pragma once
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/PolicyCard.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Recorded steps as one input of the graph: N×…, float32, on the CPU. In this order: value·scale,
/// channels first, resized (bilinear, antialiased), (value − mean)/std, and dimensions of size 1 added
/// where `wanted` has them (a scalar key as N×1). `wanted` may be null: shapes not known.
Result<at::Tensor> preprocess(const StepBlock& block, const CardInput& input, const TensorMeta* wanted);

/// As the element type that a graph wants: whole numbers are rounded, not cut off.
at::Tensor convertedTo(const at::Tensor& input, at::ScalarType type);

/// The shape of one step after preprocessing, without the steps themselves; none where the card
/// does not fit the key (a resize of something that is no picture).
std::vector<std::int64_t> preprocessedShape(const KeySpec& key, const CardInput& input);

/// True where one step of this shape can be one item of the graph's input.
bool fits(const std::vector<std::int64_t>& step, const TensorMeta& wanted);

}  // namespace sqil
