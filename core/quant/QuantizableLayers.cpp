#include "core/quant/QuantizableLayers.h"

#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace sqil {
namespace {

/// Where an operator takes its activation and its weight, and which axis of the weight, as the
/// operator sees it, holds the output channels.
struct LayerOperator {
    std::string_view target;
    std::size_t input;
    std::size_t weight;
    std::int64_t outputAxis;
};

// Transposed convolutions store in×out/groups×…: their output channels are axis 1.
constexpr std::array kLayerOperators = {
    LayerOperator{"aten::linear", 0, 1, 0},
    LayerOperator{"aten::conv1d", 0, 1, 0},
    LayerOperator{"aten::conv1d.padding", 0, 1, 0},
    LayerOperator{"aten::conv2d", 0, 1, 0},
    LayerOperator{"aten::conv2d.padding", 0, 1, 0},
    LayerOperator{"aten::conv3d", 0, 1, 0},
    LayerOperator{"aten::conv3d.padding", 0, 1, 0},
    LayerOperator{"aten::convolution", 0, 1, 0},
    LayerOperator{"aten::_convolution", 0, 1, 0},
    LayerOperator{"aten::conv_transpose1d", 0, 1, 1},
    LayerOperator{"aten::conv_transpose2d.input", 0, 1, 1},
    LayerOperator{"aten::conv_transpose3d.input", 0, 1, 1},
    LayerOperator{"aten::addmm", 1, 2, 1},
    LayerOperator{"aten::mm", 0, 1, 1},
    LayerOperator{"aten::matmul", 0, 1, 1},
    LayerOperator{"aten::bmm", 0, 1, 2},
};

const LayerOperator* layerOperator(std::string_view target) {
    for (const auto& candidate : kLayerOperators)
        if (candidate.target == target)
            return &candidate;
    return nullptr;
}

std::optional<ValueId> valueOf(const Node& node, std::size_t argument) {
    if (argument >= node.arguments.size())
        return std::nullopt;
    if (const auto* value = std::get_if<ValueId>(&node.arguments[argument].value))
        return *value;
    return std::nullopt;
}

std::optional<std::int64_t> integerOf(const Node& node, std::size_t argument) {
    if (argument >= node.arguments.size())
        return std::nullopt;
    const auto* constant = std::get_if<c10::IValue>(&node.arguments[argument].value);
    if (!constant || !constant->isInt())
        return std::nullopt;
    return constant->toInt();
}

bool isTransposedConvolution(const Node& node) {
    if (node.target != "aten::convolution" && node.target != "aten::_convolution")
        return false;
    constexpr std::size_t transposed = 6;  // input, weight, bias, stride, padding, dilation, transposed
    const auto* flag =
        transposed < node.arguments.size() ? std::get_if<c10::IValue>(&node.arguments[transposed].value) : nullptr;
    return flag && flag->isBool() && flag->toBool();
}

/// The binding behind a weight argument, looking through two-dimensional transposes.
struct WeightRoot {
    ValueId value = -1;
    bool transposed = false;
};

std::optional<WeightRoot> weightRoot(const PolicyGraph& graph, ValueId value) {
    WeightRoot root{value, false};
    while (!graph.binding(root.value)) {
        const Node* producer = graph.producer(root.value);
        if (!producer)
            return std::nullopt;
        bool swaps = producer->target == "aten::t" || producer->target == "aten::numpy_T";
        if (producer->target == "aten::transpose.int") {
            const auto first = integerOf(*producer, 1), second = integerOf(*producer, 2);
            swaps = first && second && std::abs(*first - *second) == 1;
        }
        const auto source = valueOf(*producer, 0);
        if (!swaps || !source)
            return std::nullopt;
        root = {*source, !root.transposed};
    }
    const at::Tensor& tensor = graph.binding(root.value)->tensor;
    if (!tensor.defined() || !tensor.is_floating_point() || tensor.dim() < 2 || tensor.numel() == 0)
        return std::nullopt;
    if (root.transposed && tensor.dim() != 2)
        return std::nullopt;
    return root;
}

std::string layerName(const PolicyGraph& graph, const Node& node, ValueId weight, std::set<std::string>& taken) {
    std::string name = graph.binding(weight)->name;
    constexpr std::string_view suffix = ".weight";
    if (name.ends_with(suffix))
        name.resize(name.size() - suffix.size());
    else if (!node.module.empty())
        name = node.module;
    const std::string stem = name;
    for (int copy = 2; !taken.insert(name).second; ++copy)
        name = stem + "#" + std::to_string(copy);
    return name;
}

void forEachValue(const std::vector<Argument>& arguments, const auto& visit) {
    for (const Argument& argument : arguments) {
        if (const auto* value = std::get_if<ValueId>(&argument.value))
            visit(*value);
        else if (const auto* list = std::get_if<std::vector<Argument>>(&argument.value))
            forEachValue(*list, visit);
    }
}

/// Marks first layers (no layer upstream) and last ones (none downstream).
void markEnds(const PolicyGraph& graph, std::vector<QuantizableLayer>& layers) {
    std::vector<QuantizableLayer*> layerOfNode(graph.nodes.size(), nullptr);
    for (auto& layer : layers)
        layerOfNode[layer.node] = &layer;

    std::vector<char> behindLayer(graph.values.size(), 0);
    for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
        const Node& node = graph.nodes[index];
        bool behind = false;
        forEachValue(node.arguments,
                     [&](ValueId value) { behind = behind || behindLayer[static_cast<std::size_t>(value)]; });
        if (layerOfNode[index])
            layerOfNode[index]->isFirst = !behind;
        for (const ValueId output : node.outputs)
            if (output >= 0)
                behindLayer[static_cast<std::size_t>(output)] = behind || layerOfNode[index];
    }

