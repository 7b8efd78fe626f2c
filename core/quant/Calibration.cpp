#include "core/quant/Calibration.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace sqil {
namespace {

constexpr std::int64_t kSampleLimit = std::int64_t{1} << 18;

bool allFinite(const std::vector<at::Tensor>& tensors) {
    return std::all_of(tensors.begin(), tensors.end(),
                       [](const at::Tensor& tensor) { return at::isfinite(tensor).all().item<bool>(); });
}

/// Every n-th value, so that no more than `limit` are kept.
at::Tensor thinned(const at::Tensor& values, std::int64_t limit) {
    const at::Tensor flat = values.detach().to(at::kFloat).flatten();
    const std::int64_t stride = (flat.numel() + limit - 1) / limit;
    return stride <= 1 ? flat.clone() : flat.slice(0, 0, flat.numel(), stride).clone();
}

std::int64_t batchOf(const Policy& policy) {
    return std::max<std::int64_t>(1, policy.graph().hasDynamicBatch() ? 1 : policy.graph().exportedBatch());
}

}  // namespace

std::vector<StepReference> spreadSteps(const RolloutsInfo& info, std::int64_t wanted) {
    const std::int64_t total = info.totalSteps();
    const std::int64_t count = std::min(wanted, total);
    std::vector<StepReference> chosen;
    std::size_t episode = 0;
    std::int64_t before = 0;  // steps in earlier episodes
    for (std::int64_t index = 0; index < count; ++index) {
        const std::int64_t position = index * total / count;
        while (position - before >= info.episodes[episode].steps)
            before += info.episodes[episode++].steps;
        chosen.push_back({episode, position - before});
    }
    return chosen;
}

Result<void> visitActivations(const Policy& policy, Rollouts& rollouts, const std::vector<ValueId>& values, int steps,
                              const Progress& progress, const std::function<void(std::span<const at::Tensor>)>& visit) {
    const at::NoGradGuard noGradient;
    const auto references = spreadSteps(rollouts.info(), steps);
    const std::int64_t batch = batchOf(policy);
    bool any = false;
    for (std::size_t index = 0; index < references.size(); ++index) {
        if (!report(progress, "Calibrating", static_cast<long long>(index), static_cast<long long>(references.size())))
            return fail(ErrorKind::Cancelled, "calibration was cancelled");
        auto inputs = policy.inputs(rollouts, references[index].episode, references[index].step, 1);
        if (!inputs)
            return tl::unexpected(inputs.error());
        if (!allFinite(*inputs))
            continue;
        std::vector<std::pair<ValueId, at::Tensor>> known;
        for (std::size_t input = 0; input < inputs->size(); ++input) {
            // A graph exported for a fixed batch sees the same step in every row.
            at::Tensor tensor = (*inputs)[input];
            known.emplace_back(policy.graph().inputs[input],
                               batch == 1 ? tensor : at::repeat_interleave(tensor, batch, 0));
        }
        auto observed = policy.executor().evaluate(known, values);
        if (!observed)
            return tl::unexpected(observed.error());
        visit(*observed);
        any = true;
    }
    if (!any)
        return fail(ErrorKind::BadInput, rollouts.info().path.string() +
                                             ": no recorded step with finite observations to calibrate activations on");
    return {};
}

Result<std::vector<ActivationStatistics>> observeActivations(const Policy& policy, Rollouts& rollouts,
                                                             const std::vector<ValueId>& values, int steps,
                                                             const Progress& progress) {
    const std::int64_t batch = batchOf(policy);
    const std::int64_t sampleOfStep =
        std::max<std::int64_t>(1, kSampleLimit / std::clamp<std::int64_t>(rollouts.info().totalSteps(), 1, steps));
    std::vector<ActivationStatistics> statistics(values.size());
    std::vector<std::vector<at::Tensor>> samples(values.size());
    const auto observe = [&](std::size_t value, const at::Tensor& activation) {
        auto& entry = statistics[value];
        const bool isFirst = samples[value].empty();
        entry.elements = activation.numel() / batch;
        const double low = activation.min().item<double>(), high = activation.max().item<double>();
        entry.minimum = isFirst ? low : std::min(entry.minimum, low);
        entry.maximum = isFirst ? high : std::max(entry.maximum, high);
        samples[value].push_back(thinned(activation, sampleOfStep));
    };
    const auto done = visitActivations(policy, rollouts, values, steps, progress, [&](auto observed) {
        for (std::size_t value = 0; value < values.size(); ++value)
            observe(value, observed[value]);
    });
    if (!done)
        return tl::unexpected(done.error());
    for (std::size_t value = 0; value < values.size(); ++value)
        statistics[value].sample = at::cat(samples[value]);
    return statistics;
}

}  // namespace sqil
