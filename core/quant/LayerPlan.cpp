#include "core/quant/LayerPlan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

namespace sqil {
namespace {

constexpr int kEndLayerBits = 8;

Result<void> checkLayerNames(const std::vector<QuantizableLayer>& layers, const QuantSpec& spec) {
    std::set<std::string> names;
    for (const auto& layer : layers)
        names.insert(layer.name);
    std::string known;
    for (const auto& name : names)
        known += (known.empty() ? "" : ", ") + name;
    for (const auto* overrides : {&spec.weightBitsOfLayer, &spec.activationBitsOfLayer})
        for (const auto& [name, bits] : *overrides)
            if (!names.contains(name))
                return fail(ErrorKind::BadInput,
                            "layer \"" + name + "\": the policy has none of this name; it has " + known);
    return {};
}

Result<void> checkWeights(const PolicyGraph& graph, const std::vector<QuantizableLayer>& layers,
                          const QuantSpec& spec) {
    std::map<ValueId, int> bitsOfWeight;
    for (const auto& layer : layers) {
        const int bits = bitsOf(layer, spec).weights;
        const auto [shared, isNew] = bitsOfWeight.try_emplace(layer.weight, bits);
        if (shared->second != bits)
            return fail(ErrorKind::Unsupported, "layer \"" + layer.name + "\": shares its weight \"" +
                                                    graph.binding(layer.weight)->name + "\" with a layer of " +
                                                    std::to_string(shared->second) + " bits, but is to have " +
                                                    std::to_string(bits) + "; give both the same bits");
        if (isNew && bits < kFullPrecisionBits && !at::isfinite(graph.binding(layer.weight)->tensor).all().item<bool>())
            return fail(ErrorKind::BadInput, "layer \"" + layer.name + "\": its weight has NaN or infinite values");
    }
    return {};
}

}  // namespace

LayerBits bitsOf(const QuantizableLayer& layer, const QuantSpec& spec) {
    LayerBits bits{spec.weightBits, spec.activationBits};
    const bool quantizesActivations = spec.activationBits < kFullPrecisionBits;
    if (spec.firstLastAt8 && (layer.isFirst || layer.isLast) && spec.weightBits <= 4 && quantizesActivations)
        bits = {kEndLayerBits, std::max(spec.activationBits, kEndLayerBits)};
    if (const auto found = spec.weightBitsOfLayer.find(layer.name); found != spec.weightBitsOfLayer.end())
        bits.weights = found->second;
    if (const auto found = spec.activationBitsOfLayer.find(layer.name); found != spec.activationBitsOfLayer.end())
        bits.activations = found->second;
    return bits;
}

WeightLayout layoutOf(const QuantizableLayer& layer, const QuantSpec& spec) {
    return {layer.outputAxis, spec.granularity, spec.groupSize, spec.asymmetric};
}

Result<std::vector<QuantizableLayer>> layersToQuantize(const PolicyGraph& graph, const QuantSpec& spec) {
    const at::NoGradGuard noGradient;
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    auto layers = quantizableLayers(graph);
    if (layers.empty())
        return fail(ErrorKind::Unsupported,
                    "the policy has no linear, convolution or matrix-multiply layer with a weight of its own: nothing "
                    "can be quantized");
    if (auto known = checkLayerNames(layers, spec); !known)
        return tl::unexpected(known.error());
    if (auto weights = checkWeights(graph, layers, spec); !weights)
        return tl::unexpected(weights.error());
    return layers;
}

Result<std::map<ValueId, ActivationStatistics>> calibrateActivations(const Policy& policy, Rollouts& rollouts,
                                                                     const std::vector<QuantizableLayer>& layers,
                                                                     const QuantSpec& spec, const Progress& progress) {
    std::vector<ValueId> wanted;
    for (const auto& layer : layers)
        if (bitsOf(layer, spec).activations < kFullPrecisionBits)
            wanted.push_back(layer.input);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::map<ValueId, ActivationStatistics> byValue;
    if (wanted.empty())
        return byValue;
    auto observed = observeActivations(policy, rollouts, wanted, spec.calibrationSteps, progress);
    if (!observed)
        return tl::unexpected(observed.error());
    for (std::size_t index = 0; index < wanted.size(); ++index)
        byValue.emplace(wanted[index], std::move((*observed)[index]));
    return byValue;
}

}  // namespace sqil