    std::vector<char> reachesOutput(graph.values.size(), 0);  // without passing through a layer
    for (const ValueId output : graph.outputs)
        reachesOutput[static_cast<std::size_t>(output)] = 1;
    for (std::size_t index = graph.nodes.size(); index-- > 0;) {
        const Node& node = graph.nodes[index];
        bool reaches = false;
        for (const ValueId output : node.outputs)
            reaches = reaches || (output >= 0 && reachesOutput[static_cast<std::size_t>(output)]);
        if (!reaches)
            continue;
        if (layerOfNode[index])
            layerOfNode[index]->isLast = true;
        else
            forEachValue(node.arguments, [&](ValueId value) { reachesOutput[static_cast<std::size_t>(value)] = 1; });
    }
}

}  // namespace

std::vector<QuantizableLayer> quantizableLayers(const PolicyGraph& graph) {
    std::vector<QuantizableLayer> layers;
    std::set<std::string> names;
    for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
        const Node& node = graph.nodes[index];
        const LayerOperator* kind = layerOperator(node.target);
        if (!kind)
            continue;
        const auto input = valueOf(node, kind->input);
        const auto weight = valueOf(node, kind->weight);
        if (!input || !weight)
            continue;
        const auto root = weightRoot(graph, *weight);
        if (!root)
            continue;
        const at::Tensor& tensor = graph.binding(root->value)->tensor;
        std::int64_t axis = isTransposedConvolution(node) ? 1 : kind->outputAxis;
        if (node.target == "aten::matmul" || node.target == "aten::bmm")
            axis = tensor.dim() - 1;
        if (root->transposed)
            axis = 1 - axis;
        layers.push_back({.name = layerName(graph, node, root->value, names),
                          .node = index,
                          .inputArgument = kind->input,
                          .weightArgument = kind->weight,
                          .input = *input,
                          .weight = root->value,
                          .outputAxis = axis,
                          .parameters = tensor.numel()});
    }
    markEnds(graph, layers);
    return layers;
}

}  // namespace sqil
