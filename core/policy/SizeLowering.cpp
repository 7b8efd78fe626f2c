#include "core/policy/SizeLowering.h"

#include <algorithm>

#include "core/policy/FileProblem.h"
#include "core/policy/ScalarFunctions.h"

namespace sqil {
namespace {

using Content = std::variant<c10::IValue, ValueId, std::vector<Argument>>;

class Lowering {
public:
    explicit Lowering(PolicyGraph& graph) : graph_(graph) {}

    void run() {
        std::vector<Node> kept;
        for (Node& node : graph_.nodes) {
            for (Argument& argument : node.arguments)
                replace(argument);
            if (!absorb(node, kept))
                kept.push_back(std::move(node));
        }
        graph_.nodes = std::move(kept);
    }

private:
    void replace(Argument& argument) {
        if (auto* list = std::get_if<std::vector<Argument>>(&argument.value)) {
            for (Argument& item : *list)
                replace(item);
        } else if (const auto* value = std::get_if<ValueId>(&argument.value)) {
            if (const auto known = replacement_.find(*value); known != replacement_.end())
                argument.value = Content(known->second);
        }
    }

    /// True where the node is no longer needed: its result is known, or made by nodes added to `kept`.
    bool absorb(const Node& node, std::vector<Node>& kept) {
        const bool single = node.outputs.size() == 1 && node.outputs.front() >= 0;
        if (!single)
            return false;
        const ValueId result = node.outputs.front();
        const Value& value = graph_.values[result];
        if (value.kind == Value::Kind::Integer && value.number && std::holds_alternative<std::int64_t>(*value.number)) {
            replacement_[result] = c10::IValue(std::get<std::int64_t>(*value.number));
            return true;
        }
        if (node.target == "scalar::sizes") {
            replacement_[result] = sizesOf(node, kept);
            return true;
        }
        if (node.target == "scalar::list") {
            replacement_[result] = node.arguments;
            return true;
        }
        if (node.target == "scalar::item")
            return pickItem(node, result);
        return node.target == "scalar::tensor" && passThrough(node, result);
    }

    bool pickItem(const Node& node, ValueId result) {
        const auto* list = std::get_if<std::vector<Argument>>(&node.arguments.at(0).value);
        const auto* index = std::get_if<c10::IValue>(&node.arguments.at(1).value);
        if (!list || !index || !index->isInt())
            return false;
        const auto count = static_cast<std::int64_t>(list->size());
        const std::int64_t at = index->toInt() < 0 ? index->toInt() + count : index->toInt();
        if (at < 0 || at >= count)
            return false;
        replacement_[result] = (*list)[static_cast<std::size_t>(at)].value;
        return true;
    }

    bool passThrough(const Node& node, ValueId result) {
        replacement_[result] = node.arguments.at(0).value;
        return true;
    }

    std::vector<Argument> sizesOf(const Node& node, std::vector<Node>& kept) {
        const ValueId tensor = std::get<ValueId>(node.arguments.at(0).value);
        const auto meta = graph_.values[tensor].meta;
        if (!meta)
            unsupported("the rank of \"" + graph_.values[tensor].name + "\" is not known");
        std::vector<Argument> sizes;
        for (std::size_t i = 0; i < meta->sizes.size(); ++i) {
            if (const auto* number = std::get_if<std::int64_t>(&meta->sizes[i])) {
                sizes.push_back({"", c10::IValue(*number)});
                continue;
            }
            Node size;
            size.name = node.name + "_size_" + std::to_string(i);
            size.target = "aten::sym_size.int";
            size.arguments = {{"self", tensor}, {"dim", c10::IValue(static_cast<std::int64_t>(i))}};
            const ValueId value = graph_.addValue(size.name, std::nullopt);
            graph_.values[value].kind = Value::Kind::Integer;
            graph_.values[value].number = meta->sizes[i];
            size.outputs = {value};
            sizes.push_back({"", value});
            kept.push_back(std::move(size));
        }
        return sizes;
    }

    PolicyGraph& graph_;
    std::map<ValueId, Content> replacement_;
};

}  // namespace

void lowerSizes(PolicyGraph& graph) {
    const bool any = std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return node.target == "scalar::sizes" || node.target == "scalar::rank" || node.target == "scalar::list" ||
               node.target == "scalar::item" || node.target == "scalar::tensor";
    });
    if (any)
        Lowering(graph).run();
}

}  // namespace sqil
