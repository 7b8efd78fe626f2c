#include "core/bench/TensorMemory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CachingDeviceAllocator.h>
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

std::optional<std::int64_t> peakOnDevice(const std::function<void()>& work, at::Device device) try {
    auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
    if (!allocator)
        return std::nullopt;
    const auto bytes = [&] {
        return allocator->getDeviceStats(device.index())
            .allocated_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
    };
    allocator->resetPeakStats(device.index());
    const std::int64_t before = bytes().current;
    work();
    return bytes().peak - before;
} catch (const c10::Error&) {
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> peakTensorMemory(const std::function<void()>& work, at::Device device) {
    if (!device.is_cpu())
        return peakOnDevice(work, device);
    const auto recorder = std::make_shared<Recorder>();
    const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, recorder);
    work();
    return recorder->peak();
}

}  // namespace sqil
