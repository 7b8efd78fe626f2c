#include "core/quant/QuantizedAssembly.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <map>

#include "core/quant/PendingNodes.h"

namespace sqil {
namespace {

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
        pending_.add(beforeNode, std::move(node));
        return entry->second;
    }

    void insert() { pending_.insertInto(graph_); }

private:
    PolicyGraph& graph_;
    std::map<std::pair<ValueId, int>, ValueId> made_;
    PendingNodes pending_;
};

std::vector<int> toIntegers(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.to(at::kInt).contiguous();
    return {flat.const_data_ptr<int>(), flat.const_data_ptr<int>() + flat.numel()};
}

nlohmann::json weightJson(const QuantizableLayer& layer, const QuantSpec& spec, const QuantizedWeight& weight) {
    nlohmann::json json{{"output_axis", layer.outputAxis},
                        {"granularity", nameOf(spec.granularity)},
                        {"weight_steps", toVector(weight.steps)}};
    if (spec.granularity == Granularity::Group)
        json["group_size"] = spec.groupSize;
    if (weight.zeroPoints.defined())
        json["weight_zero_points"] = toIntegers(weight.zeroPoints);
    return json;
}

nlohmann::json normalFloatJson(const NormalFloatWeight& weight) {
    return {{"block_size", kNormalFloatBlock},
            {"scale_block_size", kNormalFloatScaleBlock},
            {"scale_codes", toIntegers(weight.scaleCodes)},
            {"scale_maxima", toVector(weight.scaleMaxima)},
            {"scale_offset", weight.scaleOffset}};
}

nlohmann::json recipeJson(const QuantSpec& spec, const std::string& method) {
    return {{"format", "sqil-quantization"},
            {"version", 1},
            {"method", method},
            {"spec", nlohmann::json::parse(toJson(spec))},
            {"layers", nlohmann::json::array()}};
}

}  // namespace

void quantizeLayers(PolicyGraph& graph, std::span<const LayerParameters> layers) {
    const at::NoGradGuard noGradient;
    ActivationNodes activationNodes(graph);
    for (const LayerParameters& parameters : layers) {
        const QuantizableLayer& layer = parameters.layer;
        if (parameters.weight)
            graph.binding(layer.weight)->tensor = parameters.weight->values;
        if (parameters.normalFloat)
            graph.binding(layer.weight)->tensor = parameters.normalFloat->values;
        if (parameters.activation)
            graph.nodes[layer.node].arguments[layer.inputArgument].value =
                activationNodes.quantized(layer.input, *parameters.activation, parameters.bits.activations, layer.node);
    }
    activationNodes.insert();
}

QuantizedPolicy assembleQuantized(PolicyFile base, const QuantSpec& spec, const std::string& method,
                                  const std::vector<LayerParameters>& layers) {
    const at::NoGradGuard noGradient;
    QuantizedPolicy result{std::move(base), {}};
    PolicyGraph& graph = result.file.graph;
    nlohmann::json recipe = recipeJson(spec, method);
    for (const LayerParameters& parameters : layers) {
        const auto& [layer, bits, weight, activation, normalFloat, notes] = parameters;
        LayerQuantization done{layer.name, bits.weights, bits.activations, 0.0, notes};
        nlohmann::json entry{{"layer", layer.name},
                             {"weight", graph.binding(layer.weight)->name},
                             {"weight_bits", bits.weights},
                             {"activation_bits", bits.activations}};
        if (weight || normalFloat) {
            const at::Tensor& values = weight ? weight->values : normalFloat->values;
            done.relativeWeightError = relativeError(graph.binding(layer.weight)->tensor, values);
        }
        if (weight)
            entry.update(weightJson(layer, spec, *weight));
        if (normalFloat)
            entry["normal_float"] = normalFloatJson(*normalFloat);
        if (!notes.empty())
            entry["notes"] = notes;
        if (activation) {
            entry["activation_step"] = activation->step;
            entry["activation_signed"] = activation->isSigned;
        }
        recipe["layers"].push_back(std::move(entry));
        result.layers.push_back(std::move(done));
    }
    quantizeLayers(graph, layers);
    result.file.extraFiles[kQuantizationFile] = recipe.dump(1);
    return result;
}

}  // namespace sqil
