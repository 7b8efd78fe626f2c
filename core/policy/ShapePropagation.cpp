#include "core/policy/ShapePropagation.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <limits>
#include <set>

#include "core/policy/FileProblem.h"
#include "core/policy/GraphExecutor.h"
#include "core/policy/Operators.h"

namespace sqil {
namespace {

using Sizes = std::map<std::string, std::int64_t>;  ///< of symbols

std::set<std::string> inputSymbols(const PolicyGraph& graph) {
    std::set<std::string> symbols;
    for (const ValueId input : graph.inputs) {
        const Value& value = graph.values[input];
        if (!value.meta)
            unsupported(
                "the shape of the input \"" + value.name +
                "\" is not known (TorchScript files do not store it). Load the policy together with rollouts or a "
                "policy card first, or export it with torch.export.");
        for (const Dimension& size : value.meta->sizes)
            if (const auto* symbol = std::get_if<std::string>(&size))
                symbols.insert(*symbol);
    }
    return symbols;
}

/// Two different sizes of a symbol within its range, the exporter's own first.
std::pair<std::int64_t, std::int64_t> trialSizes(const PolicyGraph& graph, const std::string& symbol) {
    std::int64_t smallest = 1, largest = std::numeric_limits<std::int64_t>::max();
    if (const auto range = graph.symbolRanges.find(symbol); range != graph.symbolRanges.end())
        std::tie(smallest, largest) = range->second;
    const auto form = graph.record.symbolicForms.find(symbol);
    std::int64_t first = form == graph.record.symbolicForms.end() ? 2 : form->second.hint.value_or(2);
    first = std::clamp(first, std::max<std::int64_t>(smallest, 1), largest);
    return {first, first < largest ? first + 1 : std::max<std::int64_t>(first - 1, 1)};
}

std::vector<at::Tensor> zeros(const PolicyGraph& graph, const Sizes& symbols) {
    std::vector<at::Tensor> inputs;
    for (const ValueId input : graph.inputs) {
        const TensorMeta& meta = *graph.values[input].meta;
        std::vector<std::int64_t> sizes;
        for (const Dimension& size : meta.sizes) {
            const auto* number = std::get_if<std::int64_t>(&size);
            sizes.push_back(number ? *number : symbols.at(std::get<std::string>(size)));
        }
        inputs.push_back(at::zeros(sizes, meta.type));
    }
    return inputs;
}

struct Shape {
    at::ScalarType type = at::kFloat;
    std::vector<std::int64_t> numbers;  ///< sizes, then strides; or the one number
};

std::vector<Shape> shapesAt(const PolicyGraph& graph, const GraphExecutor& executor, const std::vector<ValueId>& wanted,
                            const Sizes& symbols) {
    const auto inputs = zeros(graph, symbols);
    std::vector<std::pair<ValueId, at::Tensor>> known;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        known.emplace_back(graph.inputs[i], inputs[i]);
    auto values = executor.evaluate(known, wanted);
    if (!values)
        unsupported("the shapes inside the policy cannot be found by running it on zeros: " + values.error().message);
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        Shape shape;
        shape.type = (*values)[i].scalar_type();
        if (graph.values[wanted[i]].kind == Value::Kind::Tensor) {
            shape.numbers = (*values)[i].sizes().vec();
            const auto strides = (*values)[i].strides();
            shape.numbers.insert(shape.numbers.end(), strides.begin(), strides.end());
        } else {
            shape.numbers = {(*values)[i].item<std::int64_t>()};
        }
        shapes.push_back(std::move(shape));
    }
    return shapes;
}

std::string notationOf(const PolicyGraph& graph, const std::string& symbol) {
    const auto form = graph.record.symbolicForms.find(symbol);
    return form == graph.record.symbolicForms.end() ? "Symbol('" + symbol + "', positive=True, integer=True)"
                                                    : form->second.notation;
}

struct Term {
    std::string symbol;
    std::int64_t base, factor;
};

/// constant + Σ factor·symbol, recorded in the exporter's notation where it is no plain number.
Dimension linear(PolicyGraph& graph, std::int64_t atBase, const std::vector<Term>& terms) {
    std::int64_t constant = atBase;
    std::string text, notation;
    int count = 0;
    for (const Term& term : terms) {
        if (term.factor == 0)
            continue;
        constant -= term.factor * term.base;
        const bool once = term.factor == 1;
        const std::string symbol = notationOf(graph, term.symbol);
        text += (text.empty() ? "" : " + ") + (once ? "" : std::to_string(term.factor) + "*") + term.symbol;
        notation += (notation.empty() ? "" : ", ") +
                    (once ? symbol : "Mul(Integer(" + std::to_string(term.factor) + "), " + symbol + ")");
        ++count;
    }
    if (count == 0)
        return atBase;
    if (constant != 0) {
        text = std::to_string(constant) + " + " + text;
        notation = "Integer(" + std::to_string(constant) + "), " + notation;
        ++count;
    }
    auto& form = graph.record.symbolicForms[text];
    if (form.notation.empty())
        form = {count > 1 ? "Add(" + notation + ")" : notation, atBase};
    return text;
}

/// True where a number is read out of a tensor's contents, or made of such numbers: zeros would
/// give a wrong one.
bool dependsOnData(const PolicyGraph& graph, const Node& node, const std::vector<bool>& fromData) {
    if (node.outputs.size() != 1 || graph.values[node.outputs.front()].kind == Value::Kind::Tensor ||
        node.target.starts_with("aten::sym_") || node.target == "scalar::sizes" || node.target == "scalar::rank")
        return false;
    if (!node.target.starts_with("scalar::"))
        return true;
    bool tainted = false;
    for (const Argument& argument : node.arguments)
        forEachValueOf(argument, [&](ValueId value) { tainted = tainted || fromData[value]; });
    return tainted;
}

bool runsOnZeros(const GraphExecutor& executor, const std::vector<StepShape>& steps, bool whole, std::int64_t batch) {
    std::vector<at::Tensor> inputs;
    for (const StepShape& step : steps) {
        std::vector<std::int64_t> sizes{batch};
        sizes.insert(sizes.end(), step.sizes.begin(), step.sizes.end());
        inputs.push_back(at::zeros(sizes, whole && step.wholeNumbers ? at::kLong : at::kFloat));
    }
    const auto outputs = executor.run(inputs);
    return outputs && std::all_of(outputs->begin(), outputs->end(), [&](const at::Tensor& output) {
               return output.dim() > 0 && output.size(0) == batch;
           });
}

void declare(PolicyGraph& graph, const std::vector<StepShape>& steps, bool whole, bool anyBatch) {
    if (anyBatch) {
        graph.record.symbolicForms["s0"] = {"Symbol('s0', positive=True, integer=True)", 2};
        graph.symbolRanges["s0"] = {1, 4096};
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        TensorMeta meta;
        meta.type = whole && steps[i].wholeNumbers ? at::kLong : at::kFloat;
        meta.sizes.push_back(anyBatch ? Dimension(std::string("s0")) : Dimension(std::int64_t{1}));
        for (const std::int64_t size : steps[i].sizes)
            meta.sizes.push_back(size);
        graph.values[graph.inputs[i]].meta = meta;
    }
}

}  // namespace

