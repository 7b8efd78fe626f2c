#include "core/quant/MixedPrecision.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

#include "core/quant/LayerPlan.h"
#include "core/quant/QuantizationRecipe.h"
#include "core/quant/RoundedLayer.h"

namespace sqil {
namespace {

/// A trained weight may be this far from the rounded one of the full-precision policy; a scaled one of another
/// calibration is farther.
constexpr double kSameCalibration = 0.02;

std::vector<std::string> operatorsOf(const PolicyGraph& graph) {
    std::vector<std::string> targets;
    for (const Node& node : graph.nodes)
        if (node.target != "aten::fake_quantize_per_tensor_affine")
            targets.push_back(node.target);
    return targets;
}

const Binding* bindingNamed(const PolicyGraph& graph, const std::string& name) {
    const auto found = std::find_if(graph.bindings.begin(), graph.bindings.end(),
                                    [&](const Binding& binding) { return binding.name == name; });
    return found == graph.bindings.end() ? nullptr : &*found;
}

/// Vectors that a layer's node reads beside its weight: its bias.
std::vector<ValueId> biasesOf(const PolicyGraph& graph, const QuantizableLayer& layer) {
    std::vector<ValueId> biases;
    for (const Argument& argument : graph.nodes[layer.node].arguments)
        if (const auto* value = std::get_if<ValueId>(&argument.value); value && *value != layer.weight)
            if (const Binding* binding = graph.binding(*value); binding && binding->tensor.dim() <= 1)
                biases.push_back(*value);
    return biases;
}

bool differs(const at::Tensor& one, const at::Tensor& other) {
    return one.sizes() == other.sizes() && one.scalar_type() == other.scalar_type() && !at::equal(one, other);
}

std::pair<int, int> keyOf(LayerBits bits) {
    return {bits.weights, bits.activations};
}

}  // namespace

Result<std::unique_ptr<MixedPrecision>> MixedPrecision::create(const Policy& policy, Rollouts& rollouts,
                                                               const QuantSpec& spec, const Progress& progress) {
    const at::NoGradGuard noGradient;
    std::unique_ptr<MixedPrecision> made(new MixedPrecision(policy, rollouts, spec));
    made->method_ = nameOf(spec.method);
    if (auto prepared = made->prepare(progress); !prepared)
        return tl::unexpected(prepared.error());
    for (const QuantizableLayer& layer : made->layers_)
        made->recipeBits_.push_back(bitsOf(layer, spec));
    return made;
}

Result<std::unique_ptr<MixedPrecision>> MixedPrecision::create(const Policy& policy, const Policy& quantized,
                                                               Rollouts& rollouts, const Progress& progress) {
    const at::NoGradGuard noGradient;
    const auto stored = quantized.file().extraFiles.find(kQuantizationFile);
    if (stored == quantized.file().extraFiles.end())
        return fail(ErrorKind::BadInput, "the quantized policy \"" + quantized.card().name + "\" holds no " +
                                             kQuantizationFile +
                                             ": only policies that this program quantized say what their layers are");
    auto recipe = parseQuantizationRecipe(stored->second, "the quantized policy \"" + quantized.card().name + "\"");
    if (!recipe)
        return tl::unexpected(recipe.error());
    std::unique_ptr<MixedPrecision> made(new MixedPrecision(policy, rollouts, recipe->spec));
    made->method_ = recipe->method;
    // Trained policies are made of the policy as it is; the others of one that was prepared.
    if (!parseQuantMethod(recipe->method)) {
        made->spec_.method = QuantMethod::Ptq;
        made->spec_.foldBatchNorm = false;
    }
    if (auto prepared = made->prepare(progress); !prepared)
        return tl::unexpected(prepared.error());
    if (auto adopted = made->adopt(quantized, progress); !adopted)
        return tl::unexpected(adopted.error());
    return made;
}

Result<void> MixedPrecision::prepare(const Progress& progress) {
    auto prepared = preparePolicy(original_, rollouts_, spec_, progress);
    if (!prepared)
        return tl::unexpected(prepared.error());
    prepared_ = std::move(*prepared);
    auto layers = layersToQuantize(prepared_.policy->graph(), spec_);
    if (!layers)
        return tl::unexpected(layers.error());
    layers_ = std::move(*layers);
    trainedBiases_.resize(layers_.size());
    return {};
}

Result<void> MixedPrecision::adopt(const Policy& quantized, const Progress& progress) {
    const PolicyGraph& ours = base().graph();
    const PolicyGraph& theirs = quantized.graph();
    if (operatorsOf(ours) != operatorsOf(theirs))
        return fail(ErrorKind::BadInput, "the quantized policy \"" + quantized.card().name +
                                             "\" has other operators than the full-precision one: was it made of "
                                             "another policy?");
    const auto recipe = parseQuantizationRecipe(quantized.file().extraFiles.at(kQuantizationFile), "");
    recipeBits_.assign(layers_.size(), LayerBits{});
    std::set<ValueId> ofLayers;
    for (const auto& stored : recipe->layers) {
        const auto found = std::find_if(layers_.begin(), layers_.end(),
                                        [&](const QuantizableLayer& layer) { return layer.name == stored.name; });
        if (found == layers_.end())
            return fail(ErrorKind::BadInput, "the quantized policy \"" + quantized.card().name + "\" has a layer \"" +
                                                 stored.name + "\" that the full-precision one has not");
        const auto index = static_cast<std::size_t>(found - layers_.begin());
        recipeBits_[index] = stored.bits;
        if (auto adopted = adoptLayer(index, stored.parameters, theirs, stored.weight); !adopted)
            return adopted;
    }
    for (const QuantizableLayer& layer : layers_) {
        ofLayers.insert(layer.weight);
        for (const ValueId bias : biasesOf(ours, layer))
            ofLayers.insert(bias);
    }
    for (const Binding& binding : ours.bindings)
        if (const Binding* other = bindingNamed(theirs, binding.name);
            other && !ofLayers.contains(binding.value) && differs(binding.tensor, other->tensor))
            trainedOthers_.emplace_back(binding.value, other->tensor);
    return checkScaling(progress);
}

Result<void> MixedPrecision::adoptLayer(std::size_t index, LayerParameters stored, const PolicyGraph& graph,
                                        const std::string& weight) {
    const QuantizableLayer& layer = layers_[index];
    const at::Tensor& exact = base().graph().binding(layer.weight)->tensor;
    const Binding* binding = bindingNamed(graph, weight);
    if (!binding || binding->tensor.sizes() != exact.sizes())
        return fail(ErrorKind::BadInput, "layer \"" + layer.name +
                                             "\": its weight has another shape in the quantized policy than in the "
                                             "full-precision one, or is not there");
    for (const ValueId bias : biasesOf(base().graph(), layer))
        if (const Binding* other = bindingNamed(graph, base().graph().binding(bias)->name);
            other && differs(base().graph().binding(bias)->tensor, other->tensor))
            trainedBiases_[index].emplace_back(bias, other->tensor);
    stored.layer = layer;
    if (stored.weight)
        stored.weight->values = binding->tensor;
    if (stored.normalFloat)
        stored.normalFloat->values = binding->tensor;
    // A layer that training left in floating point, but changed, belongs to the policy as a whole.
    if (!stored.weight && !stored.normalFloat && differs(exact, binding->tensor))
        trainedOthers_.emplace_back(layer.weight, binding->tensor);
    made_.insert_or_assign({index, keyOf(stored.bits)}, std::move(stored));
    return {};
}

/// Scaled layers mean something only with the scale of the layer before them, which the calibration gave.
Result<void> MixedPrecision::checkScaling(const Progress& progress) {
    if (spec_.method != QuantMethod::Awq && spec_.method != QuantMethod::SmoothQuant)
        return {};
    for (std::size_t index = 0; index < layers_.size(); ++index) {
        const auto stored = made_.find({index, keyOf(recipeBits_[index])});
        if (stored == made_.end() || !stored->second.weight)
            continue;
        const LayerParameters again =
            roundedLayer(layers_[index], {recipeBits_[index].weights, kFullPrecisionBits}, prepared_, nullptr, spec_);
        const at::Tensor& theirs = stored->second.weight->values;
        const double error = (again.weight->values - theirs).norm().item<double>();
        if (error > kSameCalibration * theirs.norm().item<double>())
            return fail(ErrorKind::BadInput, "layer \"" + layers_[index].name +
                                                 "\": was scaled with another calibration than these rollouts give; "
                                                 "use the rollouts that the policy was quantized with");
    }
    return {};
}

std::vector<std::size_t> MixedPrecision::sharing(std::size_t layer) const {
    std::vector<std::size_t> found;
    for (std::size_t index = 0; index < layers_.size(); ++index)
        if (layers_[index].weight == layers_.at(layer).weight)
            found.push_back(index);
    return found;
}

Result<const ActivationStatistics*> MixedPrecision::observed(std::size_t layer, const Progress& progress) {
    if (observed_.empty()) {
        std::vector<ValueId> wanted;
        for (const QuantizableLayer& each : layers_)
            wanted.push_back(each.input);
        std::sort(wanted.begin(), wanted.end());
        wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
        auto seen = observeActivations(base(), rollouts_, wanted, spec_.calibrationSteps, progress);
        if (!seen)
            return tl::unexpected(seen.error());
        for (std::size_t index = 0; index < wanted.size(); ++index)
            observed_.emplace(wanted[index], std::move((*seen)[index]));
    }
    return &observed_.at(layers_.at(layer).input);
}

Result<const LayerParameters*> MixedPrecision::parameters(std::size_t layer, LayerBits bits, const Progress& progress) {
    const at::NoGradGuard noGradient;
    if (const auto known = made_.find({layer, keyOf(bits)}); known != made_.end())
        return &known->second;
    const ActivationStatistics* statistics = nullptr;
    if (bits.activations < kFullPrecisionBits) {
        const auto seen = observed(layer, progress);
        if (!seen)
            return tl::unexpected(seen.error());
        statistics = *seen;
    }
    LayerParameters made = roundedLayer(layers_.at(layer), bits, prepared_, statistics, spec_);
    return &made_.insert_or_assign({layer, keyOf(bits)}, std::move(made)).first->second;
}

Result<PolicyGraph> MixedPrecision::graph(std::span<const std::pair<std::size_t, LayerBits>> quantized, bool allTrained,
                                          const Progress& progress) {
    const at::NoGradGuard noGradient;
    PolicyGraph made = base().graph();
    std::vector<LayerParameters> chosen;
    if (allTrained)
        for (const auto& [value, tensor] : trainedOthers_)
            made.binding(value)->tensor = tensor;
    for (const auto& [layer, bits] : quantized) {
        const auto rounded = parameters(layer, bits, progress);
        if (!rounded)
            return tl::unexpected(rounded.error());
        chosen.push_back(**rounded);
        if (bits == recipeBits_[layer])
            for (const auto& [value, tensor] : trainedBiases_[layer])
                made.binding(value)->tensor = tensor;
    }
    quantizeLayers(made, chosen);
    return made;
}

Result<void> MixedPrecision::check(std::span<const LayerBits> bits) const {
    if (bits.size() != layers_.size())
        return fail(ErrorKind::BadInput, std::to_string(layers_.size()) + " layers need as many widths, " +
                                             std::to_string(bits.size()) + " were given");
    for (std::size_t index = 0; index < bits.size(); ++index) {
        for (const int width : {bits[index].weights, bits[index].activations})
            if ((width < 2 || width > 8) && width != kFullPrecisionBits)
                return fail(ErrorKind::BadInput, "layer \"" + layers_[index].name + "\": " + std::to_string(width) +
                                                     " bits; expected 2 to 8, or 16 for floating point");
        for (const std::size_t other : sharing(index))
            if (bits[other].weights != bits[index].weights)
                return fail(ErrorKind::BadInput, "layers \"" + layers_[index].name + "\" and \"" + layers_[other].name +
                                                     "\" share one weight: give both the same width");
    }
    return {};
}

Result<QuantizedPolicy> MixedPrecision::policy(std::span<const LayerBits> bits, const Progress& progress) {
    const at::NoGradGuard noGradient;
    if (auto valid = check(bits); !valid)
        return tl::unexpected(valid.error());
    PolicyFile file = base().file();
    QuantSpec spec = spec_;
    std::vector<LayerParameters> chosen;
    for (const auto& [value, tensor] : trainedOthers_)
        file.graph.binding(value)->tensor = tensor;
    for (std::size_t layer = 0; layer < bits.size(); ++layer) {
        const auto rounded = parameters(layer, bits[layer], progress);
        if (!rounded)
            return tl::unexpected(rounded.error());
        chosen.push_back(**rounded);
        if (bits[layer] == recipeBits_[layer])
            for (const auto& [value, tensor] : trainedBiases_[layer])
                file.graph.binding(value)->tensor = tensor;
        const LayerBits byDefault = bitsOf(layers_[layer], spec);
        if (bits[layer].weights != byDefault.weights)
            spec.weightBitsOfLayer[layers_[layer].name] = bits[layer].weights;
        if (bits[layer].activations != byDefault.activations)
            spec.activationBitsOfLayer[layers_[layer].name] = bits[layer].activations;
    }
    file.extraFiles["policy.card.json"] = toJson(original_.card());
    return assembleQuantized(std::move(file), spec, method_, chosen);
}

}  // namespace sqil
