#pragma once
#include <functional>

#include <c10/core/Device.h>

namespace sqil {

/// Times what is started on a device: with two events of its stream (CUDA's, through LibTorch), or, on the CPU, by the
/// machine's clock.
class DeviceClock {
public:
    explicit DeviceClock(at::Device device) : device_(device) {}

    at::Device device() const { return device_; }
    /// Seconds of `work`. `before` comes first and does not count: it empties caches, and keeps a device busy while
    /// the processor starts the work, whose first start would count otherwise. Throws what they throw.
    double seconds(const std::function<void()>& work, const std::function<void()>& before = {}) const;

private:
    at::Device device_;
};

}  // namespace sqil
