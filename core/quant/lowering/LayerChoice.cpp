#include "core/quant/lowering/LayerChoice.h"

#include <ATen/ATen.h>

#include "core/quant/LayerPlan.h"
#include "core/quant/NodeArguments.h"
#include "core/quant/lowering/LayerIntegers.h"

namespace sqil {
namespace {

tl::unexpected<Error> refuse(const std::string& reason) {
    return tl::unexpected(Error{ErrorKind::Unsupported, reason});
}

std::optional<std::vector<std::int64_t>> pairOf(const Node& node, const char* name, std::int64_t standard) {
    if (!argumentOf(node, name))
        return std::vector<std::int64_t>{standard, standard};
    auto numbers = integersOf(node, name);
    if (!numbers || numbers->empty() || numbers->size() > 2)
        return std::nullopt;
    if (numbers->size() == 1)
        numbers->push_back(numbers->front());
    return numbers;
}

/// The bias as a tensor of the policy (undefined: none).
Result<at::Tensor> biasOf(const PolicyGraph& graph, const Node& node, const char* name, std::int64_t outputs) {
    const Argument* argument = argumentOf(node, name);
    const auto* constant = argument ? std::get_if<c10::IValue>(&argument->value) : nullptr;
    if (!argument || (constant && constant->isNone()))
        return at::Tensor();
    const ValueId value = valueOf(node, name);
    const Binding* binding = value >= 0 ? graph.binding(value) : nullptr;
    if (!binding || binding->tensor.numel() != outputs)
        return refuse("its bias is computed by the policy itself");
    return binding->tensor.reshape({outputs});
}

bool isLinear(const Node& node) {
    return node.target == "aten::linear" || node.target == "aten::addmm" || node.target == "aten::mm" ||
           node.target == "aten::matmul";
}

bool isConv(const Node& node) {
    return node.target == "aten::conv2d" || node.target == "aten::convolution" || node.target == "aten::_convolution";
}

Result<ChosenLayer> chooseConv(const PolicyGraph& graph, ChosenLayer chosen, const LayerIntegers& integers,
                               int weightBits) {
    const Node& node = graph.nodes[chosen.layer.node];
    if (integers.integers.dim() != 4 || booleanOf(node, "transposed").value_or(false))
        return refuse("only two-dimensional convolutions have an integer operator");
    if (integerOf(node, "groups").value_or(1) != 1)
        return refuse("grouped convolutions have no integer operator");
    const auto& meta = graph.values[static_cast<std::size_t>(chosen.layer.input)].meta;
    if (!meta || meta->sizes.size() != 4)
        return refuse("its input is not known to be a batch of images");
    const auto stride = pairOf(node, "stride", 1), padding = pairOf(node, "padding", 0),
               dilation = pairOf(node, "dilation", 1);
    if (!stride || !padding || !dilation)
        return refuse("its stride, padding or dilation is not a pair of numbers");
    chosen.kind = ChosenLayer::Kind::Conv;
    chosen.kernel = {integers.integers.size(2), integers.integers.size(3)};
    chosen.stride = *stride;
    chosen.padding = *padding;
    chosen.dilation = *dilation;
    const auto bias = biasOf(graph, node, "bias", integers.integers.size(0));
    if (!bias)
        return tl::unexpected(bias.error());
    auto packed = packConv(integers, weightBits, chosen.input, *bias);
    if (!packed)
        return tl::unexpected(packed.error());
    chosen.packed = std::move(*packed);
    return chosen;
}

}  // namespace

std::optional<CodeFormat> codeFormatOf(const Node& node) {
    if (node.target != "aten::fake_quantize_per_tensor_affine")
        return std::nullopt;
    const auto step = numberOf(node, "scale");
    const auto zero = integerOf(node, "zero_point"), low = integerOf(node, "quant_min"),
               high = integerOf(node, "quant_max");
    if (!step || !zero || !low || !high || !(*step > 0) || *high <= *low || *high - *low > 255 || *zero < *low ||
        *zero > *high)
        return std::nullopt;
    return CodeFormat{*step, *zero - *low, *high - *low};
}

Result<ChosenLayer> chooseOperator(const PolicyGraph& graph, const QuantizableLayer& layer, const LayerRecipe& recipe) {
    const Node& node = graph.nodes[layer.node];
    if (recipe.weightBits >= kFullPrecisionBits)
        return refuse("its weights are in full precision");
    if (!isLinear(node) && !isConv(node))
        return refuse(node.target + " has no low-bit operator");
    const at::Tensor& values = graph.binding(layer.weight)->tensor;
    if (isLinear(node) && values.dim() != 2)
        return refuse("its weight is no matrix");
    const bool floats = recipe.activationBits >= kFullPrecisionBits;
    if (floats && isConv(node))
        return refuse("convolutions with " + std::to_string(recipe.weightBits) +
                      "-bit weights need quantized activations too");
    ChosenLayer chosen;
    chosen.layer = layer;
    if (!floats) {
        const Node* quantizer = graph.producer(layer.input);
        const auto format = quantizer ? codeFormatOf(*quantizer) : std::nullopt;
        if (!format)
            return refuse("its input passes no quantizer of at most 8 bits");
        chosen.input = *format;
    }
    const auto integers = layerIntegers(values, layer.outputAxis, recipe);
    if (!integers)
        return tl::unexpected(integers.error());
    if (isConv(node))
        return chooseConv(graph, std::move(chosen), *integers, recipe.weightBits);
    if (numberOf(node, "alpha").value_or(1) != 1 || numberOf(node, "beta").value_or(1) != 1)
        return refuse("its sum is scaled (alpha, beta)");
    const auto bias = biasOf(graph, node, node.target == "aten::addmm" ? "self" : "bias", integers->integers.size(0));
    if (!bias)
        return tl::unexpected(bias.error());
    chosen.kind = floats ? ChosenLayer::Kind::FloatLinear : ChosenLayer::Kind::IntegerLinear;
    auto packed = floats ? packFloatLinear(*integers, recipe.weightBits, *bias)
                         : packIntegerLinear(*integers, recipe.weightBits, chosen.input, *bias);
    if (!packed)
        return tl::unexpected(packed.error());
    chosen.packed = std::move(*packed);
    return chosen;
}

std::int64_t multiplicationsOf(const PolicyGraph& graph, const QuantizableLayer& layer) {
    const Node& node = graph.nodes[layer.node];
    const auto& meta =
        node.outputs.empty() ? std::nullopt : graph.values[static_cast<std::size_t>(node.outputs[0])].meta;
    if (!meta)
        return -1;
    // Batch and channels left out: what is left are the positions that use every weight once.
    const bool channelsLast = isLinear(node);
    std::int64_t positions = 1;
    for (std::size_t axis = 1; axis < meta->sizes.size(); ++axis) {
        if (channelsLast ? axis + 1 == meta->sizes.size() : axis == 1)
            continue;
        const auto* size = std::get_if<std::int64_t>(&meta->sizes[axis]);
        if (!size)
            return -1;
        positions *= *size;
    }
    return positions * layer.parameters;
}

}  // namespace sqil
