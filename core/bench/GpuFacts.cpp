#include "core/bench/GpuFacts.h"

#include "core/bench/GpuMonitor.h"

namespace sqil {

nlohmann::json describeGpu(const std::string& device) {
    const auto gpus = GpuMonitor::open();
    const auto gpu = gpus ? (*gpus)->indexOf(device) : Result<unsigned>(tl::unexpected(gpus.error()));
    if (!gpu)
        return {{"problem", gpu.error().message}};
    nlohmann::json facts{{"name", (*gpus)->name(*gpu)}, {"driver", (*gpus)->driver()}};
    const GpuState state = (*gpus)->state(*gpu);
    if (state.graphicsMegahertz)
        facts["graphics_mhz"] = *state.graphicsMegahertz;
    if (state.memoryMegahertz)
        facts["memory_mhz"] = *state.memoryMegahertz;
    if (state.watts)
        facts["watts"] = *state.watts;
    return facts;
}

}  // namespace sqil
