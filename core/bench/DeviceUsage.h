#pragma once
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/bench/Energy.h"

namespace sqil {

/// What a job's device does while the job runs, read about once a second. One thread.
class DeviceUsage {
public:
    /// `device`: "cpu" or "cuda:0" as this process sees it.
    explicit DeviceUsage(const std::string& device);

    /// {"cpu_watts", "gpu_percent", "gpu_memory" (bytes, of all programs), "gpu_watts", "gpu_mhz"}, each where it can
    /// be read; "absent": {"cpu_watts": why, "gpu": why}. Watts of the processor: the mean since the last call.
    nlohmann::json read();

private:
    EnergyMeter processor_;
    std::optional<double> last_;  ///< when the processor's counter was last read
    std::shared_ptr<const GpuMonitor> monitor_;
    unsigned gpu_ = 0;
    std::string noGpu_;
};

}  // namespace sqil
