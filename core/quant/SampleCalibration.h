#pragma once
#include <span>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/policy/PolicyFile.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// Round to nearest (or nf4) with activation ranges from one batch of the graph's inputs, batch norms folded where the
/// spec says so: for measuring speed, where no recorded rollouts are at hand. A policy to be used is calibrated on its
/// rollouts (quantizePolicy()).
Result<PolicyFile> quantizeOnInputs(PolicyFile base, std::span<const at::Tensor> inputs, const QuantSpec& spec);

}  // namespace sqil
