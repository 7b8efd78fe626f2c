#include "core/quant/BatchNormFolding.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "core/quant/NodeArguments.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {
namespace {

/// y = x·scale + shift, per channel, in double.
struct Affine {
    at::Tensor scale, shift;
    std::vector<ValueId> bindings;
};

bool isInEvaluation(const Node& node) {
    if (node.target == "aten::_native_batch_norm_legit_no_training")
        return true;
    return (node.target == "aten::batch_norm" || node.target == "aten::native_batch_norm") &&
           booleanOf(node, "training") == false;
}

/// Results other than the normalized values (saved statistics) must not be read.
bool onlyFirstOutputIsRead(const PolicyGraph& graph, const Node& node) {
    for (std::size_t i = 1; i < node.outputs.size(); ++i)
        if (node.outputs[i] >= 0 &&
            (!graph.consumers(node.outputs[i]).empty() ||
             std::find(graph.outputs.begin(), graph.outputs.end(), node.outputs[i]) != graph.outputs.end()))
            return false;
    return !node.outputs.empty() && node.outputs.front() >= 0;
}

std::optional<Affine> affineOf(const PolicyGraph& graph, const Node& node, std::int64_t channels) {
    Affine affine;
    // Undefined: left out. None of the four may be computed by the graph.
    const auto tensorOf = [&](const char* name, bool& readable) {
        const Argument* argument = argumentOf(node, name);
        const auto* value = argument ? std::get_if<ValueId>(&argument->value) : nullptr;
        if (!value)
            return at::Tensor();
        const Binding* binding = graph.binding(*value);
        if (!binding || binding->tensor.numel() != channels) {
            readable = false;
            return at::Tensor();
        }
        affine.bindings.push_back(*value);
        return binding->tensor.detach().to(at::kDouble).flatten();
    };
    bool readable = true;
    const at::Tensor weight = tensorOf("weight", readable), bias = tensorOf("bias", readable);
    const at::Tensor mean = tensorOf("running_mean", readable), variance = tensorOf("running_var", readable);
    const auto epsilon = numberOf(node, "eps");
    if (!readable || !mean.defined() || !variance.defined() || !epsilon)
        return std::nullopt;
    affine.scale = (variance + *epsilon).rsqrt();
    if (weight.defined())
        affine.scale = affine.scale * weight;
    affine.shift = -mean * affine.scale;
    if (bias.defined())
        affine.shift = affine.shift + bias;
    return affine;
}

/// Channels of the layer's output lie on axis 1, where the batch norm looks for them.
bool normalizesOutputChannels(const PolicyGraph& graph, const Node& node, const at::Tensor& weight) {
    const auto& meta = graph.values[static_cast<std::size_t>(node.outputs.front())].meta;
    const bool isConvolution = weight.dim() > 2;
    if (!meta)
        return isConvolution;
    return static_cast<std::int64_t>(meta->sizes.size()) == (isConvolution ? weight.dim() : 2);
}

bool hasBiasArgument(const Node& node) {
    return node.target == "aten::linear" || node.target.find("conv") != std::string::npos;
}

struct Fold {
    std::size_t layerNode = 0, normNode = 0;
    ValueId weight = -1;
    std::int64_t axis = 0;
    std::string layer;
};

std::optional<Fold> nextFold(const PolicyGraph& graph) {
    for (const QuantizableLayer& layer : quantizableLayers(graph)) {
        const Node& node = graph.nodes[layer.node];
        if (!hasBiasArgument(node) || node.outputs.size() != 1 || !hasOneReader(graph, node.outputs.front()) ||
            !hasOneReader(graph, layer.weight))
            continue;
        const ValueId bias = valueOf(node, "bias");
        if (bias >= 0 && !graph.binding(bias))
            continue;
        const std::size_t reader = graph.consumers(node.outputs.front()).front();
        const Node& norm = graph.nodes[reader];
        const at::Tensor& weight = graph.binding(layer.weight)->tensor;
        const auto transposedGroups = integerOf(node, "groups");
        // Grouped transposed convolutions hold a group's output channels on the axis.
        if (layer.outputAxis == 1 && transposedGroups && *transposedGroups != 1)
            continue;
        if (isInEvaluation(norm) && valueOf(norm, "input") == node.outputs.front() &&
            onlyFirstOutputIsRead(graph, norm) && normalizesOutputChannels(graph, node, weight) &&
            affineOf(graph, norm, weight.size(layer.outputAxis)))
            return Fold{layer.node, reader, layer.weight, layer.outputAxis, layer.name};
    }
    return std::nullopt;
}

void apply(PolicyGraph& graph, const Fold& fold) {
    Node& node = graph.nodes[fold.layerNode];
    const Node& norm = graph.nodes[fold.normNode];
    Binding& weight = *graph.binding(fold.weight);
    const auto affine = affineOf(graph, norm, weight.tensor.size(fold.axis));

    std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.tensor.dim()), 1);
    shape[static_cast<std::size_t>(fold.axis)] = -1;
    const at::ScalarType type = weight.tensor.scalar_type();
    weight.tensor = (weight.tensor.detach().to(at::kDouble) * affine->scale.reshape(shape)).to(type);

    const ValueId oldBias = valueOf(node, "bias");
    at::Tensor shift = affine->shift;
    if (oldBias >= 0)
        shift = shift + graph.binding(oldBias)->tensor.detach().to(at::kDouble) * affine->scale;
    if (oldBias >= 0 && hasOneReader(graph, oldBias))
        graph.binding(oldBias)->tensor = shift.to(type);
    else
        setValue(node, "bias", addBinding(graph, fold.layer + ".bias", Binding::Kind::Parameter, shift.to(type)));

    const ValueId result = norm.outputs.front();
    auto unread = affine->bindings;
    unread.push_back(oldBias);
    node.outputs.front() = result;
    graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(fold.normNode));
    dropUnreadBindings(graph, unread);
}

}  // namespace

std::vector<std::string> foldBatchNorms(PolicyGraph& graph) {
    const at::NoGradGuard noGradient;
    std::vector<std::string> layers;
    while (const auto fold = nextFold(graph)) {
        apply(graph, *fold);
        layers.push_back(fold->layer);
    }
    return layers;
}

}  // namespace sqil
