#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/analysis/Perturbation.h"
#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/PolicyCard.h"

namespace sqil {

/// A camera's picture as a policy was shown it with one place perturbed, turned back into colours for people.
struct PerturbedFrame {
    std::int64_t height = 0, width = 0;  ///< of the policy's input, not of the recorded picture
    std::vector<std::uint8_t> pixels;    ///< red, green, blue; height·width·3
    /// What the perturbation reaches, as fractions of the picture: within, the mask is above 1 % of its peak.
    double left = 0, top = 0, right = 1, bottom = 1;
};

/// φ(s, place) of one recorded step, by the code that the scores were computed with: preprocessing as the card says,
/// then ImagePerturbation. `place` counts the grid's places row by row. The first three channels are shown; one channel
/// is shown grey. Any thread; takes milliseconds.
Result<PerturbedFrame> perturbedFrame(Rollouts& rollouts, std::size_t episode, std::int64_t step,
                                      const CardInput& input, const PerturbationSpec& perturbation, std::int64_t place);

}  // namespace sqil
