#pragma once
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/analysis/Perturbation.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/sim/Evaluate.h"

namespace sqil {

/// At which states the full-precision policy acts instead of the quantized one.
enum class TakeoverAt {
    Critical,  ///< where its SIS is among the top p % of the rollouts' states
    Random,    ///< at any state with probability p %, drawn from the episode's seed and the step
    Gap,       ///< where the two actions differ by more than at all but p % of the rollouts' states
    Quiet,     ///< where its SIS is among the lowest p %
};
std::string_view nameOf(TakeoverAt at);  ///< "critical", "random", "gap", "quiet"
Result<TakeoverAt> parseTakeoverAt(std::string_view name);

/// How much of what quantization loses is lost at critical states? The quantized policy acts, the full-precision one
/// takes over at p % of the states.
struct TakeoverSpec {
    TakeoverAt at = TakeoverAt::Critical;
    double percent = 20;
    std::vector<PerturbationSpec> perturbations;  ///< of SIS; empty: patches for images, dimensions for states
    std::filesystem::path rollouts;               ///< whose states set the threshold
    std::int64_t thresholdSteps = 1000;           ///< of them, spread evenly
};

struct TakeoverFiles {
    std::filesystem::path fullPrecision, quantized, card;
};

struct TakeoverResult {
    Evaluation evaluation;
    double threshold = 0;
    std::int64_t steps = 0, taken = 0;  ///< how often the full-precision policy really acted
};

Result<TakeoverResult> evaluateTakeover(const TakeoverFiles& files, const TakeoverSpec& takeover, EvaluationSpec spec,
                                        const Progress& progress = {});

nlohmann::json toJson(const TakeoverResult& result);

}  // namespace sqil
