#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include <c10/core/Device.h>

namespace sqil {

/// The most memory that `work` holds at once in tensors, in bytes: on the CPU of those that it allocates on this
/// thread, on another device of all that are allocated meanwhile. None where the device does not tell.
std::optional<std::int64_t> peakTensorMemory(const std::function<void()>& work, at::Device device = at::kCPU);

}  // namespace sqil
