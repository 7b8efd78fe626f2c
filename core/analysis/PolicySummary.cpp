#include "core/analysis/PolicySummary.h"

#include <c10/core/ScalarType.h>

#include "core/base/AtomicFile.h"
#include "core/policy/CardChecks.h"
#include "core/policy/PolicyFile.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {
namespace {

TensorSummary summarize(const Value& value) {
    TensorSummary summary{value.name, {}, {}};
    if (!value.meta)
        return summary;
    summary.type = typeText(value.meta->type);
    for (const Dimension& dimension : value.meta->sizes) {
        if (const auto* number = std::get_if<std::int64_t>(&dimension))
            summary.shape.push_back(std::to_string(*number));
        else
            summary.shape.push_back(std::get<std::string>(dimension));
    }
    return summary;
}

std::string textOr(const std::map<std::string, std::string>& files, const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::string{} : found->second;
}

}  // namespace

Result<PolicySummary> summarizePolicy(const std::filesystem::path& path) {
    const auto file = readPolicyFile(path);
    if (!file)
        return tl::unexpected(file.error());
    const PolicyGraph& graph = file->graph;
    PolicySummary summary;
    const auto extension = path.extension();
    summary.format = extension == ".pt2"   ? "torch.export archive"
                     : extension == ".zip" ? "Stable-Baselines3 agent"
                                           : "TorchScript archive";
    summary.parameters = graph.parameterCount();
    summary.operators = static_cast<std::int64_t>(graph.nodes.size());
    summary.dynamicBatch = graph.hasDynamicBatch();
    for (const ValueId input : graph.inputs)
        summary.inputs.push_back(summarize(graph.values[static_cast<std::size_t>(input)]));
    for (const ValueId output : graph.outputs)
        summary.outputs.push_back(summarize(graph.values[static_cast<std::size_t>(output)]));
    for (const auto& layer : quantizableLayers(graph))
        summary.layers.push_back({layer.name, graph.nodes[layer.node].target,
                                  graph.binding(layer.weight)->tensor.sizes().vec(), layer.parameters, layer.isFirst,
                                  layer.isLast});
    summary.quantizationJson = textOr(file->extraFiles, kQuantizationFile);
    summary.cardJson = textOr(file->extraFiles, "policy.card.json");
    if (auto beside = readTextFile(std::filesystem::path(path).replace_extension(".card.json")))
        summary.cardJson = *beside;
    return summary;
}

}  // namespace sqil
