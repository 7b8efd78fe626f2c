#include "core/train/Lora.h"

#include <ATen/ATen.h>

#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "core/quant/NormalFloat.h"
#include "core/quant/QuantizableLayers.h"
#include "core/train/CounterRandom.h"

namespace sqil {
namespace {

constexpr std::uint64_t kStream = 0x10AA;
constexpr int kFloatingPointBits = 16;

/// The frozen graph that the adapters stand on, with own tensors.
Result<PolicyGraph> baseGraph(const Policy& policy, Rollouts& rollouts, const TrainSpec& spec,
                              const Progress& progress) {
    PolicyGraph graph = policy.graph();
    if (spec.quantization) {
        QuantSpec quantization = *spec.quantization;
        if (spec.adapters->base == AdapterBase::FullPrecision) {
            quantization.weightBits = kFloatingPointBits;
            quantization.weightBitsOfLayer.clear();
        }
        auto quantized = quantizePolicy(policy, rollouts, quantization, progress);
        if (!quantized)
            return tl::unexpected(quantized.error());
        graph = std::move(quantized->file.graph);
    }
    for (Binding& binding : graph.bindings)
        if (binding.tensor.defined())
            binding.tensor = binding.tensor.detach();
    return graph;
}

/// Linear layers: a matrix that one node multiplies its input with.
std::vector<QuantizableLayer> linearLayers(const PolicyGraph& graph) {
    const auto all = quantizableLayers(graph);
    std::map<ValueId, int> uses;
    for (const QuantizableLayer& layer : all)
        ++uses[layer.weight];
    std::vector<QuantizableLayer> linear;
    for (const QuantizableLayer& layer : all) {
        const std::string& target = graph.nodes[layer.node].target;
        const bool known =
            target == "aten::linear" || target == "aten::addmm" || target == "aten::mm" || target == "aten::matmul";
        const at::Tensor& weight = graph.binding(layer.weight)->tensor;
        if (known && uses[layer.weight] == 1 && weight.dim() == 2 && weight.is_floating_point() &&
            graph.nodes[layer.node].outputs.size() == 1)
            linear.push_back(layer);
    }
    return linear;
}

at::Tensor firstDown(std::int64_t rank, std::int64_t inputs, std::uint64_t seed, std::uint64_t layer) {
    CounterRandom random{kStream, seed, layer};
    at::Tensor down = at::empty({rank, inputs}, at::TensorOptions().dtype(at::kFloat));
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    float* value = down.mutable_data_ptr<float>();
    for (std::int64_t index = 0; index < down.numel(); ++index)
        value[index] = static_cast<float>(random.uniform(-bound, bound));
    return down.requires_grad_();
}

ValueId addTensor(PolicyGraph& graph, const std::string& name, const at::Tensor& tensor) {
    TensorMeta meta{at::kFloat, {}, {}};
    for (const std::int64_t size : tensor.sizes())
        meta.sizes.emplace_back(size);
    Binding binding;
    binding.value = graph.addValue(name, std::move(meta));
    binding.name = name;
    binding.kind = Binding::Kind::Buffer;
    binding.tensor = tensor;
    graph.bindings.push_back(std::move(binding));
    return graph.bindings.back().value;
}

/// Puts the adapter's nodes behind its layer's.
class AdapterNodes {
public:
    explicit AdapterNodes(PolicyGraph& graph) : graph_(graph) {}

    void add(const QuantizableLayer& layer, const AdaptedLayer& adapter, double dropout) {
        Node& node = graph_.nodes[layer.node];
        const ValueId output = node.outputs[0];
        const ValueId plain = graph_.addValue(layer.name + "_frozen", std::nullopt);
        node.outputs[0] = plain;
        ValueId input = std::get<ValueId>(node.arguments[layer.inputArgument].value);
        std::vector<Node>& nodes = behind_[layer.node];
        const auto append = [&](const char* target, std::vector<Argument> arguments, ValueId result) {
            Node added;
            added.name = graph_.values[static_cast<std::size_t>(result)].name;
            added.target = target;
            added.arguments = std::move(arguments);
            added.outputs = {result};
            added.module = node.module;
            nodes.push_back(std::move(added));
            return result;
        };
        const auto value = [&](const char* suffix) { return graph_.addValue(layer.name + suffix, std::nullopt); };
        if (dropout > 0)
            input =
                append("aten::dropout", {{"input", input}, {"p", c10::IValue(dropout)}, {"train", c10::IValue(true)}},
                       value("_dropped"));
        const ValueId down = addTensor(graph_, layer.name + ".lora_a", adapter.down);
        const ValueId up = addTensor(graph_, layer.name + ".lora_b", adapter.up);
        const ValueId narrow = append("aten::linear", {{"input", input}, {"weight", down}}, value("_down"));
        const ValueId wide = append("aten::linear", {{"input", narrow}, {"weight", up}}, value("_up"));
        append("aten::add.Tensor", {{"self", plain}, {"other", wide}, {"alpha", c10::IValue(adapter.scale)}}, output);
        nodes.back().name = layer.name + "_adapted";
    }

