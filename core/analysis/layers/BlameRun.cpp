#include "core/analysis/layers/BlameRun.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

#include "core/policy/Operators.h"

namespace sqil {
namespace {

bool writesInPlace(const PolicyGraph& graph) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                       [](const Node& node) { return !effectsOf(node).writes.empty(); });
}

/// Values before a unit's layers that are read by what changes with them.
std::vector<ValueId> valuesBefore(const PolicyGraph& graph, const MixedPrecision& layers,
                                  const std::vector<std::size_t>& unit) {
    std::vector<char> changed(graph.values.size(), 0);
    std::set<std::size_t> nodes;
    changed[static_cast<std::size_t>(layers.layers()[unit.front()].weight)] = 1;
    for (const std::size_t layer : unit)
        nodes.insert(layers.layers()[layer].node);
    std::set<ValueId> before;
    for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
        std::vector<ValueId> reads;
        for (const Argument& argument : graph.nodes[index].arguments)
            forEachValueOf(argument, [&](ValueId value) { reads.push_back(value); });
        const auto isChanged = [&](ValueId value) { return changed[static_cast<std::size_t>(value)] != 0; };
        if (!nodes.contains(index) && std::none_of(reads.begin(), reads.end(), isChanged))
            continue;
        for (const ValueId output : graph.nodes[index].outputs)
            if (output >= 0)
                changed[static_cast<std::size_t>(output)] = 1;
        for (const ValueId value : reads)
            if (!isChanged(value) && graph.values[static_cast<std::size_t>(value)].kind == Value::Kind::Tensor &&
                !graph.binding(value))
                before.insert(value);
    }
    for (const ValueId output : graph.outputs)
        if (!changed[static_cast<std::size_t>(output)] && !graph.binding(output))
            before.insert(output);
    return {before.begin(), before.end()};
}

/// Ascending, each once.
std::vector<ValueId> together(const std::vector<ValueId>& one, const std::vector<ValueId>& other) {
    std::set<ValueId> all(one.begin(), one.end());
    all.insert(other.begin(), other.end());
    return {all.begin(), all.end()};
}

std::size_t bytesOf(const std::vector<at::Tensor>& tensors) {
    std::size_t bytes = 0;
    for (const at::Tensor& tensor : tensors)
        bytes += tensor.nbytes();
    return bytes;
}

}  // namespace

std::vector<std::vector<std::size_t>> layerUnits(const MixedPrecision& layers) {
    std::vector<std::vector<std::size_t>> units;
    for (std::size_t layer = 0; layer < layers.layers().size(); ++layer)
        if (auto unit = layers.sharing(layer); unit.front() == layer)
            units.push_back(std::move(unit));
    return units;
}

Result<BlameRun> BlameRun::create(MixedPrecision& layers, std::span<const LayerBits> bits, bool allBut,
                                  const Progress& progress) {
    BlameRun run(layers.base());
    run.units_ = layerUnits(layers);
    const PolicyGraph& base = layers.base().graph();
    const bool keeps = !writesInPlace(base);
    using Chosen = std::vector<std::pair<std::size_t, LayerBits>>;
    const auto executorOf = [&](const Chosen& chosen, bool allTrained) {
        return layers.graph(chosen, allTrained, progress).and_then([](const PolicyGraph& graph) {
            return GraphExecutor::create(graph);
        });
    };
    Chosen everything;
    for (std::size_t layer = 0; layer < bits.size(); ++layer)
        everything.emplace_back(layer, bits[layer]);
    auto all = executorOf(everything, true);
    if (!all)
        return tl::unexpected(all.error());
    run.all_ = std::move(*all);
    for (const auto& unit : run.units_) {
        Unit& made = run.runs_.emplace_back();
        if (std::none_of(unit.begin(), unit.end(), [&](std::size_t layer) { return bits[layer].isQuantized(); }))
            continue;
        Chosen inside, outside;
        for (const auto& entry : everything)
            (std::find(unit.begin(), unit.end(), entry.first) != unit.end() ? inside : outside).push_back(entry);
        auto alone = executorOf(inside, false);
        if (!alone)
            return tl::unexpected(alone.error());
        made.alone = std::move(*alone);
        if (allBut) {
            auto others = executorOf(outside, true);
            if (!others)
                return tl::unexpected(others.error());
            made.allBut = std::move(*others);
        }
        if (keeps)
            made.known = valuesBefore(base, layers, unit);
        run.kept_ = together(run.kept_, made.known);
    }
    return run;
}

BlameRun::Known BlameRun::select(const Known& kept, const std::vector<ValueId>& wanted) const {
    Known chosen;
    for (const auto& entry : kept)
        if (std::binary_search(wanted.begin(), wanted.end(), entry.first))
            chosen.push_back(entry);
    return chosen;
}

Result<at::Tensor> BlameRun::actionOf(const GraphExecutor& executor, const Known& known) const {
    const auto outputs = executor.evaluate(known, base_.graph().outputs);
    if (!outputs)
        return tl::unexpected(outputs.error());
    return base_.action(base_.head(*outputs));
}

Result<BlameRun::Actions> BlameRun::run(std::span<const at::Tensor> inputs, std::size_t& bytesKept,
                                        const Progress& progress) const {
    const PolicyGraph& graph = base_.graph();
    Known given;
    for (std::size_t index = 0; index < inputs.size(); ++index)
        given.emplace_back(graph.inputs[index], inputs[index]);
    // Everything that a unit needs, from one run in floating point and one with all layers quantized.
    const auto keep = [&](const GraphExecutor& executor, Known& kept) -> Result<void> {
        kept = given;
        const auto values = executor.evaluate(given, kept_);
        if (!values)
            return tl::unexpected(values.error());
        bytesKept += bytesOf(*values);
        for (std::size_t index = 0; index < kept_.size(); ++index)
            if (std::find(graph.inputs.begin(), graph.inputs.end(), kept_[index]) == graph.inputs.end())
                kept.emplace_back(kept_[index], (*values)[index]);
        return {};
    };
    bytesKept = 0;
    Known plain, quantized;
    if (auto done = keep(base_.executor(), plain); !done)
        return tl::unexpected(done.error());
    const bool allBut =
        std::any_of(runs_.begin(), runs_.end(), [](const Unit& unit) { return unit.allBut.has_value(); });
    if (allBut)
        if (auto done = keep(*all_, quantized); !done)
            return tl::unexpected(done.error());
    Actions actions;
    auto all = actionOf(*all_, given);
    if (!all)
        return tl::unexpected(all.error());
    actions.all = std::move(*all);
    const auto knownOf = [&](const Known& kept, const Unit& unit) {
        return unit.known.empty() ? given : select(kept, together(unit.known, graph.inputs));
    };
    for (const Unit& unit : runs_) {
        if (!report(progress, "", 0, 0))
            return fail(ErrorKind::Cancelled, "the layers' blame was cancelled");
        auto alone = unit.alone ? actionOf(*unit.alone, knownOf(plain, unit)) : actionOf(base_.executor(), given);
        if (!alone)
            return tl::unexpected(alone.error());
        actions.alone.push_back(std::move(*alone));
        if (!allBut)
            continue;
        auto others = unit.allBut ? actionOf(*unit.allBut, knownOf(quantized, unit)) : Result<at::Tensor>(actions.all);
        if (!others)
            return tl::unexpected(others.error());
        actions.allBut.push_back(std::move(*others));
    }
    return actions;
}

}  // namespace sqil
