#include "core/analysis/Saliency.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "core/analysis/ImagePerturbation.h"
#include "core/analysis/SaliencyScores.h"
#include "core/analysis/incremental/LocalSaliency.h"
#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

/// One input of the policy that is perturbed, and how.
struct Modality {
    std::size_t input = 0;  ///< index among the graph's inputs
    std::string name;
    PerturbationSpec spec;
    SaliencyEngine::StateStatistics statistics;  ///< of `state`
};

std::string shapeText(const at::Tensor& tensor) {
    std::string text;
    for (const std::int64_t size : tensor.sizes())
        text += (text.empty() ? "" : "×") + std::to_string(size);
    return text.empty() ? "a number" : text;
}

std::span<const float> values(const at::Tensor& tensor) {
    return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

at::Tensor plain(const at::Tensor& input) {
    return input.to(at::kCPU, at::kFloat).contiguous();
}

Result<void> checkPerturbations(const std::vector<PerturbationSpec>& perturbations) {
    const auto states = std::count_if(perturbations.begin(), perturbations.end(), [](const PerturbationSpec& spec) {
        return spec.kind == PerturbationKind::State;
    });
    if (perturbations.empty() || states > 1 || static_cast<std::size_t>(states) + 1 < perturbations.size())
        return fail(
            ErrorKind::BadInput,
            "perturbations: expected greydanus or patch-mean for images, state for state vectors, or one of each");
    return {};
}

Result<SaliencyEngine::StateStatistics> statisticsOf(const std::string& input,
                                                     const std::vector<SaliencyEngine::StateStatistics>& all) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.input == input; });
    if (found == all.end() || found->mean.size() != found->std.size() || found->mean.empty())
        return fail(ErrorKind::BadInput, "the perturbation \"state\" needs mean and deviation of the input \"" + input +
                                             "\" over the data set");
    return *found;
}

Result<std::vector<Modality>> modalitiesOf(const Policy& policy, const std::vector<PerturbationSpec>& perturbations,
                                           const std::vector<SaliencyEngine::StateStatistics>& statistics) {
    std::vector<Modality> modalities;
    for (std::size_t index = 0; index < policy.graph().inputs.size(); ++index) {
        const std::string& name = policy.graph().values[static_cast<std::size_t>(policy.graph().inputs[index])].name;
        const auto& inputs = policy.card().inputs;
        const auto input =
            std::find_if(inputs.begin(), inputs.end(), [&](const CardInput& i) { return i.name == name; });
        if (input == inputs.end())
            continue;
        for (const PerturbationSpec& spec : perturbations) {
            if ((spec.kind == PerturbationKind::State) != (input->kind == InputKind::State))
                continue;
            Modality modality{index, name, spec, {}};
            if (spec.kind == PerturbationKind::State) {
                auto found = statisticsOf(name, statistics);
                if (!found)
                    return tl::unexpected(found.error());
                modality.statistics = std::move(*found);
            }
            modalities.push_back(std::move(modality));
        }
    }
    if (modalities.empty())
        return fail(ErrorKind::BadInput,
                    "the policy has no input that the perturbations apply to: greydanus and "
                    "patch-mean need an image, state needs a state vector");
    return modalities;
}

Result<void> checkImageShape(const Modality& modality, const at::Tensor& image) {
    if (image.dim() < 3)
        return fail(ErrorKind::BadInput, "the image input \"" + modality.name + "\" is " + shapeText(image) +
                                             "; expected 1×channels×height×width");
    const auto last = image.size(-1), middle = image.size(-2), first = image.size(-3);
    if (image.dim() == 4 && last <= 4 && middle > 8 && first > 8)
        return fail(ErrorKind::Unsupported, "the image input \"" + modality.name + "\" is " + shapeText(image) +
                                                ", channels last; expected 1×channels×height×width");
    return {};
}

/// What replaces dimension d of a state.
float changedState(const Modality& modality, std::size_t d, float value) {
    switch (modality.spec.stateChange) {
        case StateChange::PlusStd:
            return value + modality.statistics.std[d];
        case StateChange::MinusStd:
            return value - modality.statistics.std[d];
        case StateChange::Mean:
            break;
    }
    return modality.statistics.mean[d];
}

}  // namespace

