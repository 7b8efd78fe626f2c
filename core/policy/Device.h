#pragma once
#include <filesystem>
#include <string_view>

#include <c10/core/Device.h>

#include "core/base/Result.h"

namespace sqil {

/// "cpu", "cuda" or "cuda:1". The first call for CUDA loads libtorch_cuda.so from beside
/// libtorch_cpu.so, and then the low-bit operators for it (plugins/cuda), so that programs start
/// fast and run on machines without a GPU; it must come before anything else asks LibTorch whether
/// CUDA is there, because that answer is kept.
/// The error says what is missing: library, driver or device. May be called from any thread.
Result<at::Device> openDevice(std::string_view name);

/// Loads plugins/cuda from this file: the sqil:: operators for CUDA, and what records graphs there (DeviceGraph.h).
/// openDevice() does it. Error: it is not there, or cannot be loaded.
Result<void> loadCudaOperators(const std::filesystem::path& library);

/// Whether the sqil:: operators run on CUDA here: opens the first device; with libtorch_cuda.so the module plugins/cuda
/// was loaded. The error says what is missing.
Result<void> lowBitCudaKernels();

}  // namespace sqil
