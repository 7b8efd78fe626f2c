#pragma once
#include <cmath>
#include <cstring>
#include <filesystem>
#include <string>

#include <ATen/ATen.h>
#include <QtGlobal>

#include "core/data/RolloutWriter.h"
#include "core/policy/Policy.h"
#include "core/policy/PolicyFile.h"

namespace sqil::test {

/// A policy of three linear layers (6 → 16 → 16 → actions) and five recorded episodes of 40 steps, as files.
struct SmallTask {
    static constexpr std::int64_t kState = 6, kWidth = 16, kSteps = 40;
    static constexpr int kEpisodes = 5;
    std::int64_t actions = 3;
    int spoiledStep = -1;       ///< of the first episode: its state has a NaN
    double recordedScale = 1;   ///< recorded actions are the policy's times this
    double cardScale = 1;       ///< of every action dimension
    std::int64_t recorded = 0;  ///< recorded action dimensions; 0: the policy's

    PolicyFile file() const {
        at::manual_seed(7);
        PolicyFile policy;
        PolicyGraph& graph = policy.graph;
        const auto meta = [](std::vector<Dimension> sizes) { return TensorMeta{at::kFloat, std::move(sizes), {}}; };
        const Dimension batch = std::string("s0");
        graph.symbolRanges["s0"] = {1, 1 << 20};
        ValueId value = graph.addValue("state", meta({batch, kState}));
        graph.inputs.push_back(value);
        std::int64_t width = kState;
        for (int layer = 0; layer < 3; ++layer) {
            const std::int64_t out = layer == 2 ? actions : kWidth;
            const std::string name = "layer" + std::to_string(layer);
            std::vector<Argument> arguments{{"input", value}};
            const auto bind = [&](const std::string& suffix, const at::Tensor& tensor) {
                std::vector<Dimension> sizes(tensor.sizes().begin(), tensor.sizes().end());
                Binding binding;
                binding.value = graph.addValue(name + "_" + suffix, meta(sizes));
                binding.name = name + "." + suffix;
                binding.tensor = tensor;
                graph.bindings.push_back(binding);
                arguments.push_back({suffix, binding.value});
            };
            bind("weight", at::randn({out, width}) * (1.5 / std::sqrt(static_cast<double>(width))));
            bind("bias", at::randn({out}) * 0.1);
            const auto add = [&](const std::string& target, std::vector<Argument> given) {
                Node node;
                node.target = target;
                node.arguments = std::move(given);
                value = graph.addValue(name + "_out", meta({batch, out}));
                node.name = graph.values[static_cast<std::size_t>(value)].name;
                node.outputs = {value};
                node.module = name;
                graph.nodes.push_back(std::move(node));
            };
            add("aten::linear", arguments);
            if (layer < 2)
                add("aten::tanh", {{"self", value}});
            width = out;
        }
        graph.outputs = {value};
        policy.extraFiles["policy.card.json"] = toJson(card());
        return policy;
    }

    PolicyCard card() const {
        PolicyCard card;
        card.name = "small";
        CardInput input;
        input.name = input.key = "state";
        card.inputs = {input};
        for (std::int64_t index = 0; index < actions; ++index)
            card.dimensions.push_back({std::string("a").append(std::to_string(index)), "m", cardScale, 0});
        return card;
    }

    /// Writes policy.pt2 and rollouts.hdf5 into the folder.
    void write(const std::filesystem::path& folder) const {
        const auto check = [](const auto& result) {
            if (!result)
                qFatal("%s", result.error().message.c_str());
        };
        const PolicyFile policy = file();
        check(writePolicyFile(folder / "policy.pt2", policy));
        const auto executor = GraphExecutor::create(policy.graph);
        check(executor);
        auto writer = RolloutWriter::create(folder / "rollouts.hdf5", "{}");
        check(writer);
        for (int episode = 0; episode < kEpisodes; ++episode) {
            at::Tensor states = at::randn({kSteps, kState});
            const std::vector<at::Tensor> inputs{states};
            at::Tensor actionsOf = (executor->run(inputs)->front() * recordedScale).contiguous();
            if (recorded > 0)
                actionsOf = at::zeros({kSteps, recorded});
            if (episode == 0 && spoiledStep >= 0)
                states[spoiledStep][1] = std::nan("");
            EpisodeRecord record;
            record.observations["state"] = block(states);
            record.actions = block(actionsOf);
            check((*writer)->append(record));
        }
        check((*writer)->finish());
    }

private:
    static StepBlock block(const at::Tensor& rows) {
        StepBlock block;
        block.type = ValueType::Float32;
        block.shape = rows.sizes().vec();
        block.bytes.resize(rows.nbytes());
        std::memcpy(block.bytes.data(), rows.const_data_ptr(), rows.nbytes());
        return block;
    }
};

}  // namespace sqil::test
