#pragma once
#include <cstdint>

#include <ATen/core/Tensor.h>

#include "core/quant/Quantizer.h"

namespace sqil {

/// Quantization with a learned step (LSQ, Esser et al. 2020, section 2): v̂ = s·round(clip(v/s, Q_min, Q_max)),
/// round half to even. Gradients: ∂v̂/∂v = 1 inside, 0 outside; ∂v̂/∂s = round(v/s) − v/s inside, Q_min below,
/// Q_max above, summed over the block and multiplied by `gradientScale`. Steps must be positive: a step
/// below 1e-8 is taken as 1e-8.
///
/// `values`: float32 on any device. `steps` (float32) has one entry a block: {1} for the whole tensor (axis −1),
/// {out} for one a slice along `axis`, {out, groups} for groups of `groupSize` along the other axes, flattened.
/// Also an operator of LibTorch's dispatcher, differentiable:
/// sqil::learned_step_quantize(Tensor values, Tensor steps, int minimum, int maximum, int axis, int group_size,
/// float gradient_scale) -> Tensor. On the CPU forward and backward are one pass each; the sums do not depend on
/// the number of threads.
at::Tensor learnedStepQuantize(const at::Tensor& values, const at::Tensor& steps, IntegerRange range, std::int64_t axis,
                               std::int64_t groupSize, double gradientScale);

/// 1/√(N·Q_max): N elements of the layer's weight, or features of one sample for activations (LSQ, section 2.2).
double learnedStepGradientScale(std::int64_t elements, IntegerRange range);

/// Makes the operator known to the dispatcher, once; safe to call again.
void registerLearnedStep();

}  // namespace sqil
