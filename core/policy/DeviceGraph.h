#pragma once
#include <functional>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"

namespace sqil {

/// Work of a device that was recorded once and is started again as a whole (a CUDA graph): what it costs the processor
/// to start many small kernels is paid once. It reads and writes the memory that it was recorded with.
class DeviceGraph {
public:
    DeviceGraph() = default;
    DeviceGraph(const DeviceGraph&) = delete;
    DeviceGraph& operator=(const DeviceGraph&) = delete;
    virtual ~DeviceGraph() = default;
    /// Starts the work after what the current stream holds; what is started there afterwards waits for it.
    virtual void replay() = 0;
    /// What the work returned when it was recorded: filled anew by every replay.
    const std::vector<at::Tensor>& outputs() const { return outputs_; }

protected:
    std::vector<at::Tensor> outputs_;
};

/// Called a few times; must ask the device for the same every time and not wait for it. Owns what it reads.
using DeviceWork = std::function<std::vector<at::Tensor>()>;

/// Records what `work` asks of the device. The error says why that cannot be: no recorder for this kind of device (the
/// CPU has none; CUDA's is in plugins/cuda), or something that cannot be recorded, such as a look at a number that the
/// device computes.
Result<std::unique_ptr<DeviceGraph>> recordGraph(at::Device device, const DeviceWork& work);

/// Throws c10::Error where the work cannot be recorded; the caller owns the result.
using GraphRecorder = DeviceGraph* (*)(at::Device device, const DeviceWork& work);
/// For whoever brings a kind of device.
void setGraphRecorder(at::DeviceType type, GraphRecorder recorder);

}  // namespace sqil
