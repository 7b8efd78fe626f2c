#include "core/policy/DeviceMemory.h"

#include <c10/core/CachingDeviceAllocator.h>

#include <array>
#include <cstdio>

namespace sqil {
namespace {

/// "1.50 GiB"
std::string sizeText(double bytes) {
    static constexpr std::array<const char*, 4> units{"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < units.size(); ++unit)
        bytes /= 1024;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
    return text.data();
}

/// What was asked for, as LibTorch's allocators word it: "Tried to allocate 2.00 GiB." (devices), "you tried to
/// allocate 123 bytes." (the processor).
std::string askedFor(const std::string& message) {
    for (const char* before : {"Tried to allocate ", "tried to allocate "}) {
        const auto start = message.find(before);
        if (start == std::string::npos)
            continue;
        const auto number = start + std::string(before).size();
        const auto unit = message.find(' ', number);
        const auto end = unit == std::string::npos ? unit : message.find_first_of(". \n", unit + 1);
        if (end != std::string::npos)
            return message.substr(number, end - number);
    }
    return {};
}

}  // namespace

std::optional<DeviceMemory> memoryOf(at::Device device) {
    if (device.is_cpu())
        return std::nullopt;
    try {
        auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
        if (!allocator)
            return std::nullopt;
        const auto [free, total] = allocator->getMemoryInfo(device.has_index() ? device.index() : 0);
        return DeviceMemory{static_cast<std::int64_t>(free), static_cast<std::int64_t>(total)};
    } catch (const c10::Error&) {
        return std::nullopt;
    }
}

Error deviceError(const c10::Error& error, at::Device device, const std::string& doing) {
    const std::string message = error.what_without_backtrace();
    const bool noMemory = dynamic_cast<const c10::OutOfMemoryError*>(&error) ||
                          message.find("DefaultCPUAllocator: can't allocate memory") != std::string::npos;
    if (!noMemory)
        return {ErrorKind::Unsupported, doing + ": " + message.substr(0, message.find('\n'))};
    std::string text = doing + ": " + (device.is_cpu() ? "the machine" : device.str()) + " is out of memory";
    if (const std::string asked = askedFor(message); !asked.empty())
        text += ": " + asked + " more were needed";
    if (const auto memory = memoryOf(device))
        text += ", " + sizeText(static_cast<double>(memory->free)) + " of " +
                sizeText(static_cast<double>(memory->total)) + " are free";
    text += ". Use a smaller batch or fewer bits, or end other programs that use it";
    if (!device.is_cpu())
        text += ", or compute on the CPU (--device cpu)";
    return {ErrorKind::Io, text};
}

}  // namespace sqil