double StepSaliency::sisOf(const ModalitySaliency& modality) {
    const double sum = std::accumulate(modality.scores.begin(), modality.scores.end(), 0.0);
    return modality.scores.empty() ? 0.0 : sum / static_cast<double>(modality.scores.size());
}

double StepSaliency::sis() const {
    double sum = 0;
    std::size_t count = 0;
    for (const ModalitySaliency& modality : modalities) {
        sum = std::accumulate(modality.scores.begin(), modality.scores.end(), sum);
        count += modality.scores.size();
    }
    return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

/// How one image input of one size is perturbed, and how that is computed.
struct ImageWay {
    std::shared_ptr<const ImagePerturbation> perturbation;
    std::shared_ptr<const LocalSaliency> local;  ///< null: in full
    std::string reason;                          ///< why in full
};

struct SaliencyEngine::Plan {
    std::shared_ptr<const Policy> policy;
    std::vector<Modality> modalities;
    Method method = Method::Auto;
    std::vector<std::string> names;  ///< of the graph's inputs

    /// By input and sizes of all inputs: graphs with dynamic sizes meet several.
    using Key = std::pair<std::size_t, std::vector<std::int64_t>>;
    mutable std::mutex mutex;
    mutable std::map<Key, std::shared_ptr<const ImageWay>> ways;

    Result<std::shared_ptr<const ImageWay>> way(const Modality& modality, std::span<const at::Tensor> inputs) const;
    Result<void> check(std::span<const at::Tensor> inputs) const;
    std::vector<at::Tensor> exampleInputs() const;
    Result<ModalitySaliency> imageScores(const Modality&, std::span<const at::Tensor>, at::Tensor& head) const;
    Result<ModalitySaliency> stateScores(const Modality&, std::span<const at::Tensor>, at::Tensor& head) const;
    Result<void> needHead(std::span<const at::Tensor> inputs, at::Tensor& head) const;
};

Result<std::shared_ptr<const ImageWay>> SaliencyEngine::Plan::way(const Modality& modality,
                                                                  std::span<const at::Tensor> inputs) const {
    const at::Tensor& image = inputs[modality.input];
    if (auto fits = checkImageShape(modality, image); !fits)
        return tl::unexpected(fits.error());
    Key key{modality.input, {}};
    for (const at::Tensor& input : inputs) {
        key.second.insert(key.second.end(), input.sizes().begin(), input.sizes().end());
        key.second.push_back(-1);
    }
    const std::lock_guard lock(mutex);
    auto& stored = ways[key];
    if (stored)
        return stored;
    auto perturbation = ImagePerturbation::create(modality.spec, image.size(-2), image.size(-1));
    if (!perturbation)
        return tl::unexpected(perturbation.error());
    auto made = std::make_shared<ImageWay>();
    made->perturbation = std::make_shared<const ImagePerturbation>(std::move(*perturbation));
    if (method == Method::Auto) {
        auto local = LocalSaliency::create(policy, {modality.input, made->perturbation}, inputs);
        if (local)
            made->local = std::move(*local);
        else
            made->reason = local.error().message;
    }
    return stored = std::move(made);
}

/// Zeros of the sizes that the file gives; empty where it leaves some open.
std::vector<at::Tensor> SaliencyEngine::Plan::exampleInputs() const {
    std::vector<at::Tensor> inputs;
    for (const ValueId id : policy->graph().inputs) {
        const auto& meta = policy->graph().values[static_cast<std::size_t>(id)].meta;
        if (!meta || meta->sizes.empty())
            return {};
        std::vector<std::int64_t> sizes{1};
        for (std::size_t d = 1; d < meta->sizes.size(); ++d) {
            const auto* size = std::get_if<std::int64_t>(&meta->sizes[d]);
            if (!size)
                return {};
            sizes.push_back(*size);
        }
        inputs.push_back(at::zeros(sizes, at::TensorOptions(at::kFloat).device(policy->device())));
    }
    return inputs;
}

Result<void> SaliencyEngine::Plan::needHead(std::span<const at::Tensor> inputs, at::Tensor& head) const {
    if (head.defined())
        return {};
    auto computed = policy->forward(inputs);
    if (!computed)
        return tl::unexpected(computed.error());
    head = *computed;
    return {};
}

Result<void> SaliencyEngine::Plan::check(std::span<const at::Tensor> inputs) const {
    if (inputs.size() != names.size())
        return fail(ErrorKind::BadInput, "the policy takes " + std::to_string(names.size()) + " inputs, " +
                                             std::to_string(inputs.size()) + " were given");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].defined() || inputs[i].dim() == 0 || inputs[i].size(0) != 1 || inputs[i].numel() == 0)
            return fail(ErrorKind::BadInput, "saliency is computed for one step: input \"" + names[i] + "\" is " +
                                                 (inputs[i].defined() ? shapeText(inputs[i]) : "missing") +
                                                 "; expected a batch of 1");
        if (inputs[i].is_floating_point() && !at::isfinite(inputs[i]).all().item<bool>())
            return fail(ErrorKind::BadInput, "input \"" + names[i] + "\" has NaN or infinite values");
    }
    return {};
}

