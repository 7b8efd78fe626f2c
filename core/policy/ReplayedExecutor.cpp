#include "core/policy/ReplayedExecutor.h"

#include <ATen/Functions.h>
#include <algorithm>

#include "core/policy/DeviceMemory.h"

namespace sqil {
namespace {

bool fits(const std::vector<at::Tensor>& known, std::span<const at::Tensor> inputs) {
    return std::equal(
        known.begin(), known.end(), inputs.begin(), inputs.end(), [](const at::Tensor& one, const at::Tensor& other) {
            return other.defined() && one.sizes() == other.sizes() && one.scalar_type() == other.scalar_type();
        });
}

}  // namespace

ReplayedExecutor::ReplayedExecutor(GraphExecutor executor, at::Device device)
    : executor_(std::make_shared<const GraphExecutor>(std::move(executor))), device_(device) {}

ReplayedExecutor::Recording& ReplayedExecutor::recordingOf(std::span<const at::Tensor> inputs) {
    for (auto known = recordings_.begin(); known != recordings_.end(); ++known)
        if (fits(known->inputs, inputs)) {
            recordings_.splice(recordings_.begin(), recordings_, known);
            return recordings_.front();
        }
    if (recordings_.size() >= kMostShapes)
        recordings_.pop_back();
    Recording recording;
    for (const at::Tensor& input : inputs)
        recording.inputs.push_back(input.to(device_, input.scalar_type(), false, /*copy=*/true).contiguous());
    auto graph = recordGraph(device_, [executor = executor_, own = recording.inputs] {
        auto outputs = executor->run(own);
        TORCH_CHECK(outputs.has_value(), outputs.error().message);
        return std::move(*outputs);
    });
    if (graph)
        recording.graph = std::move(*graph);
    else
        recording.problem = graph.error().message;
    return recordings_.emplace_front(std::move(recording));
}

std::string ReplayedExecutor::fallBack() const {
    const std::lock_guard lock(mutex_);
    return fallBack_;
}

Result<std::vector<at::Tensor>> ReplayedExecutor::run(std::span<const at::Tensor> inputs) {
    const std::lock_guard lock(mutex_);
    const bool allGiven = std::ranges::all_of(inputs, [](const at::Tensor& input) { return input.defined(); });
    try {
        Recording* recording = allGiven ? &recordingOf(inputs) : nullptr;
        fallBack_ = recording ? recording->problem : "an input is not given";
        if (!recording || !recording->graph)
            return executor_->run(inputs);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            recording->inputs[i].copy_(inputs[i]);
        recording->graph->replay();
        std::vector<at::Tensor> outputs;
        for (const at::Tensor& output : recording->graph->outputs())
            outputs.push_back(output.clone());
        return outputs;
    } catch (const c10::Error& error) {
        return tl::unexpected(deviceError(error, device_, "replaying the policy"));
    }
}

}  // namespace sqil
