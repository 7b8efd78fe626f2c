#include "core/bench/DeviceUsage.h"

#include "core/bench/Machine.h"

namespace sqil {

DeviceUsage::DeviceUsage(const std::string& device) {
    if (device == "cpu") {
        noGpu_ = "the job runs on the processor";
        return;
    }
    auto opened = GpuMonitor::open();
    const auto index = opened ? (*opened)->indexOf(device) : Result<unsigned>(tl::unexpected(opened.error()));
    if (!index) {
        noGpu_ = index.error().message;
        return;
    }
    monitor_ = *opened;
    gpu_ = *index;
}

nlohmann::json DeviceUsage::read() {
    nlohmann::json usage = nlohmann::json::object(), absent = nlohmann::json::object();
    const double time = now();
    if (!processor_.problem().empty()) {
        absent["cpu_watts"] = processor_.problem();
    } else {
        if (const auto joules = last_ ? processor_.joules() : std::nullopt; joules && time > *last_)
            usage["cpu_watts"] = *joules / (time - *last_);
        processor_.start();
        last_ = time;
    }
    if (!monitor_) {
        absent["gpu"] = noGpu_;
    } else {
        const GpuState state = monitor_->state(gpu_);
        const auto put = [&](const char* name, const auto& value) {
            if (value)
                usage[name] = *value;
            else
                absent[name] = monitor_->name(gpu_) + " does not tell it";
        };
        put("gpu_percent", state.percent);
        put("gpu_memory", state.memoryBytes);
        put("gpu_watts", state.watts);
        put("gpu_mhz", state.graphicsMegahertz);
    }
    usage["absent"] = std::move(absent);
    return usage;
}

}  // namespace sqil
