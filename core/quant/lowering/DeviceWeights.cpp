#include "core/quant/lowering/DeviceWeights.h"

#include <map>
#include <string_view>

#include "core/kernels/RepackWeight.h"
#include "core/policy/DeviceMemory.h"
#include "core/quant/NodeArguments.h"

namespace sqil {
namespace {

/// How a packed weight is to be read: two nodes that share it agree in this, or it stays as it is.
struct Reading {
    WeightFormat format = WeightFormat::Table4;
    std::int64_t outputs = 0;
    bool operator==(const Reading&) const = default;
};

std::optional<WeightFormat> formatOf(std::string_view target) {
    if (target == "sqil::linear_w4a16")
        return WeightFormat::Table4;
    if (target == "sqil::linear_w8a16")
        return WeightFormat::Float8;
    if (target == "sqil::linear_w8a8" || target == "sqil::conv2d_w8a8")
        return WeightFormat::Integer8;
    if (target == "sqil::linear_w4a8" || target == "sqil::linear_w4a4" || target == "sqil::conv2d_w4a4")
        return WeightFormat::Integer4;
    return std::nullopt;
}

/// The bindings that packed operators, and nothing else, read as their weight.
std::map<ValueId, Reading> packedWeights(const PolicyGraph& graph) {
    std::map<ValueId, Reading> readings;
    std::map<ValueId, std::size_t> readers;
    for (const Node& node : graph.nodes) {
        const auto format = formatOf(node.target);
        const ValueId weight = format ? valueOf(node, "weight") : -1;
        const auto outputs = format ? integerOf(node, "outputs") : std::nullopt;
        if (weight < 0 || !outputs || !graph.binding(weight) || !graph.binding(weight)->tensor.defined())
            continue;
        const Reading reading{*format, *outputs};
        if (readings.try_emplace(weight, reading).first->second == reading)
            ++readers[weight];
    }
    std::erase_if(readings, [&](const auto& entry) {
        const ValueId weight = entry.first;
        return graph.consumers(weight).size() != readers[weight] ||
               std::find(graph.outputs.begin(), graph.outputs.end(), weight) != graph.outputs.end();
    });
    return readings;
}

}  // namespace

Result<void> moveLowered(PolicyGraph& graph, at::Device device) {
    const auto packed = packedWeights(graph);
    for (const auto& [value, reading] : packed) {
        const Binding& binding = *graph.binding(value);
        if (binding.tensor.scalar_type() != at::kByte && binding.tensor.device() != device)
            return fail(ErrorKind::Unsupported, "the weight \"" + binding.name + "\" is in the layout of " +
                                                    binding.tensor.device().str() + "; lower the policy again for " +
                                                    device.str());
    }
    if (auto moved = graph.moveTo(device); !moved)
        return moved;
    if (packed.empty() || !hasOwnWeightLayout(device))
        return {};
    for (const auto& [value, reading] : packed) {
        Binding& binding = *graph.binding(value);
        if (binding.tensor.scalar_type() != at::kByte)
            continue;
        try {
            binding.tensor = repackedWeight(binding.tensor, reading.format, reading.outputs);
        } catch (const c10::Error& error) {
            return tl::unexpected(
                deviceError(error, device, "bringing the weight \"" + binding.name + "\" to " + device.str()));
        }
    }
    return {};
}

}  // namespace sqil
