#pragma once
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/policy/PolicyCard.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// The image inputs of a batch, changed at random: shift (Kostrikov et al. 2020), crop, brightness, contrast, colour,
/// in this order. `inputs` are the policy's, in the graph's order, with `cards` beside them; those that are no N×C×H×W
/// image stay as they are. The change of a sample is a pure function of (seed, pass, its place in the batch, the
/// input): pass counts the forward passes since the start of the run. Colours change as before the card's mean and std,
/// within the range of stored bytes.
void augment(const AugmentationSpec& spec, std::uint64_t seed, std::int64_t pass, const std::vector<CardInput>& cards,
             std::vector<at::Tensor>& inputs);

}  // namespace sqil
