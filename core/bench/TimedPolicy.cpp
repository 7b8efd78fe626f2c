#include "core/bench/TimedPolicy.h"

#include <ATen/ATen.h>

#include <set>

#include "core/bench/Machine.h"
#include "core/bench/TensorMemory.h"
#include "core/policy/DeviceMemory.h"
#include "core/quant/lowering/DeviceWeights.h"

namespace sqil {
namespace {

double bytesOf(const PolicyGraph& graph) {
    double bytes = 0;
    std::set<const void*> counted;
    for (const Binding& binding : graph.bindings)
        if (binding.tensor.defined() && counted.insert(binding.tensor.const_data_ptr()).second)
            bytes += static_cast<double>(binding.tensor.nbytes());
    return bytes;
}

}  // namespace

TimedPolicy::TimedPolicy(GraphExecutor executor, at::Device device, std::vector<at::Tensor> inputs, bool replays)
    : clock_(device), inputs_(std::move(inputs)) {
    if (replays && !device.is_cpu())
        replayed_ = std::make_unique<ReplayedExecutor>(std::move(executor), device);
    else
        executor_ = std::move(executor);
}

Result<TimedPolicy> TimedPolicy::create(PolicyGraph graph, at::Device device, std::vector<at::Tensor> inputs,
                                        bool replays) {
    if (!device.is_cpu())
        if (auto moved = moveLowered(graph, device); !moved)
            return tl::unexpected(moved.error());
    auto executor = GraphExecutor::create(graph);
    if (!executor)
        return tl::unexpected(executor.error());
    TimedPolicy policy(std::move(*executor), device, std::move(inputs), replays);
    policy.weightBytes_ = bytesOf(graph);
    return policy;
}

std::vector<at::Tensor> TimedPolicy::inputsOnDevice() const {
    std::vector<at::Tensor> inputs = inputs_;
    for (at::Tensor& input : inputs)
        input = input.to(clock_.device());
    return inputs;
}

Result<std::vector<at::Tensor>> TimedPolicy::run(const std::vector<at::Tensor>& inputs) {
    return replayed_ ? replayed_->run(inputs) : executor_->run(inputs);
}

Result<std::vector<at::Tensor>> TimedPolicy::step() try {
    auto outputs = run(inputsOnDevice());
    if (outputs)
        for (at::Tensor& output : *outputs)
            output = output.cpu();
    return outputs;
} catch (const c10::Error& error) {
    return tl::unexpected(deviceError(error, clock_.device(), "one step"));
}

Result<double> TimedPolicy::stepSeconds() {
    const double start = now();
    if (auto outputs = step(); !outputs)
        return tl::unexpected(outputs.error());
    return now() - start;
}

Result<double> TimedPolicy::computeSeconds() try {
    const auto inputs = inputsOnDevice();
    std::optional<Error> problem;
    const double seconds = clock_.seconds([&] {
        if (auto outputs = run(inputs); !outputs)
            problem = outputs.error();
    });
    if (problem)
        return tl::unexpected(*problem);
    return seconds;
} catch (const c10::Error& error) {
    return tl::unexpected(deviceError(error, clock_.device(), "one step"));
}

std::optional<std::int64_t> TimedPolicy::peakBytes() try {
    const GraphExecutor& executor = replayed_ ? replayed_->executor() : *executor_;
    const auto inputs = inputsOnDevice();
    bool ran = false;
    const auto peak = peakTensorMemory([&] { ran = executor.run(inputs).has_value(); }, clock_.device());
    return ran ? peak : std::nullopt;
} catch (const c10::Error&) {
    return std::nullopt;  // the times measured before are worth keeping
}

}  // namespace sqil
