#include "core/quant/TrainableGraph.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/quant/LayerPlan.h"
#include "core/quant/LearnedStep.h"
#include "core/quant/PendingNodes.h"
#include "core/quant/QuantizedAssembly.h"
#include "core/quant/Quantizer.h"
#include "core/quant/TrainingStart.h"

namespace sqil {
namespace {

/// What the policy is given does not change in training. From this width on its calibrated step is as good as a
/// learned one, and the first layer's costly gradient with respect to its input is not needed.
constexpr int kCalibratedBits = 8;

bool isTrained(const Binding& binding) {
    return binding.kind == Binding::Kind::Parameter && binding.trainable && binding.tensor.is_floating_point();
}

/// Own tensors, so that training leaves the policy as it is; leaves where they are trained.
void copyTensors(PolicyGraph& graph) {
    for (Binding& binding : graph.bindings) {
        if (!binding.tensor.defined())
            continue;
        const bool trained = isTrained(binding);
        binding.tensor = binding.tensor.detach().to(trained ? at::kFloat : binding.tensor.scalar_type()).clone();
        if (trained)
            binding.tensor.requires_grad_();
    }
}

/// Values that no trained parameter reaches: what the policy is given, and what is computed from it alone.
std::vector<bool> givenValues(const PolicyGraph& graph) {
    std::vector<bool> given(graph.values.size(), true);
    for (const Binding& binding : graph.bindings)
        given[static_cast<std::size_t>(binding.value)] = !binding.tensor.requires_grad();
    const auto isGiven = [&](const auto& self, const Argument& argument) -> bool {
        if (const auto* value = std::get_if<ValueId>(&argument.value))
            return given[static_cast<std::size_t>(*value)];
        const auto* list = std::get_if<std::vector<Argument>>(&argument.value);
        return !list || std::all_of(list->begin(), list->end(), [&](const Argument& item) { return self(self, item); });
    };
    for (const Node& node : graph.nodes) {
        const bool all = std::all_of(node.arguments.begin(), node.arguments.end(),
                                     [&](const Argument& argument) { return isGiven(isGiven, argument); });
        for (const ValueId output : node.outputs)
            if (output >= 0)
                given[static_cast<std::size_t>(output)] = all;
    }
    return given;
}

/// Adds learned-step quantizers to a graph, whose node indices stay valid until insert().
class QuantizerNodes {
public:
    QuantizerNodes(PolicyGraph& graph, const QuantSpec& spec, const TrainingStart& start)
        : graph_(graph), spec_(spec), start_(start), given_(givenValues(graph)) {}

    ValueId addSteps(const std::string& name, at::Tensor steps, bool learned = true) {
        TensorMeta meta{at::kFloat, {}, {}};
        for (const std::int64_t size : steps.sizes())
            meta.sizes.emplace_back(size);
        Binding binding;
        binding.value = graph_.addValue(name, std::move(meta));
        binding.name = name;
        binding.kind = Binding::Kind::Buffer;
        binding.tensor = steps.detach().to(at::kFloat).clone().requires_grad_(learned);
        graph_.bindings.push_back(std::move(binding));
        return graph_.bindings.back().value;
    }

    struct Weight {
        ValueId steps = -1, quantized = -1;
    };
    Weight weight(const QuantizableLayer& layer, int bits) {
        const auto [entry, isNew] = weights_.try_emplace(layer.weight);
        if (!isNew)
            return entry->second;
        const at::Tensor tensor = graph_.binding(layer.weight)->tensor.detach();
        const TrainingStart::Weight first = start_.weight(layer, bits);
        tensor.copy_(first.values);
        entry->second.steps = addSteps(layer.name + ".weight_step", first.steps);
        entry->second.quantized =
            quantizer(layer.weight, entry->second.steps, integerRange(bits),
                      spec_.granularity == Granularity::Tensor ? -1 : layer.outputAxis,
                      spec_.granularity == Granularity::Group ? spec_.groupSize : 0, tensor.numel(), 0);
        return entry->second;
    }

    struct Activation {
        ValueId step = -1, quantized = -1;
        bool isSigned = true;
    };
    Activation activation(const QuantizableLayer& layer, int bits, const ActivationStatistics& observed) {
        const auto [entry, isNew] = activations_.try_emplace({layer.input, bits});
        if (!isNew)
            return entry->second;
        const auto first =
            activationQuantizer(observed.sample, observed.minimum, observed.maximum, bits, RangeMethod::Mse, 100.0);
        entry->second.isSigned = first.isSigned;
        const bool learned = bits < kCalibratedBits || !given_[static_cast<std::size_t>(layer.input)];
        entry->second.step = addSteps(layer.name + ".activation_step",
                                      at::full({1}, first.step, at::TensorOptions().dtype(at::kFloat)), learned);
        entry->second.quantized = quantizer(layer.input, entry->second.step, integerRange(bits, first.isSigned), -1, 0,
                                            observed.elements, layer.node);
        return entry->second;
    }

