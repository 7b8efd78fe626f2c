#include "core/policy/StableBaselines3Reader.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/policy/FileProblem.h"
#include "core/policy/JsonText.h"
#include "core/policy/StableBaselines3Card.h"
#include "core/policy/StableBaselines3Spaces.h"
#include "core/policy/StateDictionary.h"

namespace sqil {
namespace {

constexpr std::uint64_t largestJson = 256 << 20;
constexpr std::int64_t largestBatch = 4096;
constexpr const char* batchSymbol = "s0";

/// A layer's activation as an operator.
struct Activation {
    std::string_view name;    ///< of PyTorch's class
    std::string_view target;  ///< with its class's defaults
};
constexpr std::array<Activation, 7> activations{{{"ReLU", "aten::relu"},
                                                 {"Tanh", "aten::tanh"},
                                                 {"ELU", "aten::elu"},
                                                 {"LeakyReLU", "aten::leaky_relu"},
                                                 {"GELU", "aten::gelu"},
                                                 {"SiLU", "aten::silu"},
                                                 {"Sigmoid", "aten::sigmoid"}}};

/// Puts the actor together, node by node.
class ActorGraph {
public:
    ActorGraph(std::string file, std::map<std::string, at::Tensor> weights, std::string_view activation)
        : file_(std::move(file)), weights_(std::move(weights)) {
        const auto found = std::find_if(activations.begin(), activations.end(),
                                        [&](const Activation& known) { return known.name == activation; });
        if (found == activations.end())
            unsupported(file_ + ": its layers are activated by " + std::string(activation) +
                        "; expected ReLU, Tanh, ELU, LeakyReLU, GELU, SiLU or Sigmoid. Export the policy with "
                        "torch.export.save().");
        activation_ = found->target;
    }

    bool has(const std::string& name) const { return weights_.contains(name); }
    bool hasUnder(const std::string& prefix) const {
        const auto first = weights_.lower_bound(prefix);
        return first != weights_.end() && first->first.starts_with(prefix);
    }

    void input(const std::vector<std::int64_t>& shape) {
        graph_.record.symbolicForms[batchSymbol] = {"Symbol('s0', positive=True, integer=True)", 2};
        graph_.symbolRanges[batchSymbol] = {1, largestBatch};
        width_ = 1;
        for (const std::int64_t size : shape)
            width_ *= size;
        current_ = graph_.addValue("observation", meta(shape));
        graph_.inputs.push_back(current_);
        if (shape.size() > 1)
            append("flatten", "aten::flatten.using_ints", {constant("start_dim", std::int64_t{1})}, "");
    }

    /// A torch.nn.Linear of the state dictionary.
    void linear(const std::string& name) {
        const at::Tensor weight = taken(name + ".weight"), bias = taken(name + ".bias");
        if (weight.dim() != 2 || weight.size(1) != width_)
            badFile(file_ + ": " + name + ".weight: expected a matrix of " + std::to_string(width_) +
                    " columns, found " + c10::str(weight.sizes()));
        if (bias.dim() != 1 || bias.size(0) != weight.size(0) || bias.size(0) < 1)
            badFile(file_ + ": " + name + ".bias: expected " + std::to_string(weight.size(0)) + " numbers, found " +
                    c10::str(bias.sizes()));
        width_ = weight.size(0);
        append("linear", "aten::linear",
               {{"weight", parameter(name + ".weight", weight)}, {"bias", parameter(name + ".bias", bias)}}, name);
    }

    /// Linear layers with activations between, as torch.nn.Sequential numbers them.
    void layers(const std::string& prefix, bool activatedAtEnd) {
        if (!has(prefix + ".0.weight"))
            return;  // net_arch []
        for (int index = 0; has(number(prefix, index) + ".weight"); index += 2) {
            if (index > 0)
                activate();
            linear(number(prefix, index));
        }
        if (activatedAtEnd)
            activate();
        for (const auto& [name, tensor] : weights_)
            if (name.starts_with(prefix + ".") && !used_.contains(name))
                unsupported(file_ + ": " + name +
                            " is no linear layer; networks of linear layers with activations between are read. Export "
                            "the policy with torch.export.save().");
    }

