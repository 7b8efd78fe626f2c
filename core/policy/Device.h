#pragma once
#include <string_view>

#include <c10/core/Device.h>

#include "core/base/Result.h"

namespace sqil {

/// "cpu", "cuda" or "cuda:1". The first call for CUDA loads libtorch_cuda.so from beside
/// libtorch_cpu.so, so that programs start fast and run on machines without a GPU; it must come
/// before anything else asks LibTorch whether CUDA is there, because that answer is kept.
/// The error says what is missing: library, driver or device. May be called from any thread.
Result<at::Device> openDevice(std::string_view name);

}  // namespace sqil