    /// Layers read the quantized values instead: the weight behind its transposes too.
    void insert(const std::vector<std::pair<ValueId, ValueId>>& weights) {
        for (Node& node : graph_.nodes)
            for (Argument& argument : node.arguments)
                if (const auto* value = std::get_if<ValueId>(&argument.value))
                    for (const auto& [plain, quantized] : weights)
                        if (*value == plain) {
                            argument.value = quantized;
                            break;
                        }
        pending_.insertInto(graph_);
    }

private:
    ValueId quantizer(ValueId source, ValueId steps, IntegerRange range, std::int64_t axis, std::int64_t groupSize,
                      std::int64_t elements, std::size_t beforeNode) {
        const auto meta = graph_.values[static_cast<std::size_t>(source)].meta;
        const std::string name = graph_.values[static_cast<std::size_t>(source)].name + "_quantized";
        const ValueId result = graph_.addValue(name, meta);
        Node node;
        node.name = graph_.values[static_cast<std::size_t>(result)].name;
        node.target = "sqil::learned_step_quantize";
        node.arguments = {{"values", source},
                          {"steps", steps},
                          {"minimum", c10::IValue(range.minimum)},
                          {"maximum", c10::IValue(range.maximum)},
                          {"axis", c10::IValue(axis)},
                          {"group_size", c10::IValue(groupSize)},
                          {"gradient_scale", c10::IValue(learnedStepGradientScale(elements, range))}};
        node.outputs = {result};
        node.module = graph_.nodes[beforeNode].module;
        pending_.add(beforeNode, std::move(node));
        return result;
    }

    PolicyGraph& graph_;
    const QuantSpec& spec_;
    const TrainingStart& start_;
    std::vector<bool> given_;
    std::map<ValueId, Weight> weights_;
    std::map<std::pair<ValueId, int>, Activation> activations_;
    PendingNodes pending_;
};

ValueId inputOf(const Node& node) {
    const auto* value = node.arguments.empty() ? nullptr : std::get_if<ValueId>(&node.arguments[0].value);
    return value ? *value : -1;
}

/// An unsigned quantizer clips below zero, as the rectifier before it does, with the same gradients: rectifiers that
/// only such quantizers read, directly or through a change of shape, are passed by. Saves a pass over the
/// activations forward and another one back.
void passByRectifiers(PolicyGraph& graph) {
    std::vector<int> readers(graph.values.size(), 0);
    std::vector<std::ptrdiff_t> producer(graph.values.size(), -1);
    const auto count = [&](const auto& self, const Argument& argument) -> void {
        if (const auto* value = std::get_if<ValueId>(&argument.value))
            ++readers[static_cast<std::size_t>(*value)];
        else if (const auto* list = std::get_if<std::vector<Argument>>(&argument.value))
            for (const Argument& item : *list)
                self(self, item);
    };
    for (const ValueId output : graph.outputs)
        ++readers[static_cast<std::size_t>(output)];
    for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
        for (const Argument& argument : graph.nodes[index].arguments)
            count(count, argument);
        for (const ValueId output : graph.nodes[index].outputs)
            if (output >= 0)
                producer[static_cast<std::size_t>(output)] = static_cast<std::ptrdiff_t>(index);
    }
    static const std::set<std::string> reshapes{"aten::flatten.using_ints", "aten::view", "aten::reshape"};
    for (Node& quantizer : graph.nodes) {
        if (quantizer.target != "sqil::learned_step_quantize" ||
            std::get<c10::IValue>(quantizer.arguments[2].value).toInt() != 0)
            continue;
        Node* reader = &quantizer;
        for (ValueId value = inputOf(quantizer); value >= 0 && readers[static_cast<std::size_t>(value)] == 1;
             value = inputOf(*reader)) {
            const std::ptrdiff_t index = producer[static_cast<std::size_t>(value)];
            if (index < 0)
                break;
            Node& made = graph.nodes[static_cast<std::size_t>(index)];
            if (made.target == "aten::relu") {
                reader->arguments[0].value = inputOf(made);
                break;
            }
            if (!reshapes.contains(made.target))
                break;
            reader = &made;
        }
    }
    std::erase_if(graph.nodes, [&](const Node& node) {
        return node.target == "aten::relu" && graph.consumers(node.outputs[0]).empty() &&
               std::find(graph.outputs.begin(), graph.outputs.end(), node.outputs[0]) == graph.outputs.end();
    });
}

}  // namespace

