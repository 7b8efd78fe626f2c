#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// A node's argument by its name in the operator's schema, whether it was given by name or by position; null where
/// it is left out, or where the dispatcher does not know the operator.
const Argument* argumentOf(const Node& node, std::string_view name);

/// The argument's value of the graph; −1 where it is left out, None, or a constant.
ValueId valueOf(const Node& node, std::string_view name);

std::optional<std::int64_t> integerOf(const Node& node, std::string_view name);
std::optional<double> numberOf(const Node& node, std::string_view name);  ///< an integer too
std::optional<bool> booleanOf(const Node& node, std::string_view name);
/// A list of plain integers; one integer counts as a list of one.
std::optional<std::vector<std::int64_t>> integersOf(const Node& node, std::string_view name);

/// Gives the argument this value, adding it by name where it was left out.
void setValue(Node& node, std::string_view name, ValueId value);

/// A new tensor of the graph; the name is made unique.
ValueId addBinding(PolicyGraph& graph, const std::string& name, Binding::Kind kind, at::Tensor tensor);

/// True where exactly one node reads the value, once, and it is no output of the graph.
bool hasOneReader(const PolicyGraph& graph, ValueId value);

/// Makes every node and output that reads `from` read `to`.
void replaceReads(PolicyGraph& graph, ValueId from, ValueId to);

/// Drops bindings that no node, output or recorded mutation names any more.
void dropUnreadBindings(PolicyGraph& graph, const std::vector<ValueId>& candidates);

}  // namespace sqil
