#pragma once
#include <ATen/core/Tensor.h>

namespace sqil {

/// Bytes on a device (not the CPU); writing all of them leaves its caches without anything else. Fewer where its memory
/// is short. Throws c10::Error where even those are too many.
at::Tensor flushMemory(at::Device device);

}  // namespace sqil
