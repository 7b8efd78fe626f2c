#include "core/quant/NodeArguments.h"

#include <ATen/core/List.h>

#include <algorithm>

#include "core/policy/Operators.h"

namespace sqil {
namespace {

std::optional<std::size_t> indexOf(const Node& node, std::string_view name) {
    const auto handle = findOperator(node.target);
    if (!handle)
        return std::nullopt;
    const auto& schema = handle->schema();
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const auto index = schemaIndex(schema, node.arguments[i], i);
        if (index && schema.arguments()[*index].name() == name)
            return i;
    }
    return std::nullopt;
}

const c10::IValue* constantOf(const Node& node, std::string_view name) {
    const Argument* argument = argumentOf(node, name);
    return argument ? std::get_if<c10::IValue>(&argument->value) : nullptr;
}

int readsOf(const Argument& argument, ValueId value) {
    int reads = 0;
    forEachValueOf(argument, [&](ValueId used) { reads += used == value; });
    return reads;
}

void replaceIn(Argument& argument, ValueId from, ValueId to) {
    if (auto* value = std::get_if<ValueId>(&argument.value)) {
        if (*value == from)
            *value = to;
    } else if (auto* list = std::get_if<std::vector<Argument>>(&argument.value)) {
        for (Argument& item : *list)
            replaceIn(item, from, to);
    }
}

}  // namespace

const Argument* argumentOf(const Node& node, std::string_view name) {
    const auto index = indexOf(node, name);
    return index ? &node.arguments[*index] : nullptr;
}

ValueId valueOf(const Node& node, std::string_view name) {
    const Argument* argument = argumentOf(node, name);
    const auto* value = argument ? std::get_if<ValueId>(&argument->value) : nullptr;
    return value ? *value : ValueId{-1};
}

std::optional<std::int64_t> integerOf(const Node& node, std::string_view name) {
    const auto* constant = constantOf(node, name);
    return constant && constant->isInt() ? std::optional(constant->toInt()) : std::nullopt;
}

std::optional<double> numberOf(const Node& node, std::string_view name) {
    const auto* constant = constantOf(node, name);
    if (constant && constant->isDouble())
        return constant->toDouble();
    if (constant && constant->isInt())
        return static_cast<double>(constant->toInt());
    return std::nullopt;
}

std::optional<bool> booleanOf(const Node& node, std::string_view name) {
    const auto* constant = constantOf(node, name);
    return constant && constant->isBool() ? std::optional(constant->toBool()) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> integersOf(const Node& node, std::string_view name) {
    const Argument* argument = argumentOf(node, name);
    if (!argument)
        return std::nullopt;
    std::vector<std::int64_t> numbers;
    if (const auto* constant = std::get_if<c10::IValue>(&argument->value)) {
        if (constant->isInt())
            return std::vector<std::int64_t>{constant->toInt()};
        if (constant->isIntList())
            return constant->toIntVector();
        if (!constant->isList())
            return std::nullopt;
        for (const c10::IValue& item : constant->toListRef()) {
            if (!item.isInt())
                return std::nullopt;
            numbers.push_back(item.toInt());
        }
        return numbers;
    }
    const auto* list = std::get_if<std::vector<Argument>>(&argument->value);
    if (!list)
        return std::nullopt;
    for (const Argument& item : *list) {
        const auto* constant = std::get_if<c10::IValue>(&item.value);
        if (!constant || !constant->isInt())
            return std::nullopt;
        numbers.push_back(constant->toInt());
    }
    return numbers;
}

void setValue(Node& node, std::string_view name, ValueId value) {
    if (const auto index = indexOf(node, name))
        node.arguments[*index].value = value;
    else
        node.arguments.push_back({std::string(name), value});
}

ValueId addBinding(PolicyGraph& graph, const std::string& name, Binding::Kind kind, at::Tensor tensor) {
    const auto taken = [&](const std::string& candidate) {
        return std::any_of(graph.bindings.begin(), graph.bindings.end(),
                           [&](const Binding& binding) { return binding.name == candidate; });
    };
    std::string unique = name;
    for (int suffix = 2; taken(unique); ++suffix)
        unique = name + "_" + std::to_string(suffix);
    TensorMeta meta{tensor.scalar_type(), {}, {}};
    for (const std::int64_t size : tensor.sizes())
        meta.sizes.emplace_back(size);
    const ValueId value = graph.addValue(unique, std::move(meta));
    Binding binding;
    binding.value = value;
    binding.name = unique;
    binding.kind = kind;
    binding.tensor = std::move(tensor);
    binding.trainable = kind == Binding::Kind::Parameter;
    graph.bindings.push_back(std::move(binding));
    return value;
}

bool hasOneReader(const PolicyGraph& graph, ValueId value) {
    if (std::find(graph.outputs.begin(), graph.outputs.end(), value) != graph.outputs.end())
        return false;
    int reads = 0;
    for (const Node& node : graph.nodes)
        for (const Argument& argument : node.arguments)
            reads += readsOf(argument, value);
    return reads == 1;
}

void replaceReads(PolicyGraph& graph, ValueId from, ValueId to) {
    for (Node& node : graph.nodes)
        for (Argument& argument : node.arguments)
            replaceIn(argument, from, to);
    std::replace(graph.outputs.begin(), graph.outputs.end(), from, to);
}

void dropUnreadBindings(PolicyGraph& graph, const std::vector<ValueId>& candidates) {
    const auto isRead = [&](const Binding& binding) {
        if (std::find(graph.outputs.begin(), graph.outputs.end(), binding.value) != graph.outputs.end())
            return true;
        for (const auto& mutation : graph.record.mutations)
            if (mutation.target == binding.name || mutation.value == binding.value)
                return true;
        for (const Node& node : graph.nodes)
            for (const Argument& argument : node.arguments)
                if (readsOf(argument, binding.value) > 0)
                    return true;
        return false;
    };
    std::erase_if(graph.bindings, [&](const Binding& binding) {
        return std::find(candidates.begin(), candidates.end(), binding.value) != candidates.end() && !isRead(binding);
    });
}

}  // namespace sqil
