#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/function_schema.h>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// A node's arguments by the names of its operator's schema, defaults included.
class NodeArguments {
public:
    explicit NodeArguments(const Node& node);

    const std::string& firstName() const { return first_; }  ///< of the operator's first argument; "" where it has none
    std::optional<ValueId> value(std::string_view name) const;
    std::vector<ValueId> values(std::string_view name) const;  ///< of a list of tensors; empty where it is none
    /// None where the argument is a value, missing, or Python's None.
    std::optional<c10::IValue> constant(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<double> number(std::string_view name) const;
    bool flag(std::string_view name) const;  ///< false where it is not there
    /// Of length 2; one number stands for both. None where they are not constants.
    std::optional<std::vector<std::int64_t>> pair(std::string_view name) const;
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;

private:
    const Argument* find(std::string_view name) const;
    const Node& node_;
    std::optional<c10::FunctionSchema> schema_;
    std::string first_;
};

}  // namespace sqil