    void activate() { append(std::string(activation_.substr(6)), std::string(activation_), {}, ""); }
    void tanh() { append("tanh", "aten::tanh", {}, ""); }
    void clamp(double low, double high) {
        append("clamp", "aten::clamp", {constant("min", low), constant("max", high)}, "");
    }

    /// From [−1, 1] to the bounds: nothing where they are the same.
    void scaleTo(const std::vector<double>& low, const std::vector<double>& high) {
        if (std::all_of(low.begin(), low.end(), [](double v) { return v == -1; }) &&
            std::all_of(high.begin(), high.end(), [](double v) { return v == 1; }))
            return;
        const at::Tensor lowest = at::tensor(low, at::kFloat), highest = at::tensor(high, at::kFloat);
        append("mul", "aten::mul.Tensor", {{"other", buffer("action_half_range", (highest - lowest) * 0.5)}}, "");
        append("add", "aten::add.Tensor", {{"other", buffer("action_middle", (highest + lowest) * 0.5)}}, "");
    }

    void clampTo(const std::vector<double>& low, const std::vector<double>& high) {
        const auto same = [](const std::vector<double>& v) {
            return std::all_of(v.begin(), v.end(), [&](double value) { return value == v.front(); });
        };
        if (same(low) && same(high))
            return clamp(low.front(), high.front());
        append("maximum", "aten::maximum", {{"other", buffer("action_low", at::tensor(low, at::kFloat))}}, "");
        append("minimum", "aten::minimum", {{"other", buffer("action_high", at::tensor(high, at::kFloat))}}, "");
    }

    PolicyGraph finish(std::int64_t actions) {
        if (width_ != actions)
            badFile(file_ + ": the actor gives " + std::to_string(width_) + " numbers, its action space has " +
                    std::to_string(actions));
        graph_.outputs = {current_};
        return std::move(graph_);
    }

private:
    static std::string number(const std::string& prefix, int index) { return prefix + "." + std::to_string(index); }
    static Argument constant(std::string name, c10::IValue value) { return {std::move(name), std::move(value)}; }

    TensorMeta meta(const std::vector<std::int64_t>& shape) const {
        TensorMeta meta;
        meta.sizes.push_back(std::string(batchSymbol));
        meta.sizes.insert(meta.sizes.end(), shape.begin(), shape.end());
        return meta;
    }

    at::Tensor taken(const std::string& name) {
        const auto found = weights_.find(name);
        if (found == weights_.end())
            badFile(file_ + ": " + name + " is missing in the state dictionary");
        used_.insert(name);
        return found->second;
    }

    ValueId bind(Binding::Kind kind, const std::string& name, const at::Tensor& tensor) {
        TensorMeta meta;
        for (const std::int64_t size : tensor.sizes())
            meta.sizes.push_back(size);
        std::string valueName = (kind == Binding::Kind::Parameter ? "p_" : "b_") + name;
        std::replace(valueName.begin(), valueName.end(), '.', '_');
        const ValueId value = graph_.addValue(std::move(valueName), meta);
        graph_.bindings.push_back({value, name, kind, true, tensor, kind == Binding::Kind::Parameter});
        return value;
    }
    ValueId parameter(const std::string& name, const at::Tensor& tensor) {
        return bind(Binding::Kind::Parameter, name, tensor);
    }
    ValueId buffer(const std::string& name, const at::Tensor& tensor) {
        return bind(Binding::Kind::Buffer, name, tensor);
    }

    void append(const std::string& name, std::string target, std::vector<Argument> others, std::string module) {
        Node node;
        const ValueId result = graph_.addValue(name, meta({width_}));
        node.name = graph_.values[static_cast<std::size_t>(result)].name;
        node.target = std::move(target);
        node.arguments.push_back({name == "linear" ? "input" : "self", current_});
        for (Argument& argument : others)
            node.arguments.push_back(std::move(argument));
        node.outputs = {result};
        node.module = std::move(module);
        graph_.nodes.push_back(std::move(node));
        current_ = result;
    }

