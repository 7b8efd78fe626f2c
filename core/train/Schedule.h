#pragma once
#include <cstdint>

#include "core/train/TrainSpec.h"

namespace sqil {

/// The learning rate of step `step` (from 0) as a factor of the spec's, in [0, 1]. Warm-up is linear, ending at 1;
/// then constant, linear to 0, half a cosine to 0, or one cycle (Smith 2018, PyTorch's defaults: from 1/25 up by half a
/// cosine over the warm-up, or 30 % of the steps where there is none, and down to 1/250,000).
double learningRateFactor(const TrainSpec& spec, std::int64_t step);

}  // namespace sqil
