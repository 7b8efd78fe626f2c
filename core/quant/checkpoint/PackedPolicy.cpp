#include "core/quant/checkpoint/PackedPolicy.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/lowering/LayerIntegers.h"

namespace sqil {
namespace {

std::vector<Dimension> dimensionsOf(at::IntArrayRef sizes) {
    return {sizes.begin(), sizes.end()};
}

/// Adds what makes one weight from its integers.
class Unpacking {
public:
    Unpacking(PolicyGraph& graph, const Binding& weight) : graph_(graph), weight_(weight) {}

    void add(const LayerIntegers& integers, int bits, std::int64_t outputAxis) {
        const std::int64_t outputs = integers.integers.size(0), inputs = integers.integers.numel() / outputs;
        const std::int64_t groups = integers.steps.size(1), group = inputs / groups;
        const bool isSigned = !integers.zeroPoints.defined();
        const bool isPacked = bits <= 4 && inputs % 2 == 0;
        const int middle = isPacked && isSigned ? 1 << (bits - 1) : 0;
        at::Tensor zeros = isSigned ? at::full_like(integers.steps, middle) : integers.zeroPoints.to(at::kFloat);
        const at::Tensor codes = (integers.integers.reshape({outputs, inputs}) + middle).contiguous();
        ValueId value = -1;
        if (isPacked) {
            const at::Tensor pairs = codes.reshape({outputs, inputs / 2, 2});
            const at::Tensor bytes = (pairs.select(2, 0) + 16 * pairs.select(2, 1)).to(at::kByte).contiguous();
            const ValueId packed = bind("packed", bytes);
            const ValueId low = call("aten::bitwise_and.Scalar", {{"self", packed}, {"other", c10::IValue(15)}},
                                     at::kByte, bytes.sizes());
            const ValueId high = call("aten::bitwise_right_shift.Tensor_Scalar",
                                      {{"self", packed}, {"other", c10::IValue(4)}}, at::kByte, bytes.sizes());
            value = call("aten::stack",
                         {{"tensors", std::vector<Argument>{{"", low}, {"", high}}}, {"dim", c10::IValue(-1)}},
                         at::kByte, {outputs, inputs / 2, 2});
        } else {
            value = bind("integers", codes.to(isSigned ? at::kChar : at::kByte));
        }
        value = view(value, isPacked || !isSigned ? at::kByte : at::kChar, {outputs, groups, group});
        if (!isSigned || isPacked)  // integers less floats are floats
            value = call("aten::sub.Tensor",
                         {{"self", value}, {"other", bind("zeros", zeros.reshape({outputs, groups, 1}).contiguous())}},
                         at::kFloat, {outputs, groups, group});
        value =
            call("aten::mul.Tensor",
                 {{"self", value},
                  {"other", bind("scales", integers.steps.to(at::kFloat).reshape({outputs, groups, 1}).contiguous())}},
                 at::kFloat, {outputs, groups, group});
        value = view(value, at::kFloat, integers.integers.sizes());
        if (outputAxis == 1)
            value = call("aten::transpose.int", {{"self", value}, {"dim0", c10::IValue(0)}, {"dim1", c10::IValue(1)}},
                         at::kFloat, weight_.tensor.sizes());
        nodes_.back().outputs = {weight_.value};  // whoever reads the weight reads this
    }

    std::vector<Node> nodes_;
    std::vector<Binding> bindings_;

private:
    ValueId bind(const char* what, const at::Tensor& tensor) {
        Binding binding;
        binding.name = weight_.name + "_" + what;
        std::string name = "b_" + binding.name;
        std::ranges::replace(name, '.', '_');
        binding.value = graph_.addValue(name, TensorMeta{tensor.scalar_type(), dimensionsOf(tensor.sizes()), {}});
        binding.kind = Binding::Kind::Buffer;
        binding.trainable = false;
        binding.tensor = tensor;
        bindings_.push_back(binding);
        return binding.value;
    }