std::vector<TrainableTensor> TrainableGraph::trainable() const {
    std::set<ValueId> weightSteps, activationSteps;
    for (const TrainableLayer& layer : layers) {
        weightSteps.insert(layer.weightStep);
        activationSteps.insert(layer.activationStep);
    }
    std::vector<TrainableTensor> tensors;
    for (const Binding& binding : file.graph.bindings)
        if (isTrained(binding) && binding.tensor.requires_grad())
            tensors.push_back({binding.name, binding.tensor, TrainableTensor::Role::Weight});
    for (const Binding& binding : file.graph.bindings) {
        if (weightSteps.contains(binding.value))
            tensors.push_back({binding.name, binding.tensor, TrainableTensor::Role::WeightStep});
        if (activationSteps.contains(binding.value) && binding.tensor.requires_grad())
            tensors.push_back({binding.name, binding.tensor, TrainableTensor::Role::ActivationStep});
    }
    return tensors;
}

Result<TrainableGraph> makeTrainable(const Policy& policy, Rollouts& rollouts, const std::optional<QuantSpec>& spec,
                                     QuantMethod method, const Progress& progress) {
    registerLearnedStep();
    std::optional<TrainingStart> start;
    if (spec) {
        auto made = TrainingStart::create(policy, rollouts, *spec, method, progress);
        if (!made)
            return tl::unexpected(made.error());
        start = std::move(*made);
    }
    TrainableGraph trained;
    trained.spec = spec;
    trained.plain = start ? start->policy().file() : policy.file();
    trained.file = trained.plain;
    copyTensors(trained.file.graph);
    if (trained.trainable().empty())
        return fail(ErrorKind::Unsupported,
                    "the policy has no parameter of floating point that its file calls trainable: export it from a "
                    "module whose parameters have requires_grad");
    if (!spec)
        return trained;

    const auto layers = layersToQuantize(start->policy().graph(), *spec);
    if (!layers)
        return tl::unexpected(layers.error());
    const auto statistics = calibrateActivations(start->policy(), rollouts, *layers, *spec, progress);
    if (!statistics)
        return tl::unexpected(statistics.error());
    PolicyGraph& graph = trained.file.graph;
    QuantizerNodes nodes(graph, *spec, *start);
    std::vector<std::pair<ValueId, ValueId>> weights;
    for (const QuantizableLayer& layer : *layers) {
        const LayerBits bits = bitsOf(layer, *spec);
        TrainableLayer result{.layer = layer.name,
                              .weightBits = bits.weights,
                              .activationBits = bits.activations,
                              .weight = layer.weight};
        result.outputAxis = layer.outputAxis;
        result.notes = start->notes(layer.name);
        if (bits.activations < kFullPrecisionBits) {
            const auto made = nodes.activation(layer, bits.activations, statistics->at(layer.input));
            result.activationStep = made.step;
            result.activationSigned = made.isSigned;
            graph.nodes[layer.node].arguments[layer.inputArgument].value = made.quantized;
        }
        if (bits.weights < kFullPrecisionBits) {
            const auto made = nodes.weight(layer, bits.weights);
            result.weightStep = made.steps;
            weights.emplace_back(layer.weight, made.quantized);
        }
        trained.layers.push_back(std::move(result));
    }
    nodes.insert(weights);
    passByRectifiers(graph);
    return trained;
}

Result<QuantizedPolicy> exportTrained(const TrainableGraph& trained, const std::string& method) {
    const at::NoGradGuard noGradient;
    PolicyFile base = trained.plain;
    std::map<std::string, at::Tensor> byName;
    for (const Binding& binding : trained.file.graph.bindings)
        byName.emplace(binding.name, binding.tensor);
    for (Binding& binding : base.graph.bindings)
        if (const auto found = byName.find(binding.name); found != byName.end() && isTrained(binding)) {
            if (!at::isfinite(found->second).all().item<bool>())
                return fail(ErrorKind::BadInput, "the trained parameter \"" + binding.name +
                                                     "\" has NaN or infinite values; go on from an earlier checkpoint");
            binding.tensor = found->second.detach().to(binding.tensor.scalar_type()).clone();
        }
    if (!trained.spec)
        return QuantizedPolicy{std::move(base), {}};

    const auto layers = layersToQuantize(base.graph, *trained.spec);
    if (!layers)
        return tl::unexpected(layers.error());
    std::vector<LayerParameters> quantized;
    for (std::size_t index = 0; index < layers->size(); ++index) {
        const QuantizableLayer& layer = (*layers)[index];
        const TrainableLayer& state = trained.layers.at(index);
        LayerParameters parameters{
            .layer = layer, .bits = {state.weightBits, state.activationBits}, .notes = state.notes};
        if (state.weightStep >= 0)
            parameters.weight =
                quantizeWeight(base.graph.binding(layer.weight)->tensor,
                               trained.file.graph.binding(state.weightStep)->tensor.clamp_min(1e-8), state.weightBits,
                               {layer.outputAxis, trained.spec->granularity, trained.spec->groupSize});
        if (state.activationStep >= 0)
            parameters.activation = ActivationQuantizer{
                std::max(1e-8, trained.file.graph.binding(state.activationStep)->tensor.item<double>()),
                state.activationSigned};
        quantized.push_back(std::move(parameters));
    }
    return assembleQuantized(std::move(base), *trained.spec, method, quantized);
}

}  // namespace sqil
