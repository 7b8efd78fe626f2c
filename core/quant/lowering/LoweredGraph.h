#pragma once
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/quant/PendingNodes.h"

namespace sqil {

/// A graph into which packed operators are put beside the nodes that they replace; what nothing needs then is dropped
/// at the end. Until finish() the original's nodes keep their indices and its values their ids.
class LoweredGraph {
public:
    explicit LoweredGraph(PolicyGraph graph) : graph_(std::move(graph)) {}

    const std::string& nameOf(ValueId value) const { return graph_.values[static_cast<std::size_t>(value)].name; }
    ValueId newValue(const std::string& name) { return graph_.addValue(name, std::nullopt); }
    /// A node that will stand right before node `before`; of its module, where it names none.
    void add(std::size_t before, Node node);
    /// The same with one output, which is named after it.
    ValueId add(std::size_t before, const std::string& target, const std::string& name,
                std::vector<Argument> arguments);
    ValueId bind(const std::string& name, const at::Tensor& tensor);
    /// A tensor "stem.name", or None where it is undefined.
    Argument optional(const char* name, const std::string& stem, const at::Tensor& tensor);

    /// Who read an original value reads `by` from now on.
    void replace(ValueId value, ValueId by);
    /// The value that now stands for an original one.
    ValueId current(ValueId value) const;

    PolicyGraph finish();

private:
    void dropDead();

    PolicyGraph graph_;
    PendingNodes pending_;
    std::map<ValueId, ValueId> replaced_;
};

// Constant arguments.
inline Argument numberArgument(const char* name, std::int64_t value) {
    return {name, c10::IValue(value)};
}
inline Argument numbersArgument(const char* name, const std::vector<std::int64_t>& values) {
    return {name, c10::IValue(values)};
}
inline void append(std::vector<Argument>& to, std::vector<Argument> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace sqil
