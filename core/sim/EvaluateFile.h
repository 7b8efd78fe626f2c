#pragma once
#include <filesystem>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/sim/Evaluate.h"

namespace sqil {

/// Reads a policy and rolls it out. `card` empty: found beside the policy, in it, or proposed from what the environment
/// observes.
Result<Evaluation> evaluatePolicyFile(const std::filesystem::path& policy, const std::filesystem::path& card,
                                      EvaluationSpec spec, const Progress& progress = {},
                                      const EpisodeEnded& ended = {});

}  // namespace sqil
