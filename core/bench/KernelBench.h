#pragma once
#include <filesystem>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include <c10/core/Device.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/bench/KernelWays.h"

namespace sqil {

/// What `sqil bench kernels` measures.
struct KernelBenchOptions {
    std::filesystem::path python;   ///< with onnx and onnxruntime; empty: without ONNX Runtime
    std::filesystem::path scripts;  ///< folder of kernel_reference.py
    double seconds = 60;            ///< of measuring, over all cases; at least three rounds each
    int threads = 2;
    std::string device = "cpu";  ///< or "cuda:0"
};

/// Times every low-bit linear operator on the shapes of Llama-2-7B and of a policy's MLP, over more weights than caches
/// hold, in one run and in turns with the alternatives: LibTorch's float and bfloat16 linear, its own 4-bit kernel,
/// ONNX Runtime's MatMulNBits and MatMulInteger. Each as a share of the machine's roofs, measured in the same run.
/// On CUDA: with events, calls recorded and replayed as a graph where that works; beside cuBLAS (at::linear) and
/// LibTorch's own low-bit kernels; the roofs are the bandwidth of a copy and cuBLAS' products. "warm_ms": the same
/// layer again, its weights read just before. What could not be measured, and why, is in the notes. Error: no such
/// device, no kernels for it, or its memory does not suffice for any case.
/// {"machine": {…}, "roofs": {…}, "cases": [{"name", "bytes", "operations", "ways": {"sqil linear_w4a16":
/// {"median_ms", …}}, "roof_share": {…}, "ratios": {"torch bfloat16_over_sqil linear_w4a16": {…}}}], "notes": […]}
Result<nlohmann::json> benchKernels(const KernelBenchOptions& options, const Progress& progress = {});
/// The same for cases of one's own on an opened device.
Result<nlohmann::json> benchKernelsOn(at::Device device, std::span<const KernelCase> cases,
                                      const KernelBenchOptions& options, const Progress& progress = {});

/// Every kernel against its scalar reference on this processor, and every CUDA kernel against the processor's:
/// {"machine", "instructions", "kernels": [{"kernel", "cases", "failures", "worst_share_of_bound"}], "cuda":
/// {"kernels": …} or {"skipped": why}, "passed"}.
nlohmann::json verifyKernels();

}  // namespace sqil
