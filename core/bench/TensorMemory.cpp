#include "core/bench/TensorMemory.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <memory>

namespace sqil {
namespace {

/// LibTorch tells every allocation and release to whoever asks as its memory profiler does.
class Recorder : public c10::MemoryReportingInfoBase {
public:
    void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device device) override {
        if (!device.is_cpu())
            return;
        held_ += size;  // negative where it is released
        peak_ = std::max(peak_, held_);
    }
    bool memoryProfilingEnabled() const override { return true; }
    std::int64_t peak() const { return peak_; }

private:
    std::int64_t held_ = 0, peak_ = 0;
};

}  // namespace

std::int64_t peakTensorMemory(const std::function<void()>& work) {
    const auto recorder = std::make_shared<Recorder>();
    const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, recorder);
    work();
    return recorder->peak();
}

}  // namespace sqil
