#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/PolicyCard.h"

namespace sqil {

/// How sure a Gaussian or Beta head is of its action over some steps: steps·dimensions, normalized units. NaN where an
/// observation is not finite.
struct ActionSpread {
    std::int64_t first = 0, steps = 0;
    std::size_t dimensions = 0;
    std::vector<float> mean;
    std::vector<float> deviation;    ///< standard deviation
    std::vector<float> alpha, beta;  ///< of a Beta head on [0, 1]; empty for a Gaussian one
};

/// One policy asked about single steps, beside the analysis: what is shown of a step but not kept for all. Not
/// thread-safe.
class PolicyProbe {
public:
    /// Reads the policy: seconds for a large one.
    static Result<std::unique_ptr<PolicyProbe>> open(const std::filesystem::path& policy,
                                                     std::shared_ptr<Rollouts> rollouts, const AnalysisSpec& spec);
    virtual ~PolicyProbe() = default;

    /// S of the step at every place, the analysis's own numbers (Analyzer::step()). An observation that is not finite
    /// is an Error.
    virtual Result<std::vector<PlaceScores>> saliency(std::size_t episode, std::int64_t step) = 0;

    virtual ActionHead head() const = 0;
    /// Unsupported for heads other than Gaussian and Beta; steps beyond the episode are left out.
    virtual Result<ActionSpread> spread(std::size_t episode, std::int64_t first, std::int64_t count) = 0;
};

}  // namespace sqil
