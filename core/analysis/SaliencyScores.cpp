#include "core/analysis/SaliencyScores.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

#include "core/policy/Operators.h"

namespace sqil {
namespace {

constexpr std::int64_t bytesPerBatch = 64 << 20;
constexpr std::int64_t largestBatch = 256;

/// Elements of a value for one item of the batch; 0 where the file does not say.
std::int64_t elementsPerItem(const Value& value) {
    if (!value.meta || value.kind != Value::Kind::Tensor)
        return 0;
    std::int64_t elements = 1;
    for (const Dimension& dimension : value.meta->sizes)
        if (const auto* size = std::get_if<std::int64_t>(&dimension))
            elements *= std::max<std::int64_t>(1, *size);
    return elements;
}

const std::string* firstSymbol(const Value& value) {
    if (!value.meta || value.meta->sizes.empty() || value.kind != Value::Kind::Tensor)
        return nullptr;
    return std::get_if<std::string>(&value.meta->sizes.front());
}

/// Values that change with the input, and the nodes that compute them.
struct Dependents {
    std::vector<bool> values;
    std::vector<bool> ofInputs;  ///< values that depend on any input at all
    std::vector<std::size_t> nodes;
};

Dependents dependentsOf(const PolicyGraph& graph, ValueId input) {
    Dependents result{std::vector<bool>(graph.values.size(), false), std::vector<bool>(graph.values.size(), false), {}};
    result.values[static_cast<std::size_t>(input)] = true;
    for (const ValueId other : graph.inputs)
        result.ofInputs[static_cast<std::size_t>(other)] = true;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        bool depends = false, dependsOnAny = false;
        for (const Argument& argument : graph.nodes[i].arguments)
            forEachValueOf(argument, [&](ValueId value) {
                depends = depends || result.values[static_cast<std::size_t>(value)];
                dependsOnAny = dependsOnAny || result.ofInputs[static_cast<std::size_t>(value)];
            });
        if (depends)
            result.nodes.push_back(i);
        for (const ValueId output : graph.nodes[i].outputs)
            if (output >= 0) {
                result.values[static_cast<std::size_t>(output)] = depends;
                result.ofInputs[static_cast<std::size_t>(output)] = dependsOnAny;
            }
    }
    return result;
}

/// Values at the edge of the dependent part that are known to hold one item a row.
std::vector<ValueId> reusableValues(const PolicyGraph& graph, const Dependents& dependents, const std::string& batch) {
    std::set<ValueId> found;
    for (const std::size_t index : dependents.nodes)
        for (const Argument& argument : graph.nodes[index].arguments)
            forEachValueOf(argument, [&](ValueId id) {
                const auto at = static_cast<std::size_t>(id);
                const std::string* symbol = firstSymbol(graph.values[at]);
                if (!dependents.values[at] && dependents.ofInputs[at] && symbol && *symbol == batch)
                    found.insert(id);
            });
    return {found.begin(), found.end()};
}

at::Tensor expanded(const at::Tensor& row, std::int64_t batch) {
    std::vector<std::int64_t> sizes = row.sizes().vec();
    sizes[0] = batch;
    return row.expand(sizes);
}

at::Tensor batchLike(const at::Tensor& input, std::int64_t places) {
    std::vector<std::int64_t> sizes = input.sizes().vec();
    sizes[0] = places;
    return at::empty(sizes, input.options().device(at::kCPU).dtype(at::kFloat));
}

/// Nodes that write in place may change a value that was handed in from outside.
bool writesInPlace(const PolicyGraph& graph) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                       [](const Node& node) { return !effectsOf(node).writes.empty(); });
}

}  // namespace

std::vector<float> halfSquaredDistances(const at::Tensor& base, const at::Tensor& changed) {
    const at::Tensor difference = changed.to(at::kDouble) - base.to(at::kDouble);
    const at::Tensor scores = (difference.square().sum(1) * 0.5).to(at::kFloat).to(at::kCPU).contiguous();
    return {scores.const_data_ptr<float>(), scores.const_data_ptr<float>() + scores.numel()};
}

std::int64_t placesPerBatch(const PolicyGraph& graph, std::span<const at::Tensor> inputs) {
    std::int64_t largest = 1;
    for (const Value& value : graph.values)
        if (!graph.binding(static_cast<ValueId>(&value - graph.values.data())))
            largest = std::max(largest, elementsPerItem(value));
    for (const at::Tensor& input : inputs)
        largest = std::max(largest, input.numel());
    return std::clamp<std::int64_t>(bytesPerBatch / (largest * static_cast<std::int64_t>(sizeof(float))), 1,
                                    largestBatch);
}

Result<std::vector<float>> batchedScores(const Policy& policy, std::span<const at::Tensor> inputs, std::size_t input,
                                         std::int64_t places, const at::Tensor& baseHead, const FillPlaces& fill) {
    const std::int64_t most = placesPerBatch(policy.graph(), inputs);
    std::vector<float> scores;
    for (std::int64_t first = 0; first < places; first += most) {
        const std::int64_t count = std::min(most, places - first);
        at::Tensor perturbed = batchLike(inputs[input], count);
        fill(first, perturbed);
        std::vector<at::Tensor> batch;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            batch.push_back(i == input ? perturbed.to(inputs[i].device()) : expanded(inputs[i], count));
        auto head = policy.forward(batch);
        if (!head)
            return tl::unexpected(head.error());
        const auto part = halfSquaredDistances(baseHead, *head);
        scores.insert(scores.end(), part.begin(), part.end());
    }
    return scores;
}

Result<std::vector<float>> dependentScores(const Policy& policy, std::span<const at::Tensor> inputs, std::size_t input,
                                           std::int64_t places, const at::Tensor& baseHead, const FillPlaces& fill) {
    const PolicyGraph& graph = policy.graph();
    const std::string* symbol = firstSymbol(graph.values[static_cast<std::size_t>(graph.inputs[input])]);
    const bool floating = std::all_of(graph.inputs.begin(), graph.inputs.end(), [&](ValueId id) {
        const auto& meta = graph.values[static_cast<std::size_t>(id)].meta;
        return meta && meta->type == at::kFloat;
    });
    if (!symbol || !floating || graph.batchRange().first > 1 || places > graph.batchRange().second ||
        writesInPlace(graph))
        return batchedScores(policy, inputs, input, places, baseHead, fill);
    const std::vector<ValueId> reused = reusableValues(graph, dependentsOf(graph, graph.inputs[input]), *symbol);
    std::vector<std::pair<ValueId, at::Tensor>> known;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        known.emplace_back(graph.inputs[i], inputs[i]);
    auto base = policy.executor().evaluate(known, reused);
    if (!base)
        return tl::unexpected(base.error());

    at::Tensor perturbed = batchLike(inputs[input], places);
    fill(0, perturbed);
    for (std::size_t i = 0; i < inputs.size(); ++i)
        known[i].second = i == input ? perturbed.to(inputs[i].device()) : expanded(inputs[i], places);
    for (std::size_t i = 0; i < reused.size(); ++i)
        if ((*base)[i].dim() > 0 && (*base)[i].size(0) == 1)
            known.emplace_back(reused[i], expanded((*base)[i], places));
    auto outputs = policy.executor().evaluate(known, graph.outputs);
    if (!outputs)
        return batchedScores(policy, inputs, input, places, baseHead, fill);
    return halfSquaredDistances(baseHead, policy.head(*outputs));
}

}  // namespace sqil
