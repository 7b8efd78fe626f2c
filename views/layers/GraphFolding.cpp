#include "views/layers/GraphFolding.h"

#include <algorithm>
#include <map>

namespace sqil {

GraphFolding::GraphFolding(GraphOutline outline) : outline_(std::move(outline)) {
    rebuild();
}

std::vector<std::string> GraphFolding::modulesAround(const OutlineNode& node) const {
    std::vector<std::string> modules;
    for (std::size_t dot = node.module.find('.'); dot != std::string::npos; dot = node.module.find('.', dot + 1))
        modules.push_back(node.module.substr(0, dot));
    if (!node.module.empty())
        modules.push_back(node.module);
    return modules;
}

void GraphFolding::rebuild() {
    boxes_.clear();
    edges_.clear();
    boxOf_.assign(outline_.nodes.size(), -1);
    std::map<std::string, int> folded;
    for (std::size_t node = 0; node < outline_.nodes.size(); ++node) {
        const auto around = modulesAround(outline_.nodes[node]);
        const auto outermost = std::find_if(around.begin(), around.end(),
                                            [&](const std::string& module) { return folded_.contains(module); });
        if (outermost == around.end()) {
            boxOf_[node] = int(boxes_.size());
            boxes_.push_back({{}, {node}});
            continue;
        }
        const auto [entry, isNew] = folded.try_emplace(*outermost, int(boxes_.size()));
        if (isNew)
            boxes_.push_back({*outermost, {}});
        boxes_[std::size_t(entry->second)].nodes.push_back(node);
        boxOf_[node] = entry->second;
    }
    std::set<std::pair<int, int>> known;
    for (std::size_t node = 0; node < outline_.nodes.size(); ++node)
        for (const std::size_t input : outline_.nodes[node].inputs)
            if (boxOf_[input] != boxOf_[node] && known.emplace(boxOf_[input], boxOf_[node]).second)
                edges_.push_back({boxOf_[input], boxOf_[node]});
}

void GraphFolding::foldToFit(std::size_t boxes) {
    std::map<std::string, std::size_t> sizes;
    std::size_t deepest = 0;
    std::map<std::string, std::size_t> depths;
    for (const OutlineNode& node : outline_.nodes) {
        const auto around = modulesAround(node);
        deepest = std::max(deepest, around.size());
        for (std::size_t depth = 0; depth < around.size(); ++depth) {
            ++sizes[around[depth]];
            depths[around[depth]] = depth + 1;
        }
    }
    for (std::size_t depth = deepest; depth >= 1 && boxes_.size() > boxes; --depth) {
        for (const auto& [module, size] : sizes)
            if (depths[module] == depth && size > 1)
                folded_.insert(module);
        rebuild();
    }
}

void GraphFolding::unfoldAll() {
    folded_.clear();
    rebuild();
}

void GraphFolding::unfold(const std::string& module) {
    folded_.erase(module);
    rebuild();
}

bool GraphFolding::foldAround(std::size_t node) {
    const auto around = modulesAround(outline_.nodes.at(node));
    for (auto module = around.rbegin(); module != around.rend(); ++module) {
        const std::string prefix = *module + ".";
        const auto inside = std::count_if(outline_.nodes.begin(), outline_.nodes.end(), [&](const OutlineNode& other) {
            return other.module == *module || other.module.starts_with(prefix);
        });
        if (inside < 2)
            continue;
        folded_.insert(*module);
        rebuild();
        return true;
    }
    return false;
}

}  // namespace sqil
