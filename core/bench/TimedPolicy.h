#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/bench/DeviceClock.h"
#include "core/policy/PolicyGraph.h"
#include "core/policy/ReplayedExecutor.h"

namespace sqil {

/// A policy's graph brought to a device, a step of which is timed on the same inputs again and again.
class TimedPolicy {
public:
    /// `replays`: on a device its steps are recorded once and replayed (ReplayedExecutor). Error: the device's memory
    /// does not suffice, or an operator is not known.
    static Result<TimedPolicy> create(PolicyGraph graph, at::Device device, std::vector<at::Tensor> inputs,
                                      bool replays);

    /// From inputs in the machine's memory to outputs in it.
    Result<std::vector<at::Tensor>> step();
    Result<double> stepSeconds();
    /// Of a device: its own time for what step() starts there, without the way of inputs and outputs.
    Result<double> computeSeconds();
    /// The most that a step holds besides the policy, in bytes; none where the device does not tell.
    std::optional<std::int64_t> peakBytes();

    double weightBytes() const { return weightBytes_; }
    /// Why steps are not replayed; empty: they are, or were not to be.
    std::string notReplayed() const { return replayed_ ? replayed_->fallBack() : std::string(); }
    bool isReplayed() const { return replayed_ && replayed_->fallBack().empty(); }

private:
    TimedPolicy(GraphExecutor executor, at::Device device, std::vector<at::Tensor> inputs, bool replays);
    Result<std::vector<at::Tensor>> run(const std::vector<at::Tensor>& inputs);
    std::vector<at::Tensor> inputsOnDevice() const;

    DeviceClock clock_;
    std::vector<at::Tensor> inputs_;
    std::optional<GraphExecutor> executor_;
    std::unique_ptr<ReplayedExecutor> replayed_;
    double weightBytes_ = 0;
};

}  // namespace sqil
