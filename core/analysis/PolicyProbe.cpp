#include "core/analysis/PolicyProbe.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "core/analysis/Saliency.h"
#include "core/policy/Policy.h"

namespace sqil {
namespace {

std::vector<float> toVector(const at::Tensor& values) {
    const at::Tensor flat = values.to(at::kCPU, at::kFloat).contiguous();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

class LoadedProbe final : public PolicyProbe {
public:
    LoadedProbe(std::shared_ptr<const Policy> policy, std::shared_ptr<Rollouts> rollouts, AnalysisSpec spec)
        : policy_(std::move(policy)), rollouts_(std::move(rollouts)), spec_(std::move(spec)) {}

    Result<std::vector<PlaceScores>> saliency(std::size_t episode, std::int64_t step) override {
        const at::NoGradGuard noGradient;
        if (!engine_) {
            auto made = saliencyEngine(policy_, *rollouts_, spec_.perturbations);
            if (!made)
                return tl::unexpected(made.error());
            engine_ = std::move(*made);
        }
        const auto inputs = policy_->inputs(*rollouts_, episode, step, 1);
        if (!inputs)
            return tl::unexpected(inputs.error());
        auto computed = engine_->step(*inputs);
        if (!computed)
            return tl::unexpected(computed.error());
        std::vector<PlaceScores> maps;
        for (auto& modality : computed->modalities)
            maps.push_back({std::move(modality.input), modality.rows, modality.columns, std::move(modality.scores)});
        return maps;
    }

    ActionHead head() const override { return policy_->card().head; }

    Result<ActionSpread> spread(std::size_t episode, std::int64_t first, std::int64_t count) override {
        const at::NoGradGuard noGradient;
        if (head() != ActionHead::Gaussian && head() != ActionHead::Beta)
            return fail(ErrorKind::Unsupported,
                        "a " + std::string(nameOf(head())) + " head has no standard deviation of its action");
        const std::int64_t begin = std::max<std::int64_t>(0, first);
        const std::int64_t end = std::min(first + count, rollouts_->info().episodes.at(episode).steps);
        ActionSpread spread;
        spread.first = begin;
        spread.steps = std::max<std::int64_t>(0, end - begin);
        if (spread.steps == 0)
            return spread;
        const auto inputs = policy_->inputs(*rollouts_, episode, begin, spread.steps);
        if (!inputs)
            return tl::unexpected(inputs.error());
        const auto output = policy_->forward(*inputs);
        if (!output)
            return tl::unexpected(output.error());
        const auto halves = output->chunk(2, 1);
        at::Tensor deviation = halves[1];
        if (head() == ActionHead::Beta) {
            // On [−1, 1], which is twice as wide: 2·√(αβ / ((α+β)²(α+β+1))).
            const at::Tensor sum = halves[0] + halves[1];
            deviation = 2 * at::sqrt(halves[0] * halves[1] / (sum * sum * (sum + 1)));
            spread.alpha = toVector(halves[0]);
            spread.beta = toVector(halves[1]);
        }
        spread.dimensions = static_cast<std::size_t>(halves[0].size(1));
        spread.mean = toVector(policy_->action(*output));
        spread.deviation = toVector(deviation);
        return spread;
    }

private:
    std::shared_ptr<const Policy> policy_;
    std::shared_ptr<Rollouts> rollouts_;
    AnalysisSpec spec_;
    std::optional<SaliencyEngine> engine_;
};

}  // namespace

Result<std::unique_ptr<PolicyProbe>> PolicyProbe::open(const std::filesystem::path& path,
                                                       std::shared_ptr<Rollouts> rollouts, const AnalysisSpec& spec) {
    auto policy = Policy::load(path, rollouts->info());
    if (!policy)
        return tl::unexpected(policy.error());
    return std::make_unique<LoadedProbe>(std::move(*policy), std::move(rollouts), spec);
}

}  // namespace sqil