Result<ModalitySaliency> SaliencyEngine::Plan::imageScores(const Modality& modality, std::span<const at::Tensor> inputs,
                                                           at::Tensor& head) const {
    const auto chosen = way(modality, inputs);
    if (!chosen)
        return tl::unexpected(chosen.error());
    const ImagePerturbation& changes = *(*chosen)->perturbation;
    if ((*chosen)->local) {
        auto outcome = (*chosen)->local->run(inputs);
        if (outcome) {
            head = outcome->head;
            return ModalitySaliency{modality.name, changes.places().rows, changes.places().columns,
                                    std::move(outcome->scores)};
        }
        // Where the local way meets something it cannot do, the way in full decides.
    }
    if (auto known = needHead(inputs, head); !known)
        return tl::unexpected(known.error());
    const at::Tensor image = plain(inputs[modality.input]);
    const std::int64_t channels = image.numel() / (image.size(-1) * image.size(-2));
    const std::vector<float> change = changes.change(values(image), channels, at::get_num_threads());
    const FillPlaces fill = [&](std::int64_t first, at::Tensor& batch) {
        const auto size = static_cast<std::size_t>(image.numel());
        float* data = batch.mutable_data_ptr<float>();
        forEachItem(at::get_num_threads(), batch.size(0), [&](int, std::int64_t k) {
            changes.apply(values(image), change, first + k, {data + static_cast<std::size_t>(k) * size, size});
        });
    };
    auto scores = batchedScores(*policy, inputs, modality.input, changes.places().count(), head, fill);
    if (!scores)
        return tl::unexpected(scores.error());
    return ModalitySaliency{modality.name, changes.places().rows, changes.places().columns, std::move(*scores)};
}

Result<ModalitySaliency> SaliencyEngine::Plan::stateScores(const Modality& modality, std::span<const at::Tensor> inputs,
                                                           at::Tensor& head) const {
    if (auto known = needHead(inputs, head); !known)
        return tl::unexpected(known.error());
    const at::Tensor state = plain(inputs[modality.input]);
    const std::int64_t dimensions = state.numel();
    if (dimensions != static_cast<std::int64_t>(modality.statistics.mean.size()))
        return fail(ErrorKind::BadInput, "the input \"" + modality.name + "\" has " + std::to_string(dimensions) +
                                             " dimensions, its statistics " +
                                             std::to_string(modality.statistics.mean.size()));
    const FillPlaces fill = [&](std::int64_t first, at::Tensor& batch) {
        float* data = batch.mutable_data_ptr<float>();
        for (std::int64_t k = 0; k < batch.size(0); ++k) {
            float* row = data + k * dimensions;
            std::copy_n(state.const_data_ptr<float>(), dimensions, row);
            row[first + k] = changedState(modality, static_cast<std::size_t>(first + k), row[first + k]);
        }
    };
    const auto compute = method == Method::Auto ? dependentScores : batchedScores;
    auto scores = compute(*policy, inputs, modality.input, dimensions, head, fill);
    if (!scores)
        return tl::unexpected(scores.error());
    return ModalitySaliency{modality.name, 1, dimensions, std::move(*scores)};
}

