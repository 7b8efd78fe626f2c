#pragma once
#include <span>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// Runs a graph with the policy's inputs and head (the teacher's own, or a student made from it) on a batch of any
/// size N, recording for autograd where gradients are on, and gives what the losses are computed on (Losses.h): the
/// policy's head output, but logits N×K or N×D×V for categorical and token heads. Float32.
///
/// A graph with a fixed batch is run in parts; with BFloat16, under CPU autocast.
Result<at::Tensor> headValues(const Policy& policy, const GraphExecutor& executor, std::span<const at::Tensor> inputs,
                              TrainPrecision precision = TrainPrecision::Float32);

}  // namespace sqil
