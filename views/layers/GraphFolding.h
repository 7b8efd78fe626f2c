#pragma once
#include <set>
#include <string>
#include <vector>

#include "core/analysis/layers/GraphOutline.h"
#include "widgets/GraphLayout.h"

namespace sqil {

/// A policy's graph with modules folded into one box each: what a diagram shows of it.
class GraphFolding {
public:
    /// A box: one operator, or everything below a module.
    struct Box {
        std::string module;              ///< of a folded module; empty: one operator
        std::vector<std::size_t> nodes;  ///< of the outline
        bool isFolded() const { return !module.empty(); }
    };

    explicit GraphFolding(GraphOutline outline = {});

    const GraphOutline& outline() const { return outline_; }
    const std::vector<Box>& boxes() const { return boxes_; }
    const std::vector<GraphEdge>& edges() const { return edges_; }
    int boxOf(std::size_t node) const { return boxOf_[node]; }

    /// Folds the deepest modules, level by level, until there are at most `boxes` boxes or nothing is left to fold.
    void foldToFit(std::size_t boxes);
    void unfoldAll();
    void unfold(const std::string& module);  ///< its parts are shown; modules in it with one operator are not folded
    /// Folds the innermost module around an operator that holds more than this one; false: there is none.
    bool foldAround(std::size_t node);

private:
    std::vector<std::string> modulesAround(const OutlineNode& node) const;  ///< outermost first
    void rebuild();

    GraphOutline outline_;
    std::set<std::string> folded_;
    std::vector<Box> boxes_;
    std::vector<GraphEdge> edges_;
    std::vector<int> boxOf_;
};

}  // namespace sqil
