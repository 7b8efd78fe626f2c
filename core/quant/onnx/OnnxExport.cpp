#include "core/quant/onnx/OnnxExport.h"

#include <ATen/ATen.h>

#include <map>
#include <set>

#include "core/base/AtomicFile.h"
#include "core/policy/PolicyFile.h"
#include "core/quant/NodeArguments.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/lowering/LayerIntegers.h"
#include "core/quant/onnx/OnnxModel.h"

namespace sqil {
namespace {

constexpr std::int64_t kOperatorSet = 17;
constexpr std::size_t kLargestModel = (std::size_t{2} << 30) - 1;  // what protocol buffers allow

using Names = std::vector<std::string>;

std::string_view bytesOf(const at::Tensor& tensor) {
    return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

class OnnxExport {
public:
    explicit OnnxExport(const PolicyFile& file) : graph_(file.graph) {
        if (const auto recipe = file.extraFiles.find(kQuantizationFile); recipe != file.extraFiles.end())
            recipe_ = parseRecipe(recipe->second);
    }

    Result<std::string> run() {
        if (!recipe_)
            return tl::unexpected(recipe_.error());
        for (const ValueId input : graph_.inputs)
            if (auto declared = declare(input, true); !declared)
                return tl::unexpected(declared.error());
        for (const QuantizableLayer& layer : quantizableLayers(graph_))
            writeLayerWeight(layer);
        for (const Binding& binding : graph_.bindings)
            if (!written_.contains(binding.value))
                writeConstant(nameOf(binding.value), binding.tensor);
        for (const Node& node : graph_.nodes)
            if (!translate(node))
                return fail(ErrorKind::Unsupported, "node \"" + node.name + "\" (" + node.target +
                                                        ") has no translation to ONNX" +
                                                        (problem_.empty() ? "" : ": " + problem_));
        for (const ValueId output : graph_.outputs)
            if (auto declared = declare(output, false); !declared)
                return tl::unexpected(declared.error());
        std::string bytes = model_.serialize("SQIL Studio", kOperatorSet);
        if (bytes.size() > kLargestModel)
            return fail(ErrorKind::Unsupported, "the policy is larger than the 2 GiB that an ONNX file can hold");
        return bytes;
    }

    std::vector<std::string> takeNotes() { return std::move(notes_); }

private:
    const std::string& nameOf(ValueId value) const { return graph_.values[static_cast<std::size_t>(value)].name; }
    const std::optional<TensorMeta>& metaOf(ValueId value) const {
        return graph_.values[static_cast<std::size_t>(value)].meta;
    }
    std::string fresh(const std::string& stem) { return stem + "/" + std::to_string(count_++); }

    static OnnxType typeOf(at::ScalarType type) {
        switch (type) {
            case at::kLong:
                return OnnxType::Int64;
            case at::kInt:
                return OnnxType::Int32;
            case at::kByte:
                return OnnxType::Uint8;
            case at::kChar:
                return OnnxType::Int8;
            default:
                return OnnxType::Float;
        }
    }

    Result<void> declare(ValueId value, bool isInput) {
        const auto& meta = metaOf(value);
        if (!meta)
            return fail(ErrorKind::Unsupported,
                        "the policy does not say the sizes of \"" + nameOf(value) + "\", which an ONNX model must");
        std::vector<OnnxDimension> sizes(meta->sizes.begin(), meta->sizes.end());
        if (isInput)
            model_.addInput(nameOf(value), typeOf(meta->type), sizes);
        else
            model_.addOutput(nameOf(value), typeOf(meta->type), sizes);
        return {};
    }

    void writeConstant(const std::string& name, const at::Tensor& tensor) {
        at::Tensor plain = tensor.detach();
        if (plain.is_floating_point())
            plain = plain.to(at::kFloat);
        plain = plain.contiguous();
        model_.addInitializer(name, typeOf(plain.scalar_type()), plain.sizes(), bytesOf(plain));
    }
    std::string constant(const at::Tensor& tensor, const std::string& stem) {
        const std::string name = fresh(stem);
        writeConstant(name, tensor);
        return name;
    }

    /// The layer's integers and steps, where the recipe has them.
    void writeLayerWeight(const QuantizableLayer& layer) {
        const auto entry = recipe_->find(layer.name);
        if (entry == recipe_->end() || entry->second.weightBits > 8 || written_.contains(layer.weight))
            return;
        const at::Tensor& values = graph_.binding(layer.weight)->tensor;
        const auto found = layerIntegers(values, layer.outputAxis, entry->second);
        if (!found || found->isNormalFloat || found->groupSize > 0) {
            notes_.push_back(layer.name + ": its quantized weight is written as floats: " +
                             (!found ? found.error().message
                                     : "ONNX of operator set 17 has no steps for groups or NormalFloat levels"));
            return;
        }
        const bool isSigned = !found->zeroPoints.defined();
        const auto type = isSigned ? at::kChar : at::kByte;
        const std::string& name = nameOf(layer.weight);
        const at::Tensor steps = found->steps.reshape({-1}).contiguous();
        const std::string scales = constant(steps, name + "/scale");
        const std::string zeros = constant(
            isSigned ? at::zeros({steps.numel()}, type) : found->zeroPoints.reshape({-1}).to(type), name + "/zero");
        const std::string whole =
            constant(found->integers.movedim(0, layer.outputAxis).to(type).contiguous(), name + "/integers");
        model_.addNode("DequantizeLinear", {whole, scales, zeros}, {name}, {{"axis", layer.outputAxis}});
        weightSteps_[layer.node] = steps;
        written_.insert(layer.weight);
    }

    /// A layer's bias: int32 in units of activation step · weight step, where both are quantized.
    std::string biasOf(const Node& node, const char* argument) {
        const ValueId bias = valueOf(node, argument), input = valueOf(node, "input");
        if (bias < 0)
            return "";
        const auto index = static_cast<std::size_t>(&node - graph_.nodes.data());
        const auto steps = weightSteps_.find(index);
        const Node* quantizer = graph_.producer(input);
        const Binding* binding = graph_.binding(bias);
        if (steps == weightSteps_.end() || !binding || !quantizer ||
            quantizer->target != "aten::fake_quantize_per_tensor_affine")
            return nameOf(bias);
        const at::Tensor scales =
            (steps->second.to(at::kDouble) * numberOf(*quantizer, "scale").value_or(1)).to(at::kFloat).contiguous();
        const at::Tensor whole = at::round(binding->tensor.to(at::kDouble) / scales);
        if (whole.abs().max().item<double>() > 2147483647.0)
            return nameOf(bias);
        const std::string name = fresh(nameOf(bias));
        model_.addNode("DequantizeLinear",
                       {constant(whole.to(at::kInt), name + "/integers"), constant(scales, name + "/scale"),
                        constant(at::zeros({scales.numel()}, at::kInt), name + "/zero")},
                       {name}, {{"axis", std::int64_t{0}}});
        return name;
    }

    /// A tensor argument; a number becomes a scalar tensor.
    std::string operand(const Node& node, const char* argument) {
        if (const ValueId value = valueOf(node, argument); value >= 0)
            return nameOf(value);
        return constant(at::scalar_tensor(numberOf(node, argument).value_or(0)), argument);
    }

    bool one(const Node& node, const std::string& type, const Names& inputs,
             const std::vector<OnnxAttribute>& attributes = {}) {
        model_.addNode(type, inputs, {nameOf(node.outputs.at(0))}, attributes);
        return true;
    }
    bool refuse(const std::string& why) {
        problem_ = why;
        return false;
    }

    static std::optional<std::vector<std::int64_t>> pairOf(const Node& node, const char* name, std::int64_t standard) {
        if (!argumentOf(node, name))
            return std::vector<std::int64_t>{standard, standard};
        auto numbers = integersOf(node, name);
        if (numbers && numbers->size() == 1)
            numbers->push_back(numbers->front());
        return numbers && numbers->size() == 2 ? numbers : std::nullopt;
    }
    static std::vector<std::int64_t> twice(const std::vector<std::int64_t>& pads) {
        return {pads[0], pads[1], pads[0], pads[1]};
    }

    bool translate(const Node& node) {
        static const std::map<std::string, std::string> plain{
            {"aten::relu", "Relu"}, {"aten::tanh", "Tanh"},        {"aten::sigmoid", "Sigmoid"},
            {"aten::exp", "Exp"},   {"aten::sqrt", "Sqrt"},        {"aten::neg", "Neg"},
            {"aten::abs", "Abs"},   {"aten::dropout", "Identity"}, {"aten::contiguous", "Identity"}};
        static const std::map<std::string, std::string> pairs{{"aten::add.Tensor", "Add"},
                                                              {"aten::sub.Tensor", "Sub"},
                                                              {"aten::mul.Tensor", "Mul"},
                                                              {"aten::div.Tensor", "Div"}};
        if (const auto found = plain.find(node.target); found != plain.end())
            return one(node, found->second, {nameOf(valueOf(node, node.target == "aten::dropout" ? "input" : "self"))});
        if (const auto found = pairs.find(node.target); found != pairs.end()) {
            if (numberOf(node, "alpha").value_or(1) != 1)
                return refuse("its sum is scaled (alpha)");
            return one(node, found->second, {operand(node, "self"), operand(node, "other")});
        }
        static const std::map<std::string, bool (OnnxExport::*)(const Node&)> others{
            {"aten::fake_quantize_per_tensor_affine", &OnnxExport::fakeQuantize},
            {"aten::conv2d", &OnnxExport::conv},
            {"aten::linear", &OnnxExport::linear},
            {"aten::max_pool2d", &OnnxExport::maxPool},
            {"aten::adaptive_avg_pool2d", &OnnxExport::averagePool},
            {"aten::batch_norm", &OnnxExport::batchNorm},
            {"aten::layer_norm", &OnnxExport::layerNorm},
            {"aten::flatten.using_ints", &OnnxExport::flatten},
            {"aten::cat", &OnnxExport::concatenate},
            {"aten::gelu", &OnnxExport::gelu},
            {"aten::elu", &OnnxExport::elu},
            {"aten::silu", &OnnxExport::silu},
            {"aten::softmax.int", &OnnxExport::softmax}};
        const auto found = others.find(node.target);
        return found != others.end() && (this->*found->second)(node);
    }

    /// Codes of fewer than 8 bits are clipped before: QuantizeLinear itself saturates only at 8.
    bool fakeQuantize(const Node& node) {
        const auto step = numberOf(node, "scale");
        const auto zero = integerOf(node, "zero_point"), low = integerOf(node, "quant_min"),
                   high = integerOf(node, "quant_max");
        if (!step || !zero || !low || !high || *high - *low > 255)
            return refuse("its numbers are not constants of at most 8 bits");
        const bool isSigned = *low < 0;
        const std::int64_t least = isSigned ? -128 : 0, most = isSigned ? 127 : 255;
        if (*low < least || *high > most || *zero < *low || *zero > *high)
            return refuse("its codes do not fit 8 bits");
        std::string input = nameOf(valueOf(node, "self"));
        if (*low != least || *high != most) {
            const std::string clipped = fresh(node.name);
            model_.addNode("Clip",
                           {input, constant(at::scalar_tensor(static_cast<double>(*low - *zero) * *step), "low"),
                            constant(at::scalar_tensor(static_cast<double>(*high - *zero) * *step), "high")},
                           {clipped});
            input = clipped;
        }
        const std::string scale = constant(at::scalar_tensor(*step), node.name + "/scale");
        const std::string offset =
            constant(at::scalar_tensor(*zero, isSigned ? at::kChar : at::kByte), node.name + "/zero");
        const std::string codes = fresh(node.name);
        model_.addNode("QuantizeLinear", {input, scale, offset}, {codes});
        return one(node, "DequantizeLinear", {codes, scale, offset});
    }

    bool conv(const Node& node) {
        const auto stride = pairOf(node, "stride", 1), padding = pairOf(node, "padding", 0),
                   dilation = pairOf(node, "dilation", 1);
        if (!stride || !padding || !dilation)
            return refuse("its stride, padding or dilation is not a pair of numbers");
        Names inputs{nameOf(valueOf(node, "input")), nameOf(valueOf(node, "weight"))};
        if (const std::string bias = biasOf(node, "bias"); !bias.empty())
            inputs.push_back(bias);
        return one(node, "Conv", inputs,
                   {{"strides", *stride},
                    {"pads", twice(*padding)},
                    {"dilations", *dilation},
                    {"group", integerOf(node, "groups").value_or(1)}});
    }

    bool linear(const Node& node) {
        const std::string input = nameOf(valueOf(node, "input")), weight = nameOf(valueOf(node, "weight"));
        const std::string bias = biasOf(node, "bias");
        const auto& meta = metaOf(valueOf(node, "input"));
        if (meta && meta->sizes.size() == 2) {
            Names inputs{input, weight};
            if (!bias.empty())
                inputs.push_back(bias);
            return one(node, "Gemm", inputs, {{"transB", std::int64_t{1}}});
        }
        const std::string turned = fresh(node.name), product = bias.empty() ? "" : fresh(node.name);
        model_.addNode("Transpose", {weight}, {turned}, {{"perm", std::vector<std::int64_t>{1, 0}}});
        if (bias.empty())
            return one(node, "MatMul", {input, turned});
        model_.addNode("MatMul", {input, turned}, {product});
        return one(node, "Add", {product, bias});
    }

    bool maxPool(const Node& node) {
        const auto kernel = pairOf(node, "kernel_size", 1);
        auto stride = pairOf(node, "stride", 0);
        if (argumentOf(node, "stride") && integersOf(node, "stride") && integersOf(node, "stride")->empty())
            stride = kernel;
        const auto padding = pairOf(node, "padding", 0), dilation = pairOf(node, "dilation", 1);
        if (!kernel || !stride || !padding || !dilation)
            return refuse("its window is not given by numbers");
        return one(node, "MaxPool", {nameOf(valueOf(node, "self"))},
                   {{"kernel_shape", *kernel},
                    {"strides", (*stride)[0] == 0 ? *kernel : *stride},
                    {"pads", twice(*padding)},
                    {"dilations", *dilation},
                    {"ceil_mode", std::int64_t{booleanOf(node, "ceil_mode").value_or(false)}}});
    }

    bool averagePool(const Node& node) {
        if (integersOf(node, "output_size") != std::vector<std::int64_t>{1, 1})
            return refuse("only an average of the whole image can be written");
        return one(node, "GlobalAveragePool", {nameOf(valueOf(node, "self"))});
    }

    bool batchNorm(const Node& node) {
        if (booleanOf(node, "training").value_or(false))
            return refuse("it is in training mode");
        Names inputs{nameOf(valueOf(node, "input"))};
        for (const char* argument : {"weight", "bias", "running_mean", "running_var"}) {
            if (valueOf(node, argument) < 0)
                return refuse(std::string("it has no ") + argument);
            inputs.push_back(nameOf(valueOf(node, argument)));
        }
        return one(node, "BatchNormalization", inputs, {{"epsilon", numberOf(node, "eps").value_or(1e-5)}});
    }

    bool layerNorm(const Node& node) {
        const auto shape = integersOf(node, "normalized_shape");
        if (!shape || valueOf(node, "weight") < 0)
            return refuse("it has no weight");
        Names inputs{nameOf(valueOf(node, "input")), nameOf(valueOf(node, "weight"))};
        if (valueOf(node, "bias") >= 0)
            inputs.push_back(nameOf(valueOf(node, "bias")));
        return one(
            node, "LayerNormalization", inputs,
            {{"axis", -static_cast<std::int64_t>(shape->size())}, {"epsilon", numberOf(node, "eps").value_or(1e-5)}});
    }

    bool flatten(const Node& node) {
        if (integerOf(node, "start_dim").value_or(0) != 1 || integerOf(node, "end_dim").value_or(-1) != -1)
            return refuse("only all axes behind the batch can be flattened");
        return one(node, "Flatten", {nameOf(valueOf(node, "self"))}, {{"axis", std::int64_t{1}}});
    }

    bool concatenate(const Node& node) {
        const Argument* tensors = argumentOf(node, "tensors");
        const auto* list = tensors ? std::get_if<std::vector<Argument>>(&tensors->value) : nullptr;
        if (!list)
            return refuse("its tensors are not a list");
        Names inputs;
        for (const Argument& item : *list) {
            const auto* value = std::get_if<ValueId>(&item.value);
            if (!value)
                return refuse("one of its tensors is a constant");
            inputs.push_back(nameOf(*value));
        }
        return one(node, "Concat", inputs, {{"axis", integerOf(node, "dim").value_or(0)}});
    }

    bool gelu(const Node& node) {
        const Argument* form = argumentOf(node, "approximate");
        const auto* constantForm = form ? std::get_if<c10::IValue>(&form->value) : nullptr;
        if (constantForm && constantForm->isString() && constantForm->toStringRef() != "none")
            return refuse("only the exact form can be written");
        // x/2·(1 + erf(x/√2)): operator set 17 has no Gelu.
        const std::string x = nameOf(valueOf(node, "self"));
        const std::string scaled = fresh(node.name), error = fresh(node.name), sum = fresh(node.name),
                          half = fresh(node.name);
        model_.addNode("Mul", {x, constant(at::scalar_tensor(0.7071067811865476), "root")}, {scaled});
        model_.addNode("Erf", {scaled}, {error});
        model_.addNode("Add", {error, constant(at::scalar_tensor(1.0), "one")}, {sum});
        model_.addNode("Mul", {x, constant(at::scalar_tensor(0.5), "half")}, {half});
        return one(node, "Mul", {half, sum});
    }

    bool elu(const Node& node) {
        if (numberOf(node, "scale").value_or(1) != 1 || numberOf(node, "input_scale").value_or(1) != 1)
            return refuse("it is scaled");
        return one(node, "Elu", {nameOf(valueOf(node, "self"))}, {{"alpha", numberOf(node, "alpha").value_or(1)}});
    }

    bool silu(const Node& node) {
        const std::string x = nameOf(valueOf(node, "self")), gate = fresh(node.name);
        model_.addNode("Sigmoid", {x}, {gate});
        return one(node, "Mul", {x, gate});
    }

    bool softmax(const Node& node) {
        return one(node, "Softmax", {nameOf(valueOf(node, "self"))}, {{"axis", integerOf(node, "dim").value_or(-1)}});
    }

    const PolicyGraph& graph_;
    Result<std::map<std::string, LayerRecipe>> recipe_ = std::map<std::string, LayerRecipe>();
    OnnxModel model_;
    std::set<ValueId> written_;
    std::map<std::size_t, at::Tensor> weightSteps_;  ///< by node
    std::vector<std::string> notes_;
    std::string problem_;
    int count_ = 0;
};

}  // namespace

Result<std::vector<std::string>> exportOnnx(const std::filesystem::path& policy, const std::filesystem::path& out) {
    const at::NoGradGuard none;
    const auto file = readPolicyFile(policy);
    if (!file)
        return tl::unexpected(file.error());
    OnnxExport work(*file);
    const auto bytes = work.run();
    if (!bytes)
        return fail(bytes.error().kind, policy.string() + ": " + bytes.error().message);
    if (auto written = writeTextFile(out, *bytes); !written)
        return tl::unexpected(written.error());
    return work.takeNotes();
}

}  // namespace sqil
