#include "core/sim/EvaluateFile.h"

#include "core/policy/Policy.h"
#include "core/policy/ThreadCount.h"
#include "core/sim/PolicyActor.h"

namespace sqil {

Result<Evaluation> evaluatePolicyFile(const std::filesystem::path& policyPath, const std::filesystem::path& card,
                                      EvaluationSpec spec, const Progress& progress, const EpisodeEnded& ended) {
    // The simulators keep the processors busy; a pool of threads that waits between small batches would be in their
    // way.
    const ThreadCount threads(1);
    auto environment = openEnvironment(spec, progress);
    if (!environment)
        return tl::unexpected(environment.error());
    auto policy = Policy::load(policyPath, observedBy((*environment)->info()), card);
    if (!policy)
        return tl::unexpected(policy.error());
    if (spec.policyName.empty())
        spec.policyName = policyPath.stem().string();
    PolicyActor actor(std::move(*policy));
    return evaluate(actor, **environment, spec, progress, ended);
}

}  // namespace sqil
