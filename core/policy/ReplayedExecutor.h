#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/policy/DeviceGraph.h"
#include "core/policy/GraphExecutor.h"

namespace sqil {

/// Runs a policy on a device by replaying: the first run for inputs of new sizes or types records what it starts there
/// (DeviceGraph), later ones copy their inputs to where that reads them. What cannot be recorded runs as it is. The
/// policy's tensors must not be replaced meanwhile. Runs of several threads wait for
/// each other, and must be on one stream of the device.
class ReplayedExecutor {
public:
    ReplayedExecutor(GraphExecutor executor, at::Device device);

    /// As GraphExecutor::run(); the outputs are the caller's.
    Result<std::vector<at::Tensor>> run(std::span<const at::Tensor> inputs);

    /// Why the last run was not replayed; empty: it was.
    std::string fallBack() const;
    const GraphExecutor& executor() const { return *executor_; }

    static constexpr std::size_t kMostShapes = 8;  ///< then the one that was used longest ago is recorded anew

private:
    struct Recording {
        std::vector<at::Tensor> inputs;  ///< where the graph reads them
        std::unique_ptr<DeviceGraph> graph;
        std::string problem;  ///< why there is no graph
    };
    Recording& recordingOf(std::span<const at::Tensor> inputs);

    std::shared_ptr<const GraphExecutor> executor_;
    at::Device device_;
    mutable std::mutex mutex_;
    std::list<Recording> recordings_;  ///< latest first
    std::string fallBack_;
};

}  // namespace sqil