    void insert() {
        std::vector<Node> nodes;
        for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
            nodes.push_back(std::move(graph_.nodes[index]));
            if (const auto found = behind_.find(index); found != behind_.end())
                for (Node& node : found->second)
                    nodes.push_back(std::move(node));
        }
        graph_.nodes = std::move(nodes);
    }

private:
    PolicyGraph& graph_;
    std::map<std::size_t, std::vector<Node>> behind_;
};

PolicyGraph withAdapters(PolicyGraph graph, const std::vector<QuantizableLayer>& layers,
                         const std::vector<AdaptedLayer>& adapters, double dropout) {
    AdapterNodes nodes(graph);
    for (std::size_t index = 0; index < layers.size(); ++index)
        nodes.add(layers[index], adapters[index], dropout);
    nodes.insert();
    return graph;
}

}  // namespace

std::vector<TrainableTensor> AdaptedGraph::trainable() const {
    std::vector<TrainableTensor> tensors;
    for (const AdaptedLayer& layer : layers) {
        tensors.push_back({layer.weight + ".lora_a", layer.down, TrainableTensor::Role::Weight});
        tensors.push_back({layer.weight + ".lora_b", layer.up, TrainableTensor::Role::Weight});
    }
    return tensors;
}

Result<AdaptedGraph> addAdapters(const Policy& policy, Rollouts& rollouts, const TrainSpec& spec,
                                 const Progress& progress) {
    const at::NoGradGuard noGradient;
    auto base = baseGraph(policy, rollouts, spec, progress);
    if (!base)
        return tl::unexpected(base.error());
    const auto layers = linearLayers(*base);
    if (layers.empty())
        return fail(ErrorKind::Unsupported,
                    "the policy has no linear layer to put an adapter on; train it without adapters");
    AdaptedGraph adapted;
    for (const QuantizableLayer& layer : layers) {
        Binding& binding = *base->binding(layer.weight);
        if (spec.adapters->base == AdapterBase::NormalFloat)
            binding.tensor =
                quantizeNormalFloat(policy.graph().binding(layer.weight)->tensor.detach().contiguous()).values;
        AdaptedLayer entry;
        entry.weight = binding.name;
        entry.base = binding.tensor;
        entry.inputsFirst = layer.outputAxis == 1;
        const std::int64_t outputs = binding.tensor.size(layer.outputAxis);
        const std::int64_t inputs = binding.tensor.size(1 - layer.outputAxis);
        entry.down = firstDown(spec.adapters->rank, inputs, spec.seed, adapted.layers.size());
        entry.up = at::zeros({outputs, spec.adapters->rank}, at::TensorOptions().dtype(at::kFloat)).requires_grad_();
        entry.scale = spec.adapters->alpha / spec.adapters->rank;
        adapted.layers.push_back(std::move(entry));
    }
    adapted.evaluation = withAdapters(*base, layers, adapted.layers, 0);
    adapted.training = spec.adapters->dropout > 0
                           ? withAdapters(std::move(*base), layers, adapted.layers, spec.adapters->dropout)
                           : adapted.evaluation;
    return adapted;
}

Result<QuantizedPolicy> mergeAdapters(const AdaptedGraph& adapted, const Policy& policy, Rollouts& rollouts,
                                      const TrainSpec& spec, const Progress& progress) {
    const at::NoGradGuard noGradient;
    PolicyFile file = policy.file();
    for (const AdaptedLayer& layer : adapted.layers) {
        at::Tensor change = at::matmul(layer.up, layer.down) * layer.scale;
        if (layer.inputsFirst)
            change = change.t();
        const at::Tensor merged = layer.base + change.to(layer.base.scalar_type());
        if (!at::isfinite(merged).all().item<bool>())
            return fail(ErrorKind::BadInput, "the trained adapter of \"" + layer.weight +
                                                 "\" has NaN or infinite values; go on from an earlier checkpoint");
        for (Binding& binding : file.graph.bindings)
            if (binding.name == layer.weight)
                binding.tensor = merged.contiguous();
    }
    if (!spec.quantization)
        return QuantizedPolicy{std::move(file), {}};
    auto whole = Policy::create(std::move(file), policy.card());
    if (!whole)
        return tl::unexpected(whole.error());
    auto quantized = quantizePolicy(**whole, rollouts, *spec.quantization, progress);
    if (!quantized)
        return quantized;
    auto about = nlohmann::json::parse(quantized->file.extraFiles.at(kQuantizationFile));
    about["method"] = nameOf(spec.recipe);
    quantized->file.extraFiles[kQuantizationFile] = about.dump();
    return quantized;
}

}  // namespace sqil
