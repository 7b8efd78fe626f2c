#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/policy/Operators.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Who reads each value of a graph, which must stay as it is meanwhile.
class ValueReaders {
public:
    explicit ValueReaders(const PolicyGraph& graph) : graph_(graph), readers_(graph.values.size()) {
        for (std::size_t index = 0; index < graph.nodes.size(); ++index)
            for (const Argument& argument : graph.nodes[index].arguments)
                forEachValueOf(argument, [&](ValueId value) {
                    auto& readers = readers_[static_cast<std::size_t>(value)];
                    if (readers.empty() || readers.back() != index)
                        readers.push_back(index);
                });
    }

    /// Nodes, each once, in their order.
    const std::vector<std::size_t>& of(ValueId value) const { return readers_[static_cast<std::size_t>(value)]; }
    bool isOutput(ValueId value) const {
        return std::find(graph_.outputs.begin(), graph_.outputs.end(), value) != graph_.outputs.end();
    }
    /// The one node that reads the value; −1 where there is another use.
    std::ptrdiff_t onlyOf(ValueId value) const {
        return of(value).size() == 1 && !isOutput(value) ? static_cast<std::ptrdiff_t>(of(value)[0]) : -1;
    }

private:
    const PolicyGraph& graph_;
    std::vector<std::vector<std::size_t>> readers_;
};

/// The node's first output; −1: it has none.
inline ValueId outputOf(const Node& node) {
    return node.outputs.empty() ? -1 : node.outputs[0];
}

}  // namespace sqil
