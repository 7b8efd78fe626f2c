#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Nodes that wait to be put into a graph, so that its indices stay valid while a pass looks at it.
class PendingNodes {
public:
    /// `node` will stand right before the node that now has index `before`, after those added for it earlier.
    void add(std::size_t before, Node node) { pending_.emplace_back(before, std::move(node)); }

    void insertInto(PolicyGraph& graph) {
        std::stable_sort(pending_.begin(), pending_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Node> nodes;
        nodes.reserve(graph.nodes.size() + pending_.size());
        auto next = pending_.begin();
        for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
            for (; next != pending_.end() && next->first == index; ++next)
                nodes.push_back(std::move(next->second));
            nodes.push_back(std::move(graph.nodes[index]));
        }
        for (; next != pending_.end(); ++next)
            nodes.push_back(std::move(next->second));
        graph.nodes = std::move(nodes);
        pending_.clear();
    }

private:
    std::vector<std::pair<std::size_t, Node>> pending_;
};

}  // namespace sqil
