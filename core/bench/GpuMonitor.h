#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/Result.h"

namespace sqil {

/// What the driver says of a GPU at this moment; none: this GPU does not tell.
struct GpuState {
    std::optional<double> percent;            ///< share of the last fraction of a second in which a kernel ran
    std::optional<std::int64_t> memoryBytes;  ///< in use by all programs
    std::optional<double> watts;              ///< of the whole board
    std::optional<double> graphicsMegahertz, memoryMegahertz;
};

/// The machine's NVIDIA GPUs through their management library (NVML), which is loaded at run time: a machine without a
/// driver answers with a reason. GPUs are counted as NVML does, in the order of their bus. Any thread.
class GpuMonitor {
public:
    /// $SQIL_NVML, or libnvidia-ml.so.1 of the driver. Error: what is missing.
    static Result<std::shared_ptr<const GpuMonitor>> open();
    ~GpuMonitor();
    GpuMonitor(const GpuMonitor&) = delete;
    GpuMonitor& operator=(const GpuMonitor&) = delete;

    const std::string& driver() const { return driver_; }  ///< "550.54.15"
    unsigned count() const { return count_; }
    std::string name(unsigned gpu) const;  ///< "NVIDIA H100 80GB HBM3"
    std::string uuid(unsigned gpu) const;  ///< "GPU-…"
    std::optional<std::int64_t> totalMemoryBytes(unsigned gpu) const;
    GpuState state(unsigned gpu) const;
    /// Of the board since the driver was loaded; none before Volta.
    std::optional<double> totalJoules(unsigned gpu) const;

    /// Which of them is "cuda:1" for this process: the entry of $CUDA_VISIBLE_DEVICES, counted in the order of the bus.
    Result<unsigned> indexOf(std::string_view device) const;

private:
    struct Library;
    GpuMonitor() = default;
    void* handle(unsigned gpu) const;

    std::unique_ptr<Library> library_;
    std::string driver_;
    unsigned count_ = 0;
};

/// The entry of a list as $CUDA_VISIBLE_DEVICES holds it that "cuda:N" means: with none, N itself. Error: no CUDA
/// device, or the list is shorter.
Result<std::string> visibleDevice(std::string_view device, const std::optional<std::string>& visible);

}  // namespace sqil
