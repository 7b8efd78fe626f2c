#include "core/analysis/Analysis.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/ActionGap.h"
#include "core/analysis/AnalyzerFactory.h"
#include "core/analysis/Saliency.h"
#include "core/policy/Policy.h"

namespace sqil {
namespace {

constexpr float kNotComputed = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kActionBatch = 64;

std::vector<float> toVector(const at::Tensor& row) {
    const at::Tensor values = row.to(at::kFloat).contiguous();
    return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

std::vector<PlaceScores> toScores(std::vector<ModalitySaliency> modalities) {
    std::vector<PlaceScores> maps;
    for (auto& modality : modalities)
        maps.push_back({std::move(modality.input), modality.rows, modality.columns, std::move(modality.scores)});
    return maps;
}

std::vector<float> allScores(const std::vector<PlaceScores>& maps) {
    std::vector<float> scores;
    for (const auto& map : maps)
        scores.insert(scores.end(), map.scores.begin(), map.scores.end());
    return scores;
}

StepResult withoutNumbers() {
    StepResult result;
    result.sis = result.gap = result.divergence = kNotComputed;
    return result;
}

/// Both policies must say the same thing in the same units for a gap to mean anything.
Result<void> checkComparable(const Policy& fullPrecision, const Policy& quantized) {
    const auto& first = fullPrecision.card();
    const auto& second = quantized.card();
    if (first.head != second.head)
        return fail(ErrorKind::BadInput, "the policies cannot be compared: the full-precision one has a " +
                                             std::string(nameOf(first.head)) + " head, the quantized one a " +
                                             std::string(nameOf(second.head)) + " head");
    if (first.dimensions.size() != second.dimensions.size())
        return fail(ErrorKind::BadInput, "the policies cannot be compared: " + std::to_string(first.dimensions.size()) +
                                             " action dimensions against " + std::to_string(second.dimensions.size()));
    return {};
}

class PolicyAnalyzer final : public Analyzer {
public:
    struct Side {
        std::shared_ptr<const Policy> policy;
        SaliencyEngine engine;
    };

    PolicyAnalyzer(Side fullPrecision, std::optional<Side> quantized, std::shared_ptr<Rollouts> rollouts,
                   AnalysisSpec spec, std::vector<std::string> modalities)
        : fullPrecision_(std::move(fullPrecision)),
          quantized_(std::move(quantized)),
          rollouts_(std::move(rollouts)),
          spec_(std::move(spec)),
          modalities_(std::move(modalities)) {}

    const std::vector<std::string>& modalities() const override { return modalities_; }
    const AnalysisSpec& spec() const override { return spec_; }

    std::string parametersJson() const override {
        auto json = nlohmann::json::parse(toJson(spec_));
        json.erase("top_percent");  // a way to look at the scores, not one to make them
        json["head"] = nameOf(fullPrecision_.policy->card().head);
        json["modalities"] = nlohmann::json::array();
        for (const std::string& modality : modalities_)
            json["modalities"].push_back(resolvedParameters(modality));
        return json.dump();
    }

    Result<StepResult> step(std::size_t episode, std::int64_t step, bool quantizedMaps) override {
        const at::NoGradGuard noGradient;
        StepResult result = withoutNumbers();
        auto inputs = fullPrecision_.policy->inputs(*rollouts_, episode, step, 1);
        if (!inputs)
            return tl::unexpected(inputs.error());
        result.problem = nonFinite(*inputs, 0, episode, step);
        if (!result.problem.empty())
            return result;

        auto saliency = fullPrecision_.engine.step(*inputs);
        if (!saliency)
            return tl::unexpected(saliency.error());
        result.sis = static_cast<float>(saliency->sis());
        for (const auto& modality : saliency->modalities)
            result.sisOfModality.push_back(static_cast<float>(StepSaliency::sisOf(modality)));
        result.action = actionOf(*fullPrecision_.policy, saliency->headOutput);
        result.saliency = toScores(std::move(saliency->modalities));
        if (!quantized_)
            return result;

        auto quantizedInputs = quantized_->policy->inputs(*rollouts_, episode, step, 1);
        if (!quantizedInputs)
            return tl::unexpected(quantizedInputs.error());
        if (quantizedMaps) {
            auto other = quantized_->engine.step(*quantizedInputs);
            if (!other)
                return tl::unexpected(other.error());
            result.quantizedAction = actionOf(*quantized_->policy, other->headOutput);
            result.quantizedSaliency = toScores(std::move(other->modalities));
            result.divergence =
                static_cast<float>(saliencyDivergence(allScores(result.saliency), allScores(result.quantizedSaliency)));
        } else {
            auto head = quantized_->policy->forward(*quantizedInputs);
            if (!head)
                return tl::unexpected(head.error());
            result.quantizedAction = toVector(quantized_->policy->action(*head)[0]);
        }
        result.gap = static_cast<float>(actionGap(result.action, result.quantizedAction));
        return result;
    }

    Result<void> compareAlso(std::shared_ptr<const Policy> policy) override {
        if (auto comparable = checkComparable(*fullPrecision_.policy, *policy); !comparable)
            return comparable;
        others_.push_back(std::move(policy));
        return {};
    }

    Result<std::vector<StepResult>> actions(std::size_t episode) override {
        const at::NoGradGuard noGradient;
        std::vector<StepResult> results;
        const std::int64_t steps = rollouts_->info().episodes.at(episode).steps;
        for (std::int64_t first = 0; first < steps; first += kActionBatch) {
            const std::int64_t count = std::min(kActionBatch, steps - first);
            auto batch = actionsOf(*fullPrecision_.policy, episode, first, count);
            if (!batch)
                return tl::unexpected(batch.error());
            std::optional<Batch> other;
            if (quantized_) {
                auto quantizedBatch = actionsOf(*quantized_->policy, episode, first, count);
                if (!quantizedBatch)
                    return tl::unexpected(quantizedBatch.error());
                other = std::move(*quantizedBatch);
            }
            for (std::int64_t row = 0; row < count; ++row)
                results.push_back(rowOf(*batch, other, row, episode, first + row));
            for (const auto& policy : others_) {
                auto further = actionsOf(*policy, episode, first, count);
                if (!further)
                    return tl::unexpected(further.error());
                for (std::int64_t row = 0; row < count; ++row)
                    addOther(results[static_cast<std::size_t>(first + row)], further->actions[row]);
            }
        }
        return results;
    }

private:
    struct Batch {
        std::vector<at::Tensor> inputs;
        at::Tensor actions;
    };

    Result<Batch> actionsOf(const Policy& policy, std::size_t episode, std::int64_t first, std::int64_t count) {
        auto inputs = policy.inputs(*rollouts_, episode, first, count);
        if (!inputs)
            return tl::unexpected(inputs.error());
        auto head = policy.forward(*inputs);
        if (!head)
            return tl::unexpected(head.error());
        return Batch{std::move(*inputs), policy.action(*head)};
    }

    StepResult rowOf(const Batch& batch, const std::optional<Batch>& other, std::int64_t row, std::size_t episode,
                     std::int64_t step) const {
        StepResult result = withoutNumbers();
        result.problem = nonFinite(batch.inputs, row, episode, step);
        if (!result.problem.empty())
            return result;
        result.action = toVector(batch.actions[row]);
        if (other) {
            result.quantizedAction = toVector(other->actions[row]);
            result.gap = static_cast<float>(actionGap(result.action, result.quantizedAction));
        }
        return result;
    }

    static void addOther(StepResult& result, const at::Tensor& action) {
        if (result.action.empty()) {
            result.others.push_back({kNotComputed, {}});
            return;
        }
        ComparedAction other{0, toVector(action)};
        other.gap = static_cast<float>(actionGap(result.action, other.action));
        result.others.push_back(std::move(other));
    }

    /// What the defaults became for one input of the full-precision policy.
    nlohmann::json resolvedParameters(const std::string& modality) const {
        nlohmann::json json{{"input", modality}};
        const auto& graph = fullPrecision_.policy->graph();
        const auto& inputs = fullPrecision_.policy->card().inputs;
        for (std::size_t index = 0; index < inputs.size(); ++index) {
            const auto& meta = graph.values[static_cast<std::size_t>(graph.inputs[index])].meta;
            if (inputs[index].name != modality || inputs[index].kind != InputKind::Image || !meta ||
                meta->sizes.size() < 2)
                continue;
            const auto* height = std::get_if<std::int64_t>(&meta->sizes[meta->sizes.size() - 2]);
            const auto* width = std::get_if<std::int64_t>(&meta->sizes[meta->sizes.size() - 1]);
            for (const auto& perturbation : spec_.perturbations) {
                if (perturbation.kind == PerturbationKind::State || !height || !width)
                    continue;
                if (const auto places = placesOf(perturbation, *height, *width))
                    json.update({{"perturbation", nameOf(perturbation.kind)},
                                 {"rows", places->rows},
                                 {"columns", places->columns},
                                 {"stride", places->stride},
                                 {"mask_sigma", places->maskSigma},
                                 {"blur_sigma", places->blurSigma},
                                 {"patch", places->patch}});
            }
        }
        return json;
    }

    static std::vector<float> actionOf(const Policy& policy, const std::vector<float>& head) {
        return toVector(policy.action(at::tensor(head).unsqueeze(0))[0]);
    }

    /// Empty, or which observation of the step has a NaN or an infinite value.
    std::string nonFinite(const std::vector<at::Tensor>& inputs, std::int64_t row, std::size_t episode,
                          std::int64_t step) const {
        for (std::size_t index = 0; index < inputs.size(); ++index) {
            const at::Tensor values = inputs[index][row];
            if (values.is_floating_point() && !at::isfinite(values).all().item<bool>())
                return rollouts_->info().episodes.at(episode).name + ", step " + std::to_string(step) +
                       ": observation \"" + fullPrecision_.policy->card().inputs[index].key +
                       "\" has NaN or infinite values; the step is left out";
        }
        return {};
    }

    Side fullPrecision_;
    std::optional<Side> quantized_;
    std::vector<std::shared_ptr<const Policy>> others_;
    std::shared_ptr<Rollouts> rollouts_;
    AnalysisSpec spec_;
    std::vector<std::string> modalities_;
};

/// Inputs that some perturbation of the list applies to, in the order of the policy.
std::vector<std::string> perturbedInputs(const Policy& policy, const AnalysisSpec& spec) {
    std::vector<std::string> names;
    for (const CardInput& input : policy.card().inputs) {
        const bool perturbed =
            std::any_of(spec.perturbations.begin(), spec.perturbations.end(), [&](const auto& entry) {
                return (entry.kind == PerturbationKind::State) == (input.kind == InputKind::State);
            });
        if (perturbed)
            names.push_back(input.name);
    }
    return names;
}

Result<PolicyAnalyzer::Side> sideOf(std::shared_ptr<const Policy> policy, Rollouts& rollouts,
                                    const AnalysisSpec& spec) {
    auto engine = saliencyEngine(policy, rollouts, spec.perturbations);
    if (!engine)
        return tl::unexpected(engine.error());
    return PolicyAnalyzer::Side{std::move(policy), std::move(*engine)};
}

}  // namespace

Result<std::unique_ptr<Analyzer>> Analyzer::create(std::shared_ptr<const Policy> fullPrecision,
                                                   std::shared_ptr<const Policy> quantized,
                                                   std::shared_ptr<Rollouts> rollouts, AnalysisSpec spec) {
    const at::NoGradGuard noGradient;
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    std::optional<PolicyAnalyzer::Side> other;
    if (quantized) {
        if (auto comparable = checkComparable(*fullPrecision, *quantized); !comparable)
            return tl::unexpected(comparable.error());
        auto side = sideOf(std::move(quantized), *rollouts, spec);
        if (!side)
            return tl::unexpected(side.error());
        other = std::move(*side);
    }
    auto modalities = perturbedInputs(*fullPrecision, spec);
    auto side = sideOf(std::move(fullPrecision), *rollouts, spec);
    if (!side)
        return tl::unexpected(side.error());
    return std::make_unique<PolicyAnalyzer>(std::move(*side), std::move(other), std::move(rollouts), std::move(spec),
                                            std::move(modalities));
}

Result<std::unique_ptr<Analyzer>> openAnalyzer(const PolicyPaths& paths, std::shared_ptr<Rollouts> rollouts,
                                               const AnalysisSpec& spec) {
    auto fullPrecision = Policy::load(paths.policy, rollouts->info(), paths.card);
    if (!fullPrecision)
        return tl::unexpected(fullPrecision.error());
    std::shared_ptr<const Policy> quantized;
    if (!paths.quantized.empty()) {
        auto loaded = Policy::load(paths.quantized, rollouts->info(),
                                   paths.quantizedCard.empty() ? paths.card : paths.quantizedCard);
        if (!loaded)
            return tl::unexpected(loaded.error());
        quantized = std::move(*loaded);
    }
    return Analyzer::create(std::move(*fullPrecision), std::move(quantized), std::move(rollouts), spec);
}

Result<std::unique_ptr<Analyzer>> openAnalyzer(const std::filesystem::path& policy,
                                               const std::filesystem::path& quantized,
                                               std::shared_ptr<Rollouts> rollouts, const AnalysisSpec& spec) {
    return openAnalyzer(PolicyPaths{policy, quantized, {}, {}}, std::move(rollouts), spec);
}

Result<void> compareAlso(Analyzer& analyzer, const std::filesystem::path& policy, const RolloutsInfo& rollouts,
                         const std::filesystem::path& card) {
    auto loaded = Policy::load(policy, rollouts, card);
    if (!loaded)
        return tl::unexpected(loaded.error());
    return analyzer.compareAlso(std::move(*loaded)).map_error([&](Error error) {
        error.message = policy.string() + ": " + error.message;
        return error;
    });
}

Result<PolicyCard> cardOf(const std::filesystem::path& policy, const RolloutsInfo& rollouts,
                          const std::filesystem::path& card) {
    const auto loaded = Policy::load(policy, rollouts, card);
    if (!loaded)
        return tl::unexpected(loaded.error());
    return (*loaded)->card();
}

double criticalThreshold(const std::vector<float>& sis, double topPercent) {
    std::vector<float> finite;
    std::copy_if(sis.begin(), sis.end(), std::back_inserter(finite), [](float value) { return std::isfinite(value); });
    if (finite.empty())
        return std::numeric_limits<double>::quiet_NaN();
    std::sort(finite.begin(), finite.end());
    const double position = (100.0 - topPercent) / 100.0 * static_cast<double>(finite.size() - 1);
    const auto lower = static_cast<std::size_t>(position);
    const std::size_t upper = std::min(lower + 1, finite.size() - 1);
    const double fraction = position - static_cast<double>(lower);
    return finite[lower] + fraction * (static_cast<double>(finite[upper]) - finite[lower]);
}

}  // namespace sqil
