#include "core/policy/DeviceGraph.h"

#include <map>
#include <mutex>

#include "core/policy/DeviceMemory.h"

namespace sqil {
namespace {

std::mutex& recordersGuard() {
    static std::mutex guard;
    return guard;
}

std::map<at::DeviceType, GraphRecorder>& recorders() {
    static auto& all = *new std::map<at::DeviceType, GraphRecorder>;
    return all;
}

}  // namespace

void setGraphRecorder(at::DeviceType type, GraphRecorder recorder) {
    const std::lock_guard lock(recordersGuard());
    recorders()[type] = recorder;
}

Result<std::unique_ptr<DeviceGraph>> recordGraph(at::Device device, const DeviceWork& work) {
    GraphRecorder recorder = nullptr;
    {
        const std::lock_guard lock(recordersGuard());
        if (const auto found = recorders().find(device.type()); found != recorders().end())
            recorder = found->second;
    }
    if (!recorder)
        return fail(ErrorKind::Unsupported, device.is_cpu() ? "work of the CPU is not recorded"
                                                            : "no graphs on " + device.str() +
                                                                  ": plugins/cuda, which records them, is not loaded");
    try {
        return std::unique_ptr<DeviceGraph>(recorder(device, work));
    } catch (const c10::Error& error) {
        return tl::unexpected(deviceError(error, device, "recording a graph"));
    }
}

}  // namespace sqil
