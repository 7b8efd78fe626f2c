// PolicyGraph::removeInPlace(): most in-place operators of an exported policy (relu_ of a ResNet)
// only save memory. Without them a value is what its node computed, whoever looks at it and when.
#include <algorithm>

#include "core/policy/AliasSets.h"
#include "core/policy/Operators.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {
namespace {

/// "aten::relu_" → "aten::relu", where that exists and takes the same arguments.
std::optional<std::string> outOfPlace(const std::string& target) {
    const std::size_t dot = target.find('.', target.find("::"));
    const std::string name = target.substr(0, dot);
    const std::string overload = dot == std::string::npos ? "" : target.substr(dot);
    if (!name.ends_with('_') || name.ends_with("__"))
        return std::nullopt;
    const std::string functional = name.substr(0, name.size() - 1) + overload;
    const auto inPlace = findOperator(target), other = findOperator(functional);
    if (!inPlace || !other || other->schema().returns().size() != 1 || other->schema().is_mutable())
        return std::nullopt;
    const auto& these = inPlace->schema().arguments();
    const auto& those = other->schema().arguments();
    const bool same = these.size() == those.size() &&
                      std::equal(these.begin(), these.end(), those.begin(),
                                 [](const auto& one, const auto& two) { return one.name() == two.name(); });
    return same ? std::optional(functional) : std::nullopt;
}

void replaceUses(Argument& argument, ValueId from, ValueId to) {
    if (auto* value = std::get_if<ValueId>(&argument.value)) {
        if (*value == from)
            *value = to;
    } else if (auto* list = std::get_if<std::vector<Argument>>(&argument.value)) {
        for (Argument& item : *list)
            replaceUses(item, from, to);
    }
}

/// Each replacement looks through all values and nodes: graphs beyond this, which no policy comes near, stay as
/// they are.
constexpr double mostWork = 2e9;

/// Index of the last node that reads each value; past the end for the graph's outputs.
std::vector<std::ptrdiff_t> lastUses(const PolicyGraph& graph) {
    std::vector<std::ptrdiff_t> last(graph.values.size(), -1);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        for (const Argument& argument : graph.nodes[i].arguments)
            forEachValueOf(argument, [&](ValueId value) { last[value] = static_cast<std::ptrdiff_t>(i); });
    const auto end = static_cast<std::ptrdiff_t>(graph.nodes.size());
    for (const ValueId output : graph.outputs)
        last[output] = end;
    for (const auto& mutation : graph.record.mutations)
        last[mutation.value] = end;
    return last;
}

}  // namespace

void PolicyGraph::removeInPlace() {
    const auto replaceable =
        std::count_if(nodes.begin(), nodes.end(), [](const Node& n) { return outOfPlace(n.target).has_value(); });
    if (replaceable == 0 ||
        static_cast<double>(replaceable) * static_cast<double>(values.size() + nodes.size()) > mostWork)
        return;
    std::vector<bool> bound(values.size(), false), defined(values.size(), false);
    for (const Binding& binding : bindings)
        bound[binding.value] = defined[binding.value] = true;
    for (const ValueId input : inputs)
        defined[input] = true;
    std::vector<std::ptrdiff_t> last = lastUses(*this);
    AliasSets sets(values.size());

    for (std::size_t i = 0; i < nodes.size(); ++i) {
        Node& node = nodes[i];
        const NodeEffects effects = effectsOf(node);
        const auto functional = outOfPlace(node.target);
        const bool simple = functional && effects.writes.size() == 1 && node.outputs.size() == 1 && !node.unpacksList;
        if (simple) {
            const ValueId written = effects.writes.front();
            bool seenElsewhere = false;
            for (ValueId other = 0; other < static_cast<ValueId>(values.size()) && !seenElsewhere; ++other)
                if (defined[other] && sets.share(other, written))
                    seenElsewhere = bound[other] || (other != written && last[other] > static_cast<std::ptrdiff_t>(i));
            if (!seenElsewhere) {
                node.target = *functional;
                ValueId& result = node.outputs.front();
                if (result < 0) {
                    result = addValue(node.name, values[written].meta);
                    bound.push_back(false);
                    defined.push_back(false);
                    last.push_back(-1);
                    AliasSets grown(values.size());
                    for (ValueId v = 0; v + 1 < static_cast<ValueId>(values.size()); ++v)
                        grown.join(v, sets.rootOf(v));
                    sets = std::move(grown);
                }
                for (std::size_t later = i + 1; later < nodes.size(); ++later)
                    for (Argument& argument : nodes[later].arguments)
                        replaceUses(argument, written, result);
                std::replace(outputs.begin(), outputs.end(), written, result);
                for (auto& mutation : record.mutations)
                    if (mutation.value == written)
                        mutation.value = result;
                last[result] = std::max(last[result], last[written]);
                last[written] = static_cast<std::ptrdiff_t>(i);
                defined[result] = true;
                continue;
            }
        }
        for (const auto& [output, argument] : effects.aliases)
            sets.join(output, argument);
        for (const ValueId output : node.outputs)
            if (output >= 0)
                defined[output] = true;
    }
}

}  // namespace sqil
