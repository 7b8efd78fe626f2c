// stateStatistics(): what `state` replaces a dimension by.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/analysis/Saliency.h"
#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

constexpr std::int64_t stepsAtOnce = 4096;

/// Welford's running mean and variance, a dimension each.
struct RunningMoments {
    std::vector<double> mean, squares;
    std::int64_t count = 0;

    void add(const float* row, std::size_t dimensions) {
        mean.resize(dimensions, 0.0);
        squares.resize(dimensions, 0.0);
        if (!std::all_of(row, row + dimensions, [](float value) { return std::isfinite(value); }))
            return;  // a spoiled step is left out of the analysis, too
        ++count;
        for (std::size_t d = 0; d < dimensions; ++d) {
            const double before = row[d] - mean[d];
            mean[d] += before / static_cast<double>(count);
            squares[d] += before * (row[d] - mean[d]);
        }
    }
};

Result<RunningMoments> momentsOf(const CardInput& input, const TensorMeta* wanted, Rollouts& rollouts) {
    RunningMoments moments;
    for (std::size_t episode = 0; episode < rollouts.info().episodes.size(); ++episode) {
        const std::int64_t steps = rollouts.info().episodes[episode].steps;
        for (std::int64_t first = 0; first < steps; first += stepsAtOnce) {
            const std::int64_t count = std::min(stepsAtOnce, steps - first);
            auto block = rollouts.range(episode, input.key, first, count);
            if (!block)
                return tl::unexpected(block.error());
            auto prepared = preprocess(*block, input, wanted);
            if (!prepared)
                return tl::unexpected(prepared.error());
            const at::Tensor rows = prepared->reshape({count, -1}).to(at::kFloat).contiguous();
            const auto dimensions = static_cast<std::size_t>(rows.size(1));
            for (std::int64_t row = 0; row < count; ++row)
                moments.add(rows.const_data_ptr<float>() + row * rows.size(1), dimensions);
        }
    }
    if (moments.count == 0)
        return fail(ErrorKind::BadInput, "the rollouts have no step with finite values of \"" + input.key +
                                             "\"; the perturbation \"state\" needs its mean and deviation");
    return moments;
}

}  // namespace

Result<std::vector<SaliencyEngine::StateStatistics>> stateStatistics(const Policy& policy, Rollouts& rollouts) {
    std::vector<SaliencyEngine::StateStatistics> statistics;
    for (const ValueId id : policy.graph().inputs) {
        const Value& value = policy.graph().values[static_cast<std::size_t>(id)];
        const auto& inputs = policy.card().inputs;
        const auto input = std::find_if(inputs.begin(), inputs.end(),
                                        [&](const CardInput& candidate) { return candidate.name == value.name; });
        if (input == inputs.end() || input->kind != InputKind::State)
            continue;
        auto moments = momentsOf(*input, value.meta ? &*value.meta : nullptr, rollouts);
        if (!moments)
            return tl::unexpected(moments.error());
        SaliencyEngine::StateStatistics entry{value.name, {}, {}};
        for (std::size_t d = 0; d < moments->mean.size(); ++d) {
            entry.mean.push_back(static_cast<float>(moments->mean[d]));
            entry.std.push_back(
                static_cast<float>(std::sqrt(moments->squares[d] / static_cast<double>(moments->count))));
        }
        statistics.push_back(std::move(entry));
    }
    return statistics;
}

Result<SaliencyEngine> saliencyEngine(std::shared_ptr<const Policy> policy, Rollouts& rollouts,
                                      const std::vector<PerturbationSpec>& perturbations) {
    std::vector<SaliencyEngine::StateStatistics> statistics;
    const bool ofState = std::any_of(perturbations.begin(), perturbations.end(), [](const PerturbationSpec& entry) {
        return entry.kind == PerturbationKind::State;
    });
    if (ofState) {
        auto computed = stateStatistics(*policy, rollouts);
        if (!computed)
            return tl::unexpected(computed.error());
        statistics = std::move(*computed);
    }
    return SaliencyEngine::create(std::move(policy), perturbations, std::move(statistics));
}

}  // namespace sqil
