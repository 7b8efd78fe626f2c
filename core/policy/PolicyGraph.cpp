#include "core/policy/PolicyGraph.h"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_set>

#include "core/policy/DeviceMemory.h"

namespace sqil {
namespace {

template<class Visit>
void forEachValue(const Argument& argument, const Visit& visit) {
    if (const auto* value = std::get_if<ValueId>(&argument.value))
        visit(*value);
    else if (const auto* list = std::get_if<std::vector<Argument>>(&argument.value))
        for (const Argument& item : *list)
            forEachValue(item, visit);
}

void replaceDevices(Argument& argument, at::Device device) {
    if (auto* constant = std::get_if<c10::IValue>(&argument.value)) {
        if (constant->isDevice())
            *constant = device;
    } else if (auto* list = std::get_if<std::vector<Argument>>(&argument.value)) {
        for (Argument& item : *list)
            replaceDevices(item, device);
    }
}

const std::string* batchSymbol(const PolicyGraph& graph) {
    const std::string* symbol = nullptr;
    for (const ValueId input : graph.inputs) {
        const auto& meta = graph.values.at(input).meta;
        if (!meta || meta->sizes.empty())
            return nullptr;
        const auto* name = std::get_if<std::string>(&meta->sizes.front());
        if (!name || (symbol && *symbol != *name))
            return nullptr;
        symbol = name;
    }
    return symbol;
}

bool knowsInputShapes(const PolicyGraph& graph) {
    return std::any_of(graph.inputs.begin(), graph.inputs.end(),
                       [&](ValueId input) { return graph.values.at(input).meta.has_value(); });
}

}  // namespace

const Binding* PolicyGraph::binding(ValueId value) const {
    const auto found =
        std::find_if(bindings.begin(), bindings.end(), [&](const Binding& b) { return b.value == value; });
    return found == bindings.end() ? nullptr : &*found;
}

Binding* PolicyGraph::binding(ValueId value) {
    return const_cast<Binding*>(std::as_const(*this).binding(value));
}

const Node* PolicyGraph::producer(ValueId value) const {
    if (value < 0)
        return nullptr;
    for (const Node& node : nodes)
        if (std::find(node.outputs.begin(), node.outputs.end(), value) != node.outputs.end())
            return &node;
    return nullptr;
}

std::vector<std::size_t> PolicyGraph::consumers(ValueId value) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        bool uses = false;
        for (const Argument& argument : nodes[i].arguments)
            forEachValue(argument, [&](ValueId used) { uses = uses || used == value; });
        if (uses)
            found.push_back(i);
    }
    return found;
}

ValueId PolicyGraph::addValue(std::string name, std::optional<TensorMeta> meta) {
    // Names already taken are few where names are sensible; a hostile file cannot reach this with
    // a million equal ones, because its readers keep their own set.
    const auto taken = [&](const std::string& candidate) {
        return std::any_of(values.begin(), values.end(), [&](const Value& v) { return v.name == candidate; });
    };
    std::string unique = name;
    for (int suffix = 1; taken(unique); ++suffix)
        unique = name + "_" + std::to_string(suffix);
    Value value;
    value.name = std::move(unique);
    value.meta = std::move(meta);
    values.push_back(std::move(value));
    return static_cast<ValueId>(values.size() - 1);
}

bool PolicyGraph::hasDynamicBatch() const {
    return !inputs.empty() && (!knowsInputShapes(*this) || batchSymbol(*this) != nullptr);
}

std::pair<std::int64_t, std::int64_t> PolicyGraph::batchRange() const {
    constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
    if (!hasDynamicBatch())
        return {exportedBatch(), exportedBatch()};
    const std::string* symbol = batchSymbol(*this);
    const auto range = symbol ? symbolRanges.find(*symbol) : symbolRanges.end();
    if (range == symbolRanges.end())
        return {1, unlimited};
    const std::int64_t smallest = std::max<std::int64_t>(1, range->second.first);
    return {smallest, std::max(smallest, range->second.second)};
}

std::int64_t PolicyGraph::exportedBatch() const {
    if (inputs.empty())
        return 1;
    const auto& meta = values.at(inputs.front()).meta;
    if (!meta || meta->sizes.empty())
        return 1;
    if (const auto* size = std::get_if<std::int64_t>(&meta->sizes.front()))
        return std::max<std::int64_t>(1, *size);
    const auto form = record.symbolicForms.find(std::get<std::string>(meta->sizes.front()));
    return form == record.symbolicForms.end() ? 1 : std::max<std::int64_t>(1, form->second.hint.value_or(1));
}

std::int64_t PolicyGraph::parameterCount() const {
    std::int64_t count = 0;
    std::unordered_set<const void*> counted;
    for (const Binding& binding : bindings)
        if (binding.kind == Binding::Kind::Parameter && binding.tensor.defined() &&
            (binding.tensor.numel() == 0 || counted.insert(binding.tensor.const_data_ptr()).second))
            count += binding.tensor.numel();
    return count;
}

Result<void> PolicyGraph::moveTo(at::Device device) try {
    // Tied weights share one tensor's memory; they still do afterwards.
    std::map<const void*, at::Tensor> moved;
    for (Binding& binding : bindings) {
        if (!binding.tensor.defined() || binding.tensor.device() == device)
            continue;
        const void* address = binding.tensor.const_data_ptr();
        const auto known = moved.find(address);
        if (address && known != moved.end() && known->second.sizes() == binding.tensor.sizes() &&
            known->second.scalar_type() == binding.tensor.scalar_type()) {
            binding.tensor = known->second;
        } else {
            binding.tensor = binding.tensor.to(device);
            moved[address] = binding.tensor;
        }
    }
    for (Node& node : nodes)
        for (Argument& argument : node.arguments)
            replaceDevices(argument, device);
    return {};
} catch (const c10::Error& error) {
    return tl::unexpected(deviceError(error, device, "bringing the policy to " + device.str()));
}

}  // namespace sqil
