#include "core/policy/Operators.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sqil {
namespace {

constexpr std::array<std::string_view, 4> allowedLibraries{"aten", "quantized", "sqil", "torchvision"};

/// Of ATen: file access, raw storage, and operators that trust their arguments' memory layout.
constexpr std::array<std::string_view, 12> refusedOperators{"from_file",
                                                            "set_",
                                                            "set",
                                                            "set_data",
                                                            "record_stream",
                                                            "_nested_view_from_buffer",
                                                            "_nested_view_from_buffer_copy",
                                                            "_nested_view_from_jagged",
                                                            "_nested_view_from_jagged_copy",
                                                            "_sparse_coo_tensor_unsafe",
                                                            "_sparse_compressed_tensor_unsafe",
                                                            "_unsafe_set_data"};

/// Their schemas promise a new tensor, yet they may hand back their argument or a view of it.
constexpr std::array<std::string_view, 11> secretViews{
    "aten::dropout",    "aten::feature_dropout",   "aten::alpha_dropout", "aten::feature_alpha_dropout",
    "aten::type_as",    "aten::broadcast_tensors", "aten::meshgrid",      "aten::atleast_1d",
    "aten::atleast_2d", "aten::atleast_3d",        "aten::sum_to_size"};

std::string_view withoutOverload(std::string_view target) {
    const std::size_t colons = target.find("::");
    const std::size_t dot = target.find('.', colons == std::string_view::npos ? 0 : colons);
    return target.substr(0, dot);
}

bool isSecretView(const std::string& target) {
    return std::find(secretViews.begin(), secretViews.end(), withoutOverload(target)) != secretViews.end();
}

}  // namespace

std::optional<c10::OperatorHandle> findOperator(const std::string& target) {
    const std::string name(withoutOverload(target));
    const std::string overload = name.size() < target.size() ? target.substr(name.size() + 1) : "";
    return c10::Dispatcher::singleton().findSchema({name, overload});
}

std::string refusal(const std::string& target) {
    const std::string_view name = withoutOverload(target);
    const std::size_t colons = name.find("::");
    if (colons == std::string_view::npos)
        return "is not the name of an operator";
    const std::string_view library = name.substr(0, colons);
    if (std::find(allowedLibraries.begin(), allowedLibraries.end(), library) == allowedLibraries.end())
        return "belongs to the library \"" + std::string(library) +
               "\", which is not one of those a policy may use (aten, torchvision)";
    if (library == "aten" &&
        std::find(refusedOperators.begin(), refusedOperators.end(), name.substr(colons + 2)) != refusedOperators.end())
        return "reaches files or raw memory, which a policy may not";
    return "";
}

std::optional<std::size_t> schemaIndex(const c10::FunctionSchema& schema, const Argument& argument,
                                       std::size_t position) {
    const auto& arguments = schema.arguments();
    if (argument.name.empty())
        return position < arguments.size() ? std::optional(position) : std::nullopt;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (arguments[i].name() == argument.name)
            return i;
    return std::nullopt;
}

NodeEffects effectsOf(const Node& node) {
    NodeEffects effects;
    const auto handle = findOperator(node.target);
    if (!handle)
        return effects;
    const auto& schema = handle->schema();
    std::vector<ValueId> shared;
    const bool secret = isSecretView(node.target);
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const auto index = schemaIndex(schema, node.arguments[i], i);
        if (!index)
            continue;
        const c10::AliasInfo* alias = schema.arguments()[*index].alias_info();
        if (!alias && !secret)
            continue;
        forEachValueOf(node.arguments[i], [&](ValueId value) {
            shared.push_back(value);
            if (alias && alias->isWrite())
                effects.writes.push_back(value);
        });
    }
    const bool returnsViews = secret || std::any_of(schema.returns().begin(), schema.returns().end(),
                                                    [](const auto& r) { return r.alias_info() != nullptr; });
    if (returnsViews)
        for (const ValueId output : node.outputs)
            if (output >= 0)
                for (const ValueId value : shared)
                    effects.aliases.emplace_back(output, value);
    return effects;
}

}  // namespace sqil
