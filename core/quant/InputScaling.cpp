#include "core/quant/InputScaling.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

#include "core/quant/NodeArguments.h"

namespace sqil {
namespace {

// `spatial` below: dimensions after the channels. 0: the channels are the last dimension.

const std::set<std::string, std::less<>> kPassesThrough{"aten::relu",  "aten::leaky_relu", "aten::contiguous",
                                                        "aten::clone", "aten::alias",      "aten::detach"};
const std::set<std::string, std::less<>> kPools{
    "aten::max_pool1d",          "aten::max_pool2d",          "aten::max_pool3d",
    "aten::avg_pool1d",          "aten::avg_pool2d",          "aten::avg_pool3d",
    "aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d"};
const std::set<std::string, std::less<>> kDropouts{"aten::dropout", "aten::feature_dropout"};

ValueId firstValue(const Node& node) {
    const auto* value = node.arguments.empty() ? nullptr : std::get_if<ValueId>(&node.arguments.front().value);
    return value ? *value : ValueId{-1};
}

/// A leaky ReLU with a negative slope still commutes with positive scales; so every one does.
bool isPositivelyHomogeneous(const Node& node, std::int64_t spatial) {
    return kPassesThrough.contains(node.target) ||
           (kDropouts.contains(node.target) && booleanOf(node, "train") == false) ||
           (spatial > 0 && kPools.contains(node.target));
}

std::optional<std::int64_t> sizeAt(const PolicyGraph& graph, ValueId value, std::int64_t axisFromEnd) {
    const auto& meta = graph.values[static_cast<std::size_t>(value)].meta;
    if (!meta || static_cast<std::int64_t>(meta->sizes.size()) < axisFromEnd)
        return std::nullopt;
    const auto* size =
        std::get_if<std::int64_t>(&meta->sizes[meta->sizes.size() - static_cast<std::size_t>(axisFromEnd)]);
    return size ? std::optional(*size) : std::nullopt;
}

}  // namespace

InputScaling::InputScaling(PolicyGraph& graph, std::vector<QuantizableLayer> layers, bool foldIntoLayers)
    : graph_(graph), layers_(std::move(layers)), foldIntoLayers_(foldIntoLayers) {}

ScalePlace InputScaling::apply(const std::vector<QuantizableLayer>& scaled, const LayerGeometry& geometry,
                               const at::Tensor& scale) {
    const at::NoGradGuard noGradient;
    if ((scale == 1).all().item<bool>())
        return ScalePlace::Nowhere;
    for (const QuantizableLayer& layer : scaled) {
        at::Tensor& weight = graph_.binding(layer.weight)->tensor;
        const at::Tensor factor = channelsOnWeight(scale.to(weight.device()), weight, layer, geometry);
        weight = (weight.detach().to(at::kFloat) * factor).to(weight.scalar_type());
    }
    const ValueId input = scaled.front().input;
    const auto spatial = static_cast<std::int64_t>(geometry.kernel.size());
    Changes changes;
    if (onlyReadBy(input, scaled) && fold(input, scale, spatial, changes)) {
        for (const Change& change : changes) {
            at::Tensor& tensor = graph_.binding(change.binding)->tensor;
            std::vector<std::int64_t> shape(static_cast<std::size_t>(tensor.dim()), 1);
            shape[static_cast<std::size_t>(change.axis)] = -1;
            tensor = (tensor.detach().to(at::kFloat) * change.factor.to(tensor.device()).reshape(shape))
                         .to(tensor.scalar_type());
        }
        return ScalePlace::Folded;
    }

    std::vector<std::int64_t> shape(static_cast<std::size_t>(spatial) + 1, 1);
    shape.front() = -1;
    const auto first =
        std::min_element(scaled.begin(), scaled.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
    const at::Tensor& weight = graph_.binding(first->weight)->tensor;
    const at::Tensor inverse = scale.reciprocal().reshape(shape).to(weight.options());
    const ValueId factor = addBinding(graph_, first->name + ".input_scale", Binding::Kind::Buffer, inverse);
    const auto meta = graph_.values[static_cast<std::size_t>(input)].meta;
    const ValueId output = graph_.addValue(graph_.values[static_cast<std::size_t>(input)].name + "_scaled", meta);
    Node node;
    node.name = graph_.values[static_cast<std::size_t>(output)].name;
    node.target = "aten::mul.Tensor";
    node.arguments = {{"self", input}, {"other", factor}};
    node.outputs = {output};
    node.module = graph_.nodes[first->node].module;
    pending_.add(first->node, std::move(node));
    for (const QuantizableLayer& layer : scaled)
        graph_.nodes[layer.node].arguments[layer.inputArgument].value = output;
    return ScalePlace::Explicit;
}

bool InputScaling::onlyReadBy(ValueId value, const std::vector<QuantizableLayer>& scaled) const {
    if (std::find(graph_.outputs.begin(), graph_.outputs.end(), value) != graph_.outputs.end())
        return false;
    const auto readers = graph_.consumers(value);
    return std::all_of(readers.begin(), readers.end(), [&](std::size_t reader) {
        return std::any_of(scaled.begin(), scaled.end(), [&](const auto& layer) { return layer.node == reader; });
    });
}

bool InputScaling::fold(ValueId value, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const {
    const Node* node = graph_.producer(value);
    if (!node || node->outputs.size() != 1)
        return false;
    const auto index = static_cast<std::size_t>(node - graph_.nodes.data());
    const auto layer =
        std::find_if(layers_.begin(), layers_.end(), [&](const auto& candidate) { return candidate.node == index; });
    if (layer != layers_.end())
        return foldLayer(*layer, divisor, spatial, changes);
    if (isPositivelyHomogeneous(*node, spatial))
        return foldSide(firstValue(*node), divisor, spatial, changes);
    if (node->target == "aten::cat")
        return foldConcatenation(*node, divisor, spatial, changes);
    const ValueId self = valueOf(*node, "self"), other = valueOf(*node, "other");
    if (node->target == "aten::mul.Tensor") {
        for (const ValueId side : {other, self}) {
            Changes tried = changes;
            if (foldSide(side, divisor, spatial, tried)) {
                changes = std::move(tried);
                return true;
            }
        }
        return false;
    }
    if (node->target == "aten::div.Tensor")
        return foldConstant(other, divisor, spatial, changes) || foldSide(self, divisor, spatial, changes);
    if (node->target == "aten::add.Tensor" || node->target == "aten::sub.Tensor")
        return foldSide(self, divisor, spatial, changes) && foldSide(other, divisor, spatial, changes);
    return foldNorm(*node, divisor, spatial, changes);
}

bool InputScaling::foldLayer(const QuantizableLayer& layer, const at::Tensor& divisor, std::int64_t spatial,
                             Changes& changes) const {
    const Node& node = graph_.nodes[layer.node];
    const bool isConvolution = node.target.find("conv") != std::string::npos;
    const at::Tensor& weight = graph_.binding(layer.weight)->tensor;
    if (!foldIntoLayers_ || isConvolution != (spatial > 0) || weight.size(layer.outputAxis) != divisor.numel())
        return false;
    // A weight that several nodes read cannot change for one of them.
    for (ValueId value = std::get<ValueId>(node.arguments[layer.weightArgument].value);;) {
        if (!hasOneReader(graph_, value))
            return false;
        if (value == layer.weight)
            break;
        value = firstValue(*graph_.producer(value));
    }
    const bool addsFirst = node.target == "aten::addmm";
    const ValueId bias = valueOf(node, addsFirst ? "self" : "bias");
    changes.push_back({layer.weight, layer.outputAxis, divisor.reciprocal()});
    return bias < 0 || foldConstant(bias, divisor.reciprocal(), 0, changes);
}

bool InputScaling::foldNorm(const Node& node, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const {
    const bool overLast = node.target == "aten::layer_norm" || node.target == "aten::rms_norm";
    const bool overChannels = node.target == "aten::batch_norm" || node.target == "aten::group_norm";
    if ((!overLast && !overChannels) || overChannels != (spatial > 0))
        return false;
    if (node.target == "aten::batch_norm" && booleanOf(node, "training") != false)
        return false;
    const ValueId weight = valueOf(node, "weight"), bias = valueOf(node, "bias");
    return foldConstant(weight, divisor.reciprocal(), 0, changes) &&
           (bias < 0 || foldConstant(bias, divisor.reciprocal(), 0, changes));
}

bool InputScaling::foldConcatenation(const Node& node, const at::Tensor& divisor, std::int64_t spatial,
                                     Changes& changes) const {
    const Argument* argument = argumentOf(node, "tensors");
    const auto* items = argument ? std::get_if<std::vector<Argument>>(&argument->value) : nullptr;
    const auto& meta = graph_.values[static_cast<std::size_t>(node.outputs.front())].meta;
    if (!items || !meta)
        return false;
    const auto rank = static_cast<std::int64_t>(meta->sizes.size());
    const std::int64_t dimension = integerOf(node, "dim").value_or(0);
    if ((dimension < 0 ? dimension + rank : dimension) != rank - 1 - spatial)
        return false;
    std::int64_t first = 0;
    for (const Argument& item : *items) {
        const auto* value = std::get_if<ValueId>(&item.value);
        const auto size = value ? sizeAt(graph_, *value, spatial + 1) : std::nullopt;
        if (!size || first + *size > divisor.numel() ||
            !foldSide(*value, divisor.narrow(0, first, *size), spatial, changes))
            return false;
        first += *size;
    }
    return first == divisor.numel();
}

bool InputScaling::foldConstant(ValueId value, const at::Tensor& factor, std::int64_t spatial, Changes& changes) const {
    const Binding* binding = value >= 0 ? graph_.binding(value) : nullptr;
    if (!binding || !hasOneReader(graph_, value) || !binding->tensor.is_floating_point() ||
        binding->tensor.numel() != factor.numel())
        return false;
    const std::int64_t axis = binding->tensor.dim() - 1 - spatial;
    if (axis < 0 || binding->tensor.size(axis) != factor.numel())
        return false;
    changes.push_back({value, axis, factor});
    return true;
}

bool InputScaling::foldSide(ValueId value, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const {
    if (value < 0)
        return false;
    if (graph_.binding(value))
        return foldConstant(value, divisor.reciprocal(), spatial, changes);
    return hasOneReader(graph_, value) && fold(value, divisor, spatial, changes);
}

}  // namespace sqil
