#pragma once
#include <filesystem>
#include <string>

#include <ATen/ATen.h>
#include <QtGlobal>
#include <nlohmann/json.hpp>

#include "core/policy/Policy.h"
#include "core/sim/EvaluateFile.h"
#include "tests/TestPaths.h"

namespace sqil::test {

/// A policy (4 → 8 → 8 → 2, ReLU) that reaches the goal of tests/sim/point_environment.py, and rollouts of it, as
/// files.
class PointTask {
public:
    explicit PointTask(std::filesystem::path folder) : folder_(std::move(folder)) {
        const auto check = [](const auto& result) {
            if (!result)
                qFatal("%s", result.error().message.c_str());
        };
        check(writePolicyFile(policy(), file()));
        EvaluationSpec spec = evaluation();
        spec.episodes = 8;
        spec.seed = 1000;
        spec.record = rollouts();
        check(evaluatePolicyFile(policy(), {}, spec));
    }

    std::filesystem::path policy() const { return folder_ / "policy.pt2"; }
    std::filesystem::path rollouts() const { return folder_ / "rollouts.hdf5"; }

    static EvaluationSpec evaluation() {
        EvaluationSpec spec;
        spec.environment.name = "python/point_environment:make";
        spec.environment.settings = nlohmann::json{{"path", (testData() / "sim").string()}}.dump();
        spec.environment.python = SQIL_PYTHON;
        spec.environment.workers = 2;
        spec.environment.slots = 2;
        spec.episodes = 6;
        return spec;
    }

private:
    /// relu(±2·(goal − place)) through a second layer that keeps it, and their difference at the end; small random
    /// weights beside, so that rounding has something to spoil.
    static PolicyFile file() {
        at::manual_seed(3);
        at::Tensor first = 0.3 * at::randn({8, 4}), second = 0.1 * at::randn({8, 8}), last = 0.05 * at::randn({2, 8});
        for (int axis = 0; axis < 2; ++axis)
            for (int sign = 0; sign < 2; ++sign) {
                const int row = 2 * axis + sign;
                const double factor = sign == 0 ? 2 : -2;
                first[row].zero_();
                first[row][axis] = -factor;
                first[row][2 + axis] = factor;
                second[row][row] += 1;
                last[axis][row] += sign == 0 ? 1 : -1;
            }
        PolicyFile policy;
        PolicyGraph& graph = policy.graph;
        const auto meta = [](std::vector<Dimension> sizes) { return TensorMeta{at::kFloat, std::move(sizes), {}}; };
        const Dimension batch = std::string("s0");
        graph.symbolRanges["s0"] = {1, 4096};
        ValueId value = graph.addValue("observation", meta({batch, std::int64_t{4}}));
        graph.inputs = {value};
        int number = 0;
        for (const at::Tensor& weight : {first, second, last}) {
            const std::string name = "layer" + std::to_string(number++);
            const auto bind = [&](const std::string& suffix, const at::Tensor& tensor) -> Argument {
                Binding binding;
                binding.value =
                    graph.addValue(name + "_" + suffix, meta({tensor.sizes().begin(), tensor.sizes().end()}));
                binding.name = name + "." + suffix;
                binding.tensor = tensor;
                graph.bindings.push_back(binding);
                return {suffix, binding.value};
            };
            const auto add = [&](const std::string& target, std::vector<Argument> arguments) {
                Node node;
                node.target = target;
                node.arguments = std::move(arguments);
                value = graph.addValue(name + "_out", meta({batch, weight.size(0)}));
                node.name = graph.values[static_cast<std::size_t>(value)].name;
                node.outputs = {value};
                node.module = name;
                graph.nodes.push_back(std::move(node));
            };
            add("aten::linear", {{"input", value}, bind("weight", weight), bind("bias", at::zeros({weight.size(0)}))});
            if (number < 3)
                add("aten::relu", {{"self", value}});
        }
        graph.outputs = {value};
        PolicyCard card;
        card.name = "point";
        CardInput input;
        input.name = input.key = "observation";
        card.inputs = {input};
        card.dimensions = {{"x", "", 1, 0}, {"y", "", 1, 0}};
        policy.extraFiles["policy.card.json"] = toJson(card);
        return policy;
    }

    std::filesystem::path folder_;
};

}  // namespace sqil::test