void inferShapes(PolicyGraph& graph) {
    std::vector<ValueId> wanted;
    std::vector<bool> fromData(graph.values.size(), false);
    for (const Node& node : graph.nodes)
        for (const ValueId output : node.outputs)
            if (output >= 0) {
                if (fromData[output] = dependsOnData(graph, node, fromData); fromData[output])
                    continue;
                const Value& value = graph.values[output];
                const bool sizeOnly = value.kind == Value::Kind::Integer && !value.number;
                if ((value.kind == Value::Kind::Tensor && !value.meta) || sizeOnly)
                    wanted.push_back(output);
            }
    if (wanted.empty())
        return;
    auto executor = GraphExecutor::create(graph);
    if (!executor)
        throw FileProblem(executor.error().kind, executor.error().message);

    const at::NoGradGuard noGradients;
    Sizes base;
    std::vector<std::pair<std::string, std::int64_t>> others;
    for (const std::string& symbol : inputSymbols(graph)) {
        const auto [first, second] = trialSizes(graph, symbol);
        base[symbol] = first;
        others.emplace_back(symbol, second);
    }
    const auto atBase = shapesAt(graph, *executor, wanted, base);
    std::vector<std::vector<Shape>> changed;
    for (const auto& [symbol, size] : others) {
        Sizes symbols = base;
        symbols[symbol] = size;
        changed.push_back(shapesAt(graph, *executor, wanted, symbols));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::vector<Dimension> dimensions;
        for (std::size_t n = 0; n < atBase[i].numbers.size(); ++n) {
            std::vector<Term> terms;
            for (std::size_t s = 0; s < others.size(); ++s) {
                const std::int64_t step = others[s].second - base[others[s].first];
                if (changed[s][i].numbers.size() != atBase[i].numbers.size())
                    unsupported("the number of dimensions of \"" + graph.values[wanted[i]].name +
                                "\" depends on a size");
                const std::int64_t difference = changed[s][i].numbers[n] - atBase[i].numbers[n];
                terms.push_back({others[s].first, base[others[s].first], step == 0 ? 0 : difference / step});
            }
            dimensions.push_back(linear(graph, atBase[i].numbers[n], terms));
        }
        Value& value = graph.values[wanted[i]];
        if (value.kind != Value::Kind::Tensor) {
            value.number = dimensions.front();
            continue;
        }
        const auto middle = dimensions.begin() + static_cast<std::ptrdiff_t>(dimensions.size() / 2);
        value.meta = TensorMeta{atBase[i].type, {dimensions.begin(), middle}, {middle, dimensions.end()}};
    }
}

bool declareInputs(PolicyGraph& graph, std::vector<StepShape> steps) {
    for (const ValueId input : graph.inputs)
        if (graph.values[input].meta)
            return true;
    if (steps.size() != graph.inputs.size())
        return false;
    const auto executor = GraphExecutor::create(graph);
    if (!executor)
        return false;
    const at::NoGradGuard noGradients;
    const bool anyWhole = std::any_of(steps.begin(), steps.end(), [](const StepShape& s) { return s.wholeNumbers; });
    const bool anyScalar = std::any_of(steps.begin(), steps.end(), [](const StepShape& s) { return s.sizes.empty(); });
    for (const bool column : {false, true}) {
        if (column && !anyScalar)
            break;
        if (column)
            for (StepShape& step : steps)
                if (step.sizes.empty())
                    step.sizes = {1};
        for (const bool whole : {false, true}) {
            if (whole && !anyWhole)
                break;
            const bool anyBatch = runsOnZeros(*executor, steps, whole, 2) && runsOnZeros(*executor, steps, whole, 3);
            if (anyBatch || runsOnZeros(*executor, steps, whole, 1)) {
                declare(graph, steps, whole, anyBatch);
                return true;
            }
        }
    }
    return false;
}

}  // namespace sqil