SaliencyEngine::SaliencyEngine(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
SaliencyEngine::SaliencyEngine(SaliencyEngine&&) noexcept = default;
SaliencyEngine& SaliencyEngine::operator=(SaliencyEngine&&) noexcept = default;
SaliencyEngine::~SaliencyEngine() = default;

Result<SaliencyEngine> SaliencyEngine::create(std::shared_ptr<const Policy> policy,
                                              std::vector<PerturbationSpec> perturbations,
                                              std::vector<StateStatistics> statistics, Method method) {
    if (auto checked = checkPerturbations(perturbations); !checked)
        return tl::unexpected(checked.error());
    auto modalities = modalitiesOf(*policy, perturbations, statistics);
    if (!modalities)
        return tl::unexpected(modalities.error());
    auto plan = std::make_unique<Plan>();
    for (const ValueId input : policy->graph().inputs)
        plan->names.push_back(policy->graph().values[static_cast<std::size_t>(input)].name);
    plan->policy = std::move(policy);
    plan->modalities = std::move(*modalities);
    plan->method = method;
    const at::NoGradGuard noGradient;
    if (const auto example = plan->exampleInputs(); !example.empty())
        for (const Modality& modality : plan->modalities)
            if (modality.spec.kind != PerturbationKind::State)
                if (auto way = plan->way(modality, example); !way)
                    return tl::unexpected(way.error());
    return SaliencyEngine(std::move(plan));
}

Result<StepSaliency> SaliencyEngine::step(std::span<const at::Tensor> inputs) const {
    const at::NoGradGuard noGradient;
    if (auto checked = plan_->check(inputs); !checked)
        return tl::unexpected(checked.error());
    StepSaliency result;
    at::Tensor head;
    for (const Modality& modality : plan_->modalities) {
        auto scores = modality.spec.kind == PerturbationKind::State ? plan_->stateScores(modality, inputs, head)
                                                                    : plan_->imageScores(modality, inputs, head);
        if (!scores)
            return tl::unexpected(scores.error());
        result.modalities.push_back(std::move(*scores));
    }
    const at::Tensor output = plain(head);
    result.headOutput.assign(output.const_data_ptr<float>(), output.const_data_ptr<float>() + output.numel());
    return result;
}

Result<at::Tensor> SaliencyEngine::perturbed(std::span<const at::Tensor> inputs, std::size_t input,
                                             std::int64_t place) const {
    if (auto checked = plan_->check(inputs); !checked)
        return tl::unexpected(checked.error());
    const auto modality = std::find_if(plan_->modalities.begin(), plan_->modalities.end(),
                                       [&](const Modality& candidate) { return candidate.input == input; });
    if (modality == plan_->modalities.end())
        return fail(ErrorKind::BadInput, "input " + std::to_string(input) + " of the policy is not perturbed");
    const at::Tensor base = plain(inputs[input]);
    at::Tensor result = base.clone();
    const auto outside = [&](std::int64_t count) {
        return fail(ErrorKind::BadInput, "the input \"" + modality->name + "\" has " + std::to_string(count) +
                                             " places; number " + std::to_string(place) + " is not one of them");
    };
    if (modality->spec.kind == PerturbationKind::State) {
        const auto count =
            std::min<std::int64_t>(base.numel(), static_cast<std::int64_t>(modality->statistics.mean.size()));
        if (place < 0 || place >= count)
            return outside(count);
        float* data = result.mutable_data_ptr<float>();
        data[place] = changedState(*modality, static_cast<std::size_t>(place), data[place]);
        return result;
    }
    const auto chosen = plan_->way(*modality, inputs);
    if (!chosen)
        return tl::unexpected(chosen.error());
    const ImagePerturbation& changes = *(*chosen)->perturbation;
    if (place < 0 || place >= changes.places().count())
        return outside(changes.places().count());
    const std::vector<float> change = changes.change(values(base), base.numel() / (base.size(-1) * base.size(-2)));
    changes.apply(values(base), change, place,
                  {result.mutable_data_ptr<float>(), static_cast<std::size_t>(result.numel())});
    return result;
}

std::string SaliencyEngine::explain() const {
    const std::lock_guard lock(plan_->mutex);
    std::string text;
    for (const auto& [key, way] : plan_->ways) {
        text += "input \"" + plan_->names[key.first] + "\": ";
        if (way->local)
            text += "only what changes is recomputed, " + way->local->explain();
        else
            text += "every perturbed input is run through the whole policy, in batches" +
                    (way->reason.empty() ? "" : " (" + way->reason + ")") + "\n";
    }
    for (const Modality& modality : plan_->modalities)
        if (modality.spec.kind == PerturbationKind::State)
            text +=
                "input \"" + modality.name + "\": only what depends on it is recomputed, all dimensions in one batch\n";
    return text;
}

}  // namespace sqil
