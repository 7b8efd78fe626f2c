#pragma once
#include <cstdint>
#include <functional>

namespace sqil {

/// The most memory that `work` holds at once in tensors it allocates on this thread, in bytes.
std::int64_t peakTensorMemory(const std::function<void()>& work);

}  // namespace sqil
