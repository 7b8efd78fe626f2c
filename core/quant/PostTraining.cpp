#include "core/quant/PostTraining.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/quant/Calibration.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

constexpr int kFullPrecisionBits = 16;
constexpr int kEndLayerBits = 8;

struct LayerBits {
    int weights = kFullPrecisionBits;
    int activations = kFullPrecisionBits;
};

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

std::vector<float> toVector(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.to(at::kFloat).contiguous();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

double relativeError(const at::Tensor& exact, const at::Tensor& quantized) {
    const double norm = exact.to(at::kDouble).norm().item<double>();
    return norm > 0 ? (exact.to(at::kDouble) - quantized.to(at::kDouble)).norm().item<double>() / norm : 0.0;
}

/// Puts a fake-quantize node in front of a layer's activation; one node serves all layers that
/// read the same value with the same quantizer.
class ActivationNodes {
public:
    explicit ActivationNodes(PolicyGraph& graph) : graph_(graph) {}

    ValueId quantized(ValueId input, const ActivationQuantizer& quantizer, int bits, std::size_t beforeNode) {
        const auto [entry, isNew] = made_.try_emplace({input, bits}, ValueId{-1});
        if (!isNew)
            return entry->second;
        const auto range = integerRange(bits, quantizer.isSigned);
        const auto& source = graph_.values[static_cast<std::size_t>(input)];
        const auto meta = source.meta;
        const std::string name = source.name + "_quantized";
        entry->second = graph_.addValue(name, meta);
        Node node;
        node.name = graph_.values[static_cast<std::size_t>(entry->second)].name;
        node.target = "aten::fake_quantize_per_tensor_affine";
        node.arguments = {{"self", input},
                          {"scale", c10::IValue(quantizer.step)},
                          {"zero_point", c10::IValue(std::int64_t{0})},
                          {"quant_min", c10::IValue(range.minimum)},
                          {"quant_max", c10::IValue(range.maximum)}};
        node.outputs = {entry->second};
        node.module = graph_.nodes[beforeNode].module;
        pending_.emplace_back(beforeNode, std::move(node));
        return entry->second;
    }

    /// Inserts the nodes, each before the first node that reads it.
    void insert() {
        std::stable_sort(pending_.begin(), pending_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Node> nodes;
        nodes.reserve(graph_.nodes.size() + pending_.size());
        auto next = pending_.begin();
        for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
            for (; next != pending_.end() && next->first == index; ++next)
                nodes.push_back(std::move(next->second));
            nodes.push_back(std::move(graph_.nodes[index]));
        }
        graph_.nodes = std::move(nodes);
    }

private:
    PolicyGraph& graph_;
    std::map<std::pair<ValueId, int>, ValueId> made_;
    std::vector<std::pair<std::size_t, Node>> pending_;
};

nlohmann::json recipeJson(const QuantSpec& spec) {
    return {{"format", "sqil-quantization"},
            {"version", 1},
            {"method", "ptq"},
            {"spec", nlohmann::json::parse(toJson(spec))},
            {"layers", nlohmann::json::array()}};
}

Result<std::map<ValueId, ActivationStatistics>> calibrate(const Policy& policy, Rollouts& rollouts,
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

}  // namespace

Result<QuantizedPolicy> quantizePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                       const Progress& progress) {
    const at::NoGradGuard noGradient;
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    const auto layers = quantizableLayers(policy.graph());
    if (layers.empty())
        return fail(ErrorKind::Unsupported,
                    "the policy has no linear, convolution or matrix-multiply layer with a weight of its own: nothing "
                    "can be quantized");
    if (auto known = checkLayerNames(layers, spec); !known)
        return tl::unexpected(known.error());
    const auto statistics = calibrate(policy, rollouts, layers, spec, progress);
    if (!statistics)
        return tl::unexpected(statistics.error());

    QuantizedPolicy result{policy.file(), {}};
    PolicyGraph& graph = result.file.graph;
    ActivationNodes activationNodes(graph);
    nlohmann::json recipe = recipeJson(spec);
    std::map<ValueId, int> bitsOfWeight;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const QuantizableLayer& layer = layers[index];
        if (!report(progress, "Quantizing", static_cast<long long>(index), static_cast<long long>(layers.size())))
            return fail(ErrorKind::Cancelled, "quantization was cancelled");
        const LayerBits bits = bitsOf(layer, spec);
        LayerQuantization done{layer.name, bits.weights, bits.activations, 0.0};
        nlohmann::json entry{{"layer", layer.name},
                             {"weight", graph.binding(layer.weight)->name},
                             {"weight_bits", bits.weights},
                             {"activation_bits", bits.activations}};

        const auto [shared, isNew] = bitsOfWeight.try_emplace(layer.weight, bits.weights);
        if (shared->second != bits.weights)
            return fail(ErrorKind::Unsupported, "layer \"" + layer.name + "\": shares its weight \"" +
                                                    graph.binding(layer.weight)->name + "\" with a layer of " +
                                                    std::to_string(shared->second) + " bits, but is to have " +
                                                    std::to_string(bits.weights) + "; give both the same bits");
        if (bits.weights < kFullPrecisionBits) {
            // The original: a shared weight is quantized once, and its error is that of every layer.
            const at::Tensor exact = policy.graph().binding(layer.weight)->tensor;
            if (!at::isfinite(exact).all().item<bool>())
                return fail(ErrorKind::BadInput, "layer \"" + layer.name + "\": its weight has NaN or infinite values");
            const auto quantized =
                quantizeWeight(exact, bits.weights, {layer.outputAxis, spec.granularity, spec.groupSize},
                               spec.weightRange, spec.percentile);
            graph.binding(layer.weight)->tensor = quantized.values;
            done.relativeWeightError = relativeError(exact, quantized.values);
            entry["output_axis"] = layer.outputAxis;
            entry["granularity"] = nameOf(spec.granularity);
            if (spec.granularity == Granularity::Group)
                entry["group_size"] = spec.groupSize;
            entry["weight_steps"] = toVector(quantized.steps);
        }
        if (bits.activations < kFullPrecisionBits) {
            const auto& observed = statistics->at(layer.input);
            const auto quantizer = activationQuantizer(observed.sample, observed.minimum, observed.maximum,
                                                       bits.activations, spec.activationRange, spec.percentile);
            const ValueId value = activationNodes.quantized(layer.input, quantizer, bits.activations, layer.node);
            graph.nodes[layer.node].arguments[layer.inputArgument].value = value;
            entry["activation_step"] = quantizer.step;
            entry["activation_signed"] = quantizer.isSigned;
        }
        recipe["layers"].push_back(std::move(entry));
        result.layers.push_back(std::move(done));
    }
    activationNodes.insert();
    result.file.extraFiles[kQuantizationFile] = recipe.dump(1);
    return result;
}

}  // namespace sqil
