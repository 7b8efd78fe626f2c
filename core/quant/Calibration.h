#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"

namespace sqil {

/// What an activation did over the calibration steps.
struct ActivationStatistics {
    double minimum = 0;
    double maximum = 0;
    std::int64_t elements = 0;  ///< of one step
    at::Tensor sample;          ///< float32, at most 2^18 of its values, evenly spread over steps and places
};

struct StepReference {
    std::size_t episode = 0;
    std::int64_t step = 0;
};

/// At most `wanted` of all recorded steps, evenly spread.
std::vector<StepReference> spreadSteps(const RolloutsInfo& info, std::int64_t wanted);

/// Runs the policy over recorded steps as observeActivations() does, and calls `visit` with the given values of each,
/// in order. In a graph exported for a fixed batch every row is the same step.
Result<void> visitActivations(const Policy& policy, Rollouts& rollouts, const std::vector<ValueId>& values, int steps,
                              const Progress& progress, const std::function<void(std::span<const at::Tensor>)>& visit);

/// Runs the policy over `steps` recorded steps, spread evenly over the whole data set, and observes
/// the given values. Steps with non-finite observations are left out; when none is left, that is
/// an error. METHOD: activations are calibrated on the user's own frames, never on random data.
Result<std::vector<ActivationStatistics>> observeActivations(const Policy& policy, Rollouts& rollouts,
                                                             const std::vector<ValueId>& values, int steps,
                                                             const Progress& progress = {});

}  // namespace sqil
