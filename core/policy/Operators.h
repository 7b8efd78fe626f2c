#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// The dispatcher's operator of a node's target ("aten::flatten.using_ints"); none where the
/// dispatcher does not know it.
std::optional<c10::OperatorHandle> findOperator(const std::string& target);

/// Why a policy may not call this operator, though the dispatcher may know it: it reaches files or
/// raw memory, or belongs to a library that does more than compute. Empty: it may.
std::string refusal(const std::string& target);

/// Which of a node's values share memory, from the operator's schema.
struct NodeEffects {
    std::vector<ValueId> writes;                       ///< arguments changed in place
    std::vector<std::pair<ValueId, ValueId>> aliases;  ///< (result, argument)
};
NodeEffects effectsOf(const Node& node);

/// The values that an argument names, in order, however deep in lists.
template<class Visit>
void forEachValueOf(const Argument& argument, const Visit& visit) {
    if (const auto* value = std::get_if<ValueId>(&argument.value))
        visit(*value);
    else if (const auto* list = std::get_if<std::vector<Argument>>(&argument.value))
        for (const Argument& item : *list)
            forEachValueOf(item, visit);
}

/// Index of the schema's argument that a node's argument is: by name, else by position.
std::optional<std::size_t> schemaIndex(const c10::FunctionSchema& schema, const Argument& argument,
                                       std::size_t position);

}  // namespace sqil
