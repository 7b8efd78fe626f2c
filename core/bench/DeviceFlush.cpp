#include "core/bench/DeviceFlush.h"

#include <ATen/Functions.h>
#include <algorithm>

#include "core/policy/DeviceMemory.h"

namespace sqil {

at::Tensor flushMemory(at::Device device) {
    constexpr std::int64_t wanted = std::int64_t{256} << 20;  // more than the caches of any GPU
    const auto memory = memoryOf(device);
    return at::zeros({memory ? std::min(wanted, memory->free / 32) : wanted / 16},
                     at::TensorOptions(device).dtype(at::kByte));
}

}  // namespace sqil
