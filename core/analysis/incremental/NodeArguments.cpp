#include "core/analysis/incremental/NodeArguments.h"

#include "core/policy/Operators.h"

namespace sqil {

NodeArguments::NodeArguments(const Node& node) : node_(node) {
    if (const auto found = findOperator(node.target)) {
        schema_ = found->schema();
        if (!schema_->arguments().empty())
            first_ = schema_->arguments().front().name();
    }
}

const Argument* NodeArguments::find(std::string_view name) const {
    if (!schema_)
        return nullptr;
    for (std::size_t i = 0; i < node_.arguments.size(); ++i)
        if (const auto index = schemaIndex(*schema_, node_.arguments[i], i);
            index && schema_->arguments()[*index].name() == name)
            return &node_.arguments[i];
    return nullptr;
}

std::optional<ValueId> NodeArguments::value(std::string_view name) const {
    const Argument* argument = find(name);
    const auto* id = argument ? std::get_if<ValueId>(&argument->value) : nullptr;
    return id ? std::optional(*id) : std::nullopt;
}

std::vector<ValueId> NodeArguments::values(std::string_view name) const {
    std::vector<ValueId> result;
    const Argument* argument = find(name);
    const auto* list = argument ? std::get_if<std::vector<Argument>>(&argument->value) : nullptr;
    if (!list)
        return result;
    for (const Argument& item : *list)
        if (const auto* id = std::get_if<ValueId>(&item.value))
            result.push_back(*id);
    return result.size() == list->size() ? result : std::vector<ValueId>{};
}

std::optional<c10::IValue> NodeArguments::constant(std::string_view name) const {
    if (const Argument* argument = find(name)) {
        const auto* stored = std::get_if<c10::IValue>(&argument->value);
        return stored && !stored->isNone() ? std::optional(*stored) : std::nullopt;
    }
    if (!schema_)
        return std::nullopt;
    for (const auto& argument : schema_->arguments())
        if (argument.name() == name && argument.default_value() && !argument.default_value()->isNone())
            return argument.default_value();
    return std::nullopt;
}

std::optional<std::int64_t> NodeArguments::integer(std::string_view name) const {
    const auto stored = constant(name);
    return stored && stored->isInt() ? std::optional(stored->toInt()) : std::nullopt;
}

std::optional<double> NodeArguments::number(std::string_view name) const {
    const auto stored = constant(name);
    if (!stored || !stored->isScalar() || stored->isComplexDouble())
        return std::nullopt;
    return stored->toScalar().toDouble();
}

bool NodeArguments::flag(std::string_view name) const {
    const auto stored = constant(name);
    return stored && ((stored->isBool() && stored->toBool()) || (stored->isInt() && stored->toInt() != 0));
}

std::optional<std::vector<std::int64_t>> NodeArguments::integers(std::string_view name) const {
    // A list that the reader kept item by item is still constant if all items are.
    if (const Argument* argument = find(name))
        if (const auto* list = std::get_if<std::vector<Argument>>(&argument->value)) {
            std::vector<std::int64_t> result;
            for (const Argument& item : *list) {
                const auto* stored = std::get_if<c10::IValue>(&item.value);
                if (!stored || !stored->isInt())
                    return std::nullopt;
                result.push_back(stored->toInt());
            }
            return result;
        }
    const auto stored = constant(name);
    if (stored && stored->isInt())
        return std::vector{stored->toInt()};
    if (stored && stored->isIntList())
        return stored->toIntVector();
    if (stored && stored->isList() && stored->toListRef().empty())
        return std::vector<std::int64_t>{};
    return std::nullopt;
}

std::optional<std::vector<std::int64_t>> NodeArguments::pair(std::string_view name) const {
    auto result = integers(name);
    if (result && result->size() == 1)
        result->push_back(result->front());
    return result && result->size() == 2 ? result : std::nullopt;
}

}  // namespace sqil
