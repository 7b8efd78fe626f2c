#pragma once
#include <optional>
#include <string>

#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include "core/base/Result.h"

namespace sqil {

/// What a device has, in bytes.
struct DeviceMemory {
    std::int64_t free = 0, total = 0;
};
/// None for the CPU, and where the device does not tell.
std::optional<DeviceMemory> memoryOf(at::Device device);

/// LibTorch's error in words for the user. Where the device ran out of memory: what asked for how much, what is free,
/// and what to do (ErrorKind::Io). Any other: its first line (ErrorKind::Unsupported). `doing`: "moving the policy".
Error deviceError(const c10::Error& error, at::Device device, const std::string& doing);

}  // namespace sqil
