#include "core/bench/BenchedPolicy.h"

#include <ATen/ATen.h>

#include "core/quant/PostTraining.h"
#include "core/quant/SampleCalibration.h"

namespace sqil {
namespace {

/// Inputs of one step with the sizes that the file gives; batch 1.
Result<std::vector<at::Tensor>> randomInputs(const PolicyGraph& graph, std::uint64_t seed) {
    at::manual_seed(seed);
    std::vector<at::Tensor> inputs;
    for (const ValueId input : graph.inputs) {
        const Value& value = graph.values[static_cast<std::size_t>(input)];
        std::vector<std::int64_t> sizes;
        for (std::size_t axis = 0; value.meta && axis < value.meta->sizes.size(); ++axis) {
            const auto* size = std::get_if<std::int64_t>(&value.meta->sizes[axis]);
            if (!size && axis > 0)
                return fail(ErrorKind::BadInput,
                            "input \"" + value.name + "\": its sizes are not known; give --rollouts");
            sizes.push_back(size ? *size : 1);
        }
        if (!value.meta)
            return fail(ErrorKind::BadInput,
                        "input \"" + value.name + "\": the file does not say its sizes; give --rollouts");
        inputs.push_back(at::isFloatingType(value.meta->type) ? at::rand(sizes).to(value.meta->type)
                                                              : at::zeros(sizes, value.meta->type));
    }
    return inputs;
}

/// The first recorded step, in the types that the policy takes.
Result<std::vector<at::Tensor>> firstStep(const Policy& policy, Rollouts& rollouts) {
    for (std::size_t episode = 0; episode < rollouts.info().episodes.size(); ++episode) {
        if (rollouts.info().episodes[episode].steps < 1)
            continue;
        auto inputs = policy.inputs(rollouts, episode, 0, 1);
        if (!inputs)
            return inputs;
        for (std::size_t i = 0; i < inputs->size(); ++i)
            if (const auto& meta = policy.graph().values[static_cast<std::size_t>(policy.graph().inputs[i])].meta)
                (*inputs)[i] = (*inputs)[i].to(meta->type);
        return inputs;
    }
    return fail(ErrorKind::BadInput, rollouts.info().path.string() + ": no episode has a step");
}

}  // namespace

Result<BenchedPolicy> BenchedPolicy::open(const std::filesystem::path& policyPath,
                                          const std::filesystem::path& rolloutsPath, std::uint64_t seed) {
    BenchedPolicy subject;
    if (rolloutsPath.empty()) {
        auto file = readPolicyFile(policyPath);
        if (!file)
            return tl::unexpected(file.error());
        auto inputs = randomInputs(file->graph, seed);
        if (!inputs)
            return tl::unexpected(inputs.error());
        subject.file = std::move(*file);
        subject.inputs = std::move(*inputs);
        subject.notes = {"inputs: random numbers of the sizes that the file gives; activation ranges are theirs"};
        return subject;
    }
    auto rollouts = Rollouts::open(rolloutsPath);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    auto policy = Policy::load(policyPath, (*rollouts)->info());
    if (!policy)
        return tl::unexpected(policy.error());
    auto inputs = firstStep(**policy, **rollouts);
    if (!inputs)
        return tl::unexpected(inputs.error());
    subject.rollouts = *rollouts;
    subject.policy = *policy;
    subject.file = subject.policy->file();
    subject.inputs = std::move(*inputs);
    subject.controlRate = subject.policy->card().controlRateHz;
    return subject;
}

Result<PolicyFile> BenchedPolicy::quantized(const QuantSpec& spec) const {
    if (!policy)
        return quantizeOnInputs(file, inputs, spec);
    auto result = quantizePolicy(*policy, *rollouts, spec);
    if (!result)
        return tl::unexpected(result.error());
    return std::move(result->file);
}

}  // namespace sqil
