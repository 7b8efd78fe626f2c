#include "core/policy/LayerNames.h"

#include <vector>

namespace sqil {
namespace {

/// Splits at `separator` where no bracket is open: paths may hold "[(…)]".
std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    int open = 0;
    for (const char c : text) {
        open += (c == '[' || c == '(') - (c == ']' || c == ')');
        if (c == separator && open == 0)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::string withoutPrefix(std::string path) {
    for (const std::string prefix : {"L['self'].", "L['self']", "L__self__.", "L__self__"})
        if (path.starts_with(prefix))
            return path.substr(prefix.size());
    return path;
}

std::string ownerOf(const std::string& parameter) {
    const std::size_t dot = parameter.rfind('.');
    return dot == std::string::npos ? "" : parameter.substr(0, dot);
}

}  // namespace

std::string modulePath(const std::string& moduleStack) {
    const std::size_t last = moduleStack.rfind(';');
    const auto fields = split(last == std::string::npos ? moduleStack : moduleStack.substr(last + 1), ',');
    return fields.size() == 3 ? withoutPrefix(fields[1]) : "";
}

std::string layerName(const PolicyGraph& graph, const Node& node) {
    for (const Argument& argument : node.arguments) {
        if (argument.name != "weight" && argument.name != "other" && argument.name != "mat2")
            continue;
        const auto* value = std::get_if<ValueId>(&argument.value);
        const Binding* binding = value ? graph.binding(*value) : nullptr;
        if (!binding || binding->kind != Binding::Kind::Parameter)
            continue;
        const std::string owner = ownerOf(binding->name);
        // Attention calls its projections' weights itself: the owner is the better name then.
        const bool parametrized = binding->name.find("parametrizations") != std::string::npos;
        if (node.module.empty())
            return owner.empty() ? binding->name : owner;
        if (!parametrized && owner.size() > node.module.size() && owner.starts_with(node.module + "."))
            return owner;
    }
    return node.module;
}

}  // namespace sqil
