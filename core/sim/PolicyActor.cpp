#include "core/sim/PolicyActor.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/sim/Evaluate.h"

namespace sqil {
namespace {

std::string keysOf(const EnvironmentInfo& environment) {
    std::string text;
    for (const KeySpec& key : environment.observations) {
        text += (text.empty() ? "" : ", ") + key.name + " (";
        for (std::size_t i = 0; i < key.shape.size(); ++i)
            text += (i ? "×" : "") + std::to_string(key.shape[i]);
        text += ")";
    }
    return text;
}

}  // namespace

Result<void> PolicyActor::prepare(const EnvironmentInfo& environment) {
    environment_ = environment;
    const PolicyCard& card = policy_->card();
    for (const CardInput& input : card.inputs)
        if (std::none_of(environment.observations.begin(), environment.observations.end(),
                         [&](const KeySpec& key) { return key.name == input.key; }))
            return fail(ErrorKind::BadInput, environment.name + " observes " + keysOf(environment) +
                                                 "; the policy's card wants \"" + input.key + "\" for its input \"" +
                                                 input.name + "\"");
    if (auto fits = checkCard(card, policy_->graph(), observedBy(environment)); !fits)
        return fits;
    // One batch of zeros tells how many numbers the policy answers.
    ActorBatch probe;
    for (const KeySpec& key : environment.observations) {
        StepBlock block{key.type, {1}, {}};
        block.shape.insert(block.shape.end(), key.shape.begin(), key.shape.end());
        block.bytes.resize(static_cast<std::size_t>(key.elements()) * sizeOf(key.type));
        probe.observations.emplace(key.name, std::move(block));
    }
    probe.episodes = {0};
    probe.seeds = {0};
    probe.steps = {0};
    const at::NoGradGuard none;
    auto prepared = inputs(probe);
    if (!prepared)
        return tl::unexpected(prepared.error());
    auto output = policy_->forward(*prepared);
    if (!output)
        return tl::unexpected(output.error());
    const std::int64_t answered = policy_->action(*output).size(1);
    const std::int64_t wanted = environment.discreteActions.value_or(environment.actionDimensions);
    if (answered != wanted)
        return fail(ErrorKind::BadInput,
                    environment.name + " takes " + std::to_string(wanted) +
                        (environment.discreteActions ? " discrete actions" : " action dimensions") +
                        "; the policy gives " + std::to_string(answered));
    return {};
}

Result<std::vector<at::Tensor>> PolicyActor::inputs(const ActorBatch& batch) const {
    return policy_->inputs(batch.observations);
}

std::vector<float> PolicyActor::actionsOf(const at::Tensor& headOutput) const {
    at::Tensor actions = policy_->action(headOutput).to(at::kFloat).to(at::kCPU);
    if (environment_.discreteActions) {
        actions = actions.argmax(1, /*keepdim=*/true).to(at::kFloat);
    } else {
        const auto options = at::TensorOptions().dtype(at::kFloat);
        const at::Tensor low = at::tensor(environment_.low, options), high = at::tensor(environment_.high, options);
        actions = at::max(at::min(actions, high), low);
    }
    actions = actions.contiguous();
    return {actions.const_data_ptr<float>(), actions.const_data_ptr<float>() + actions.numel()};
}

Result<std::vector<float>> PolicyActor::act(const ActorBatch& batch) {
    const at::NoGradGuard none;
    auto prepared = inputs(batch);
    if (!prepared)
        return tl::unexpected(prepared.error());
    return policy_->forward(*prepared).map([&](const at::Tensor& output) { return actionsOf(output); });
}

}  // namespace sqil
