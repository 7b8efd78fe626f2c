#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/Perturbation.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/data/Rollouts.h"

namespace sqil {

class Policy;

/// One map of scores, as SaliencyEngine gives it (value type without LibTorch).
struct PlaceScores {
    std::string input;
    std::int64_t rows = 1, columns = 0;
    std::vector<float> scores;
};

/// What one further compared policy does at a step.
struct ComparedAction {
    float gap = 0;              ///< to the full-precision action, normalized units; NaN: could not be computed
    std::vector<float> action;  ///< normalized
};

/// Everything the analysis says of one recorded step. NaN: could not be computed (a non-finite
/// observation, say); `problem` then says why.
struct StepResult {
    float sis = 0;                       ///< of the full-precision policy, over all places
    std::vector<float> sisOfModality;    ///< in the order of AnalysisInfo::modalities
    float gap = 0;                       ///< ‖a_FP − a_Q‖₂, normalized units; NaN without a quantized policy
    std::vector<float> action;           ///< of the full-precision policy, normalized
    std::vector<float> quantizedAction;  ///< empty without a quantized policy
    std::vector<PlaceScores> saliency;   ///< full precision; empty where maps were not asked for
    std::vector<PlaceScores> quantizedSaliency;  ///< likewise
    float divergence =
        0;  ///< of the two saliency maps (saliencyDivergence(): 0 alike, 1 disjoint); NaN where not computed
    std::vector<ComparedAction> others;  ///< of actions() alone: the policies of compareAlso(), in its order
    std::string problem;
};

/// What is analysed, with every parameter the numbers depend on.
struct AnalysisSpec {
    std::vector<PerturbationSpec> perturbations{PerturbationSpec{}};
    double topPercent = 20;  ///< p: critical states are those above this percentile of SIS
};

/// The spec as JSON, and back: what the project file stores and `sqil` prints.
std::string toJson(const AnalysisSpec& spec);
Result<AnalysisSpec> parseAnalysisSpec(std::string_view json);
Result<void> check(const AnalysisSpec& spec);  ///< at most one image perturbation, percentages in range

/// Two policies, or more, over one data set. Not thread-safe: one thread at a time; create one a thread.
class Analyzer {
public:
    /// `quantized` may be null: then there is no gap.
    static Result<std::unique_ptr<Analyzer>> create(std::shared_ptr<const Policy> fullPrecision,
                                                    std::shared_ptr<const Policy> quantized,
                                                    std::shared_ptr<Rollouts> rollouts, AnalysisSpec spec);
    virtual ~Analyzer() = default;

    virtual const std::vector<std::string>& modalities() const = 0;  ///< names of the perturbed inputs
    virtual const AnalysisSpec& spec() const = 0;
    /// The spec with every default resolved for this policy (pixels, not "scaled"), and which head output
    /// S was computed on: stored with the scores.
    virtual std::string parametersJson() const = 0;
    /// Saliency of the full-precision policy is always computed (SIS needs it);
    /// `quantizedMaps` adds the quantized policy's.
    virtual Result<StepResult> step(std::size_t episode, std::int64_t step, bool quantizedMaps) = 0;
    /// A further quantized policy, compared by its actions alone: actions() fills its place in StepResult::others.
    virtual Result<void> compareAlso(std::shared_ptr<const Policy> policy) = 0;
    /// Actions of all policies at every step of an episode: cheap, a few batches.
    /// Fills action, quantizedAction, gap and others only.
    virtual Result<std::vector<StepResult>> actions(std::size_t episode) = 0;
};

/// T: the (100 − topPercent) percentile of all finite values, interpolated linearly as NumPy does.
/// NaN where there is none.
double criticalThreshold(const std::vector<float>& sis, double topPercent);

}  // namespace sqil
