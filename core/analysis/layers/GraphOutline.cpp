#include "core/analysis/layers/GraphOutline.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/policy/Operators.h"
#include "core/policy/PolicyFile.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {
namespace {

std::vector<std::string> shapeOf(const PolicyGraph& graph, ValueId value) {
    std::vector<std::string> shape;
    if (value < 0 || !graph.values[static_cast<std::size_t>(value)].meta)
        return shape;
    for (const Dimension& dimension : graph.values[static_cast<std::size_t>(value)].meta->sizes)
        shape.push_back(std::holds_alternative<std::int64_t>(dimension)
                            ? std::to_string(std::get<std::int64_t>(dimension))
                            : std::get<std::string>(dimension));
    return shape;
}

class Outliner {
public:
    explicit Outliner(const PolicyGraph& graph) : graph_(graph), madeBy_(graph.values.size(), -1) {
        for (const auto& layer : quantizableLayers(graph)) {
            layers_[layer.node] = layer.name;
            weights_[layer.node] = layer.parameters;
        }
        for (const Binding& binding : graph.bindings)
            parameters_[binding.value] = binding.kind == Binding::Kind::Parameter ? binding.tensor.numel() : 0;
    }

    GraphOutline outline() {
        GraphOutline result;
        for (const ValueId input : graph_.inputs) {
            madeBy_[static_cast<std::size_t>(input)] = static_cast<int>(result.nodes.size());
            result.nodes.push_back({graph_.values[static_cast<std::size_t>(input)].name,
                                    {},
                                    {},
                                    {},
                                    shapeOf(graph_, input),
                                    0,
                                    {},
                                    false});
        }
        for (std::size_t index = 0; index < graph_.nodes.size(); ++index)
            add(index, result);
        for (const ValueId output : graph_.outputs)
            if (const int node = madeBy_[static_cast<std::size_t>(output)]; node >= 0)
                result.nodes[static_cast<std::size_t>(node)].isOutput = true;
        return result;
    }

private:
    void add(std::size_t index, GraphOutline& result) {
        const Node& node = graph_.nodes[index];
        OutlineNode made{node.name, node.target, node.module, {}, {}, 0, {}, false};
        std::set<std::size_t> inputs;
        for (const Argument& argument : node.arguments)
            forEachValueOf(argument, [&](ValueId value) {
                if (const auto parameter = parameters_.find(value); parameter != parameters_.end())
                    made.parameters += parameter->second;
                else if (madeBy_[static_cast<std::size_t>(value)] >= 0)
                    inputs.insert(static_cast<std::size_t>(madeBy_[static_cast<std::size_t>(value)]));
            });
        // What reads nothing but parameters belongs to whoever reads it; so do constants.
        if (inputs.empty() && !layers_.contains(index))
            return;
        if (const auto layer = layers_.find(index); layer != layers_.end()) {
            made.layer = layer->second;
            made.parameters = std::max(made.parameters, weights_.at(index));
        }
        made.inputs.assign(inputs.begin(), inputs.end());
        if (!node.outputs.empty())
            made.outputShape = shapeOf(graph_, node.outputs.front());
        for (const ValueId output : node.outputs)
            if (output >= 0)
                madeBy_[static_cast<std::size_t>(output)] = static_cast<int>(result.nodes.size());
        result.nodes.push_back(std::move(made));
    }

    const PolicyGraph& graph_;
    std::vector<int> madeBy_;
    std::map<std::size_t, std::string> layers_;
    std::map<std::size_t, std::int64_t> weights_;
    std::map<ValueId, std::int64_t> parameters_;
};

}  // namespace

Result<GraphOutline> outlinePolicy(const std::filesystem::path& path) {
    const auto file = readPolicyFile(path);
    if (!file)
        return tl::unexpected(file.error());
    return Outliner(file->graph).outline();
}

}  // namespace sqil
