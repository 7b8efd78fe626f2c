#pragma once
#include <functional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/policy/Policy.h"

namespace sqil {

/// Writes φ(s, k) of places [first, first + batch.size(0)) into a batch of one input.
using FillPlaces = std::function<void(std::int64_t first, at::Tensor& batch)>;

/// ½‖π − π_k‖² of every row of `changed`, in double precision.
std::vector<float> halfSquaredDistances(const at::Tensor& base, const at::Tensor& changed);

/// S at `places` places of one input by running every perturbed input through the whole policy, in
/// batches bounded by memory. The other inputs are expanded without copies.
Result<std::vector<float>> batchedScores(const Policy& policy, std::span<const at::Tensor> inputs, std::size_t input,
                                         std::int64_t places, const at::Tensor& baseHead, const FillPlaces& fill);

/// The same for an input of few numbers: only what depends on it is computed for every place,
/// the rest once. For graphs whose values say which of them grow with the batch.
Result<std::vector<float>> dependentScores(const Policy& policy, std::span<const at::Tensor> inputs, std::size_t input,
                                           std::int64_t places, const at::Tensor& baseHead, const FillPlaces& fill);

/// Places of one batch so that the largest values of the graph stay within a few dozen megabytes.
std::int64_t placesPerBatch(const PolicyGraph& graph, std::span<const at::Tensor> inputs);

}  // namespace sqil