    ValueId call(const char* target, std::vector<Argument> arguments, at::ScalarType type, at::IntArrayRef sizes) {
        const std::string& name = graph_.values[static_cast<std::size_t>(weight_.value)].name;
        Node node;
        node.target = target;
        node.arguments = std::move(arguments);
        const ValueId value = graph_.addValue(name + "_unpacked", TensorMeta{type, dimensionsOf(sizes), {}});
        node.name = graph_.values[static_cast<std::size_t>(value)].name;
        node.outputs = {value};
        nodes_.push_back(std::move(node));
        return value;
    }

    ValueId view(ValueId value, at::ScalarType type, at::IntArrayRef sizes) {
        return call("aten::reshape", {{"self", value}, {"shape", c10::IValue(sizes.vec())}}, type, sizes);
    }

    PolicyGraph& graph_;
    const Binding& weight_;
};

/// Why a layer's weight stays as it is; empty: it does not.
std::string refusal(const LayerIntegers& integers, const Binding& weight, std::int64_t outputAxis) {
    if (integers.isNormalFloat)
        return "NormalFloat levels are no integers";
    if (weight.tensor.scalar_type() != at::kFloat)
        return "its weights are no float32";
    if (outputAxis > 1)
        return "its outputs are not along its first two axes";
    const std::int64_t inputs = integers.integers.numel() / std::max<std::int64_t>(integers.integers.size(0), 1);
    if (integers.groupSize > 0 && inputs % integers.groupSize != 0)
        return "its last group is shorter than the others";
    return {};
}

}  // namespace

Result<PackedPolicy> packPolicy(PolicyFile quantized) {
    const at::NoGradGuard none;
    const auto text = quantized.extraFiles.find(kQuantizationFile);
    if (text == quantized.extraFiles.end())
        return fail(ErrorKind::BadInput, "the policy is not quantized; `sqil quantize` makes it so");
    const auto recipe = parseRecipe(text->second);
    if (!recipe)
        return tl::unexpected(recipe.error());
    PackedPolicy packed{std::move(quantized), {}};
    PolicyGraph& graph = packed.file.graph;
    std::vector<Node> nodes;
    std::vector<Binding> bindings;
    std::set<ValueId> done;
    for (const QuantizableLayer& layer : quantizableLayers(graph)) {
        const auto entry = recipe->find(layer.name);
        if (entry == recipe->end() || entry->second.weightBits > 8 || !done.insert(layer.weight).second)
            continue;
        const Binding& weight = *graph.binding(layer.weight);
        const auto integers = layerIntegers(weight.tensor, layer.outputAxis, entry->second);
        const std::string reason = integers ? refusal(*integers, weight, layer.outputAxis) : integers.error().message;
        if (!reason.empty()) {
            packed.notes.push_back(layer.name + ": stays as floats: " + reason);
            done.erase(layer.weight);
            continue;
        }
        Unpacking unpacking(graph, weight);
        unpacking.add(*integers, entry->second.weightBits, layer.outputAxis);
        std::ranges::move(unpacking.nodes_, std::back_inserter(nodes));
        std::ranges::move(unpacking.bindings_, std::back_inserter(bindings));
    }
    if (done.empty())
        return fail(ErrorKind::Unsupported, "no layer's weights can be written as integers" +
                                                (packed.notes.empty() ? std::string() : ": " + packed.notes.front()));
    std::erase_if(graph.bindings, [&](const Binding& binding) { return done.contains(binding.value); });
    std::ranges::move(bindings, std::back_inserter(graph.bindings));
    graph.nodes.insert(graph.nodes.begin(), std::make_move_iterator(nodes.begin()),
                       std::make_move_iterator(nodes.end()));
    auto recipeText = packed.file.extraFiles.extract(kQuantizationFile);
    packed.file.extraFiles[kPackedRecipeFile] = std::move(recipeText.mapped());
    return packed;
}

Result<std::vector<std::string>> exportPackedPolicy(const std::filesystem::path& policy,
                                                    const std::filesystem::path& out) {
    auto file = readPolicyFile(policy);
    if (!file)
        return tl::unexpected(file.error());
    auto packed = packPolicy(std::move(*file));
    if (!packed)
        return fail(packed.error().kind, policy.string() + ": " + packed.error().message);
    return writePolicyFile(out, packed->file).map([&] { return std::move(packed->notes); });
}

}  // namespace sqil
