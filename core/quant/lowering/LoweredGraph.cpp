#include "core/quant/lowering/LoweredGraph.h"

#include <algorithm>

#include "core/policy/Operators.h"
#include "core/quant/NodeArguments.h"

namespace sqil {

void LoweredGraph::add(std::size_t before, Node node) {
    if (node.module.empty())
        node.module = graph_.nodes[before].module;
    pending_.add(before, std::move(node));
}

ValueId LoweredGraph::add(std::size_t before, const std::string& target, const std::string& name,
                          std::vector<Argument> arguments) {
    Node made;
    const ValueId value = newValue(name);
    made.name = nameOf(value);
    made.target = target;
    made.arguments = std::move(arguments);
    made.outputs = {value};
    add(before, std::move(made));
    return value;
}

ValueId LoweredGraph::bind(const std::string& name, const at::Tensor& tensor) {
    return addBinding(graph_, name, Binding::Kind::Buffer, tensor);
}

Argument LoweredGraph::optional(const char* name, const std::string& stem, const at::Tensor& tensor) {
    if (!tensor.defined())
        return {name, c10::IValue()};
    return {name, bind(stem + "." + name, tensor)};
}

void LoweredGraph::replace(ValueId value, ValueId by) {
    replaced_[value] = by;
    replaceReads(graph_, value, by);
}

ValueId LoweredGraph::current(ValueId value) const {
    const auto found = replaced_.find(value);
    return found == replaced_.end() ? value : found->second;
}

PolicyGraph LoweredGraph::finish() {
    pending_.insertInto(graph_);
    dropDead();
    return std::move(graph_);
}

/// Nodes that nothing reads any more, and the weights that only they read.
void LoweredGraph::dropDead() {
    std::vector<char> needed(graph_.values.size(), 0);
    for (const ValueId output : graph_.outputs)
        needed[static_cast<std::size_t>(output)] = 1;
    for (const auto& mutation : graph_.record.mutations)
        if (mutation.value >= 0)
            needed[static_cast<std::size_t>(mutation.value)] = 1;
    std::vector<Node> kept;
    for (std::size_t index = graph_.nodes.size(); index-- > 0;) {
        Node& candidate = graph_.nodes[index];
        const bool used = std::any_of(candidate.outputs.begin(), candidate.outputs.end(), [&](ValueId output) {
            return output >= 0 && needed[static_cast<std::size_t>(output)];
        });
        if (!used && effectsOf(candidate).writes.empty())
            continue;
        for (const Argument& argument : candidate.arguments)
            forEachValueOf(argument, [&](ValueId value) { needed[static_cast<std::size_t>(value)] = 1; });
        kept.push_back(std::move(candidate));
    }
    std::reverse(kept.begin(), kept.end());
    graph_.nodes = std::move(kept);
    std::vector<ValueId> all;
    for (const Binding& binding : graph_.bindings)
        all.push_back(binding.value);
    dropUnreadBindings(graph_, all);
}

}  // namespace sqil
