#include "core/quant/checkpoint/PackedCheckpoint.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "core/policy/PolicyFile.h"
#include "core/policy/Safetensors.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/lowering/LayerIntegers.h"

namespace sqil {
namespace {

using nlohmann::json;
using Tensors = std::map<std::string, at::Tensor>;

constexpr int kAwqBits = 4;

tl::unexpected<Error> refuse(const std::string& reason) {
    return tl::unexpected(Error{ErrorKind::Unsupported, reason});
}

/// Words of `perWord` values along the last axis, value i of a word in bits `shifts[i]`.
at::Tensor words(const at::Tensor& codes, std::span<const int> shifts) {
    const auto perWord = static_cast<std::int64_t>(shifts.size());
    const std::int64_t padding = (perWord - codes.size(-1) % perWord) % perWord;
    const at::Tensor padded = at::constant_pad_nd(codes.to(at::kLong), {0, padding});
    std::vector<std::int64_t> sizes = padded.sizes().vec();
    sizes.back() /= perWord;
    sizes.push_back(perWord);
    const std::vector<std::int64_t> wide(shifts.begin(), shifts.end());
    const at::Tensor sums = padded.reshape(sizes).bitwise_left_shift(at::tensor(wide)).sum(-1);
    return sums.to(at::kInt).contiguous();  // the low 32 bits
}

/// 32 bits of {0, 1, 2, …}·bits.
std::vector<int> plainShifts(int bits) {
    std::vector<int> shifts;
    for (int shift = 0; shift + bits <= 32; shift += bits)
        shifts.push_back(shift);
    return shifts;
}

/// What a configuration says of all its layers at once.
json kindOf(const LayerRecipe& recipe, std::int64_t inputs) {
    const bool grouped = recipe.granularity == Granularity::Group && recipe.groupSize < inputs;
    return {{"bits", recipe.weightBits},
            {"asymmetric", !recipe.zeroPoints.empty()},
            {"group_size", grouped ? recipe.groupSize : -1}};
}

/// The kind of most linear layers.
json commonKind(const PolicyGraph& graph, const std::map<std::string, LayerRecipe>& recipe) {
    std::map<std::string, int> counts;
    for (const QuantizableLayer& layer : quantizableLayers(graph)) {
        const auto entry = recipe.find(layer.name);
        const at::Tensor& weight = graph.binding(layer.weight)->tensor;
        if (entry != recipe.end() && weight.dim() == 2)
            ++counts[kindOf(entry->second, weight.size(1 - layer.outputAxis)).dump()];
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? json() : json::parse(most->first);
}

/// One layer's tensors in the format.
class LayerWriter {
public:
    LayerWriter(CheckpointFormat format, json shared, Tensors& tensors)
        : format_(format), shared_(std::move(shared)), tensors_(tensors) {}

    Result<void> write(const std::string& layer, const LayerRecipe& recipe, const LayerIntegers& integers) {
        if (integers.isNormalFloat)
            return refuse("NormalFloat levels have no place in this format");
        if (integers.integers.dim() != 2)
            return refuse("only linear layers can be packed");
        if (recipe.activationBits < 16)
            return refuse("its activations are quantized too; this format is for weights alone");
        if (integers.groupSize > 0 && integers.integers.size(1) % integers.groupSize != 0)
            return refuse("its last group is shorter than the others");
        if (kindOf(recipe, integers.integers.size(1)) != shared_)
            return refuse("it differs from most layers in bits, groups or zero points");
        return format_ == CheckpointFormat::Awq ? awq(layer, recipe, integers) : compressed(layer, recipe, integers);
    }

private:
    Result<void> compressed(const std::string& layer, const LayerRecipe& recipe, const LayerIntegers& integers) {
        const int bits = recipe.weightBits, middle = 1 << (bits - 1);
        if (bits != 4 && bits != 8)
            return refuse("weights of " + std::to_string(bits) + " bits; this format takes 4 and 8");
        const bool isSigned = !integers.zeroPoints.defined();
        tensors_[layer + ".weight_packed"] = packIntoWords(integers.integers, bits, isSigned ? middle : 0);
        tensors_[layer + ".weight_scale"] = integers.steps.contiguous();
        tensors_[layer + ".weight_shape"] = at::tensor(integers.integers.sizes());
        if (!isSigned)  // signed zero points plus 2^(b−1): the unsigned ones; packed along the outputs
            tensors_[layer + ".weight_zero_point"] = packIntoWords(integers.zeroPoints.t(), bits, 0).t().contiguous();
        return {};
    }

    Result<void> awq(const std::string& layer, const LayerRecipe& recipe, const LayerIntegers& integers) {
        if (recipe.weightBits != kAwqBits)
            return refuse("weights of " + std::to_string(recipe.weightBits) + " bits; AutoAWQ takes 4");
        if (integers.integers.size(0) % 8 != 0)
            return refuse("its outputs are no multiple of 8");
        const bool isSigned = !integers.zeroPoints.defined();
        const at::Tensor codes = integers.integers + (isSigned ? 8 : 0);
        const at::Tensor zeros = isSigned ? at::full_like(integers.steps, 8, at::kInt) : integers.zeroPoints;
        tensors_[layer + ".qweight"] = packAwqWords(codes.t());
        tensors_[layer + ".qzeros"] = packAwqWords(zeros.t());
        tensors_[layer + ".scales"] = integers.steps.t().to(at::kHalf).contiguous();
        return {};
    }

    CheckpointFormat format_;
    json shared_;  ///< what all packed layers have in common
    Tensors& tensors_;
};

json configOf(CheckpointFormat format, const json& shared, const std::vector<std::string>& ignored) {
    if (format == CheckpointFormat::Awq)
        return {{"quant_method", "awq"}, {"bits", kAwqBits},
                {"version", "gemm"},     {"group_size", shared.at("group_size")},
                {"zero_point", true},    {"modules_to_not_convert", ignored}};
    const bool hasGroups = shared.at("group_size").get<std::int64_t>() > 0;
    json weights{{"num_bits", shared.at("bits")},
                 {"type", "int"},
                 {"symmetric", !shared.at("asymmetric").get<bool>()},
                 {"strategy", hasGroups ? "group" : "channel"},
                 {"dynamic", false}};
    if (hasGroups)
        weights["group_size"] = shared.at("group_size");
    return {{"quant_method", "compressed-tensors"},
            {"format", "pack-quantized"},
            {"quantization_status", "compressed"},
            {"ignore", ignored},
            {"config_groups", {{"group_0", {{"targets", {"Linear"}}, {"weights", weights}}}}}};
}

}  // namespace

at::Tensor packIntoWords(const at::Tensor& integers, int bits, int offset) {
    return words(integers + offset, plainShifts(bits));
}

at::Tensor packAwqWords(const at::Tensor& codes) {
    // Output 8w + i of a word lies in nibble shifts[i]/4: evens in the low half, odds in the high one.
    constexpr int shifts[] = {0, 16, 4, 20, 8, 24, 12, 28};
    return words(codes, shifts);
}

Result<std::vector<std::string>> exportCheckpoint(const std::filesystem::path& policy, CheckpointFormat format,
                                                  const std::filesystem::path& out) {
    const at::NoGradGuard none;
    const auto file = readPolicyFile(policy);
    if (!file)
        return tl::unexpected(file.error());
    const auto text = file->extraFiles.find(kQuantizationFile);
    if (text == file->extraFiles.end())
        return fail(ErrorKind::BadInput, policy.string() + ": is not quantized; `sqil quantize` makes it so");
    const auto recipe = parseRecipe(text->second);
    if (!recipe)
        return tl::unexpected(recipe.error());

    Safetensors contents;
    const json shared = commonKind(file->graph, *recipe);
    LayerWriter writer(format, shared, contents.tensors);
    std::vector<std::string> notes, ignored;
    std::set<ValueId> packed;
    for (const QuantizableLayer& layer : quantizableLayers(file->graph)) {
        const auto entry = recipe->find(layer.name);
        if (entry == recipe->end() || entry->second.weightBits >= 16 || packed.contains(layer.weight))
            continue;
        const auto integers = layerIntegers(file->graph.binding(layer.weight)->tensor, layer.outputAxis, entry->second);
        const auto written =
            integers ? writer.write(layer.name, entry->second, *integers) : tl::unexpected(integers.error());
        if (written) {
            packed.insert(layer.weight);
        } else {
            ignored.push_back(layer.name);
            notes.push_back(layer.name + ": written as floats: " + written.error().message);
        }
    }
    if (packed.empty())
        return fail(ErrorKind::Unsupported, policy.string() + ": no layer can be packed in this format" +
                                                (notes.empty() ? "" : "; " + notes.front()));
    for (const Binding& binding : file->graph.bindings)
        if (!packed.contains(binding.value) && binding.tensor.defined())
            contents.tensors[binding.name] = binding.tensor.detach().contiguous();
    contents.metadata["format"] = "pt";

    std::error_code problem;
    std::filesystem::create_directories(out, problem);
    if (problem)
        return fail(ErrorKind::Io, out.string() + ": cannot be made: " + problem.message());
    if (auto saved = writeSafetensors(out / "model.safetensors", contents); !saved)
        return tl::unexpected(saved.error());
    const json config{{"quantization_config", configOf(format, shared, ignored)}};
    if (auto saved = writeTextFile(out / "config.json", config.dump(2) + "\n"); !saved)
        return tl::unexpected(saved.error());
    return notes;
}

}  // namespace sqil