    std::string file_;
    std::map<std::string, at::Tensor> weights_;
    std::set<std::string> used_;
    std::string_view activation_;
    PolicyGraph graph_;
    ValueId current_ = -1;
    std::int64_t width_ = 0;
};

/// Which algorithm's actor it is, from the names of its layers.
enum class Actor { Sac, Td3, ActorCritic };

Actor actorOf(const std::map<std::string, at::Tensor>& weights, const std::string& file) {
    if (weights.contains("actor.mu.weight") || weights.contains("actor.latent_pi.0.weight"))
        return Actor::Sac;
    if (weights.contains("actor.mu.0.weight"))
        return Actor::Td3;
    if (weights.contains("action_net.weight"))
        return Actor::ActorCritic;
    unsupported(file +
                ": has no actor that is known here; agents of SAC, TQC, TD3, DDPG, PPO and A2C are read. "
                "Export other policies with torch.export.save().");
}

void refuseImages(const ActorGraph& graph, const std::string& file) {
    for (const char* prefix : {"features_extractor.", "pi_features_extractor.", "actor.features_extractor."})
        if (graph.hasUnder(prefix))
            unsupported(file + ": has a network of its own to extract features (" + std::string(prefix) +
                        "…), as agents that see images have; agents that see one vector are read. Export the policy "
                        "with torch.export.save().");
}

void buildSac(ActorGraph& graph, const AgentDescription& agent) {
    graph.layers("actor.latent_pi", true);
    if (graph.has("actor.mu.weight")) {
        graph.linear("actor.mu");
    } else {  // state-dependent exploration
        graph.linear("actor.mu.0");
        if (agent.clipMean > 0)
            graph.clamp(-agent.clipMean, agent.clipMean);
    }
    graph.tanh();
    graph.scaleTo(agent.low, agent.high);
}

void buildTd3(ActorGraph& graph, const AgentDescription& agent) {
    graph.layers("actor.mu", false);
    graph.tanh();
    graph.scaleTo(agent.low, agent.high);
}

void buildActorCritic(ActorGraph& graph, const AgentDescription& agent) {
    graph.layers("mlp_extractor.shared_net", true);
    graph.layers("mlp_extractor.policy_net", true);
    graph.linear("action_net");
    if (agent.discrete)
        return;
    if (agent.squashed) {
        graph.tanh();
        graph.scaleTo(agent.low, agent.high);
    } else {
        graph.clampTo(agent.low, agent.high);
    }
}

}  // namespace

bool isStableBaselines3(const ZipArchive& archive) {
    return archive.find("data") && archive.find("policy.pth");
}

PolicyFile readStableBaselines3(const ZipArchive& archive) {
    const std::string file = archive.path().string();
    const Json json = parseJson(archive.text(*archive.find("data"), largestJson), file + ": data");
    const AgentDescription agent = describeAgent(JsonView(json, file + ": data"));

    const auto& entry = *archive.find("policy.pth");
    std::vector<std::byte> bytes(entry.size);
    archive.read(entry, bytes);
    const std::string inner = file + ": policy.pth";
    auto weights = readStateDictionary(ZipArchive(inner, std::move(bytes)));
    const Actor actor = actorOf(weights, inner);
    if (agent.discrete && actor != Actor::ActorCritic)
        badFile(file + ": data.action_space: is discrete, but the actor's actions are continuous");
    const char* usual = actor == Actor::ActorCritic ? "Tanh" : "ReLU";
    ActorGraph graph(inner, std::move(weights), agent.activation.empty() ? usual : agent.activation);
    refuseImages(graph, inner);
    graph.input(agent.observationShape);
    if (actor == Actor::Sac)
        buildSac(graph, agent);
    else if (actor == Actor::Td3)
        buildTd3(graph, agent);
    else
        buildActorCritic(graph, agent);

    const char* names[] = {"SAC", "TD3", "PPO or A2C"};
    PolicyFile result;
    result.graph = graph.finish(agent.actions);
    result.extraFiles["policy.card.json"] =
        toJson(agentCard(archive.path().stem().string(), names[static_cast<int>(actor)], agent));
    return result;
}

}  // namespace sqil
