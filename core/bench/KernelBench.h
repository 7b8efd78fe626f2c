#pragma once
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// What `sqil bench kernels` measures.
struct KernelBenchOptions {
    std::filesystem::path python;   ///< with onnx and onnxruntime; empty: without ONNX Runtime
    std::filesystem::path scripts;  ///< folder of kernel_reference.py
    double seconds = 60;            ///< of measuring, over all cases; at least three rounds each
    int threads = 2;
};

/// Times every low-bit linear operator on the shapes of Llama-2-7B and of a policy's MLP, over more weights than caches
/// hold, in one run and in turns with the alternatives: LibTorch's float and bfloat16 linear, its own 4-bit kernel,
/// ONNX Runtime's MatMulNBits and MatMulInteger. Each as a share of the machine's roofs, measured in the same run.
/// {"machine": {…}, "roofs": {…}, "cases": [{"name", "bytes", "operations", "ways": {"sqil linear_w4a16":
/// {"median_ms", …}}, "roof_share": {…}, "ratios": {"torch bfloat16_over_sqil linear_w4a16": {…}}}], "notes": […]}
Result<nlohmann::json> benchKernels(const KernelBenchOptions& options, const Progress& progress = {});

/// Every kernel against its scalar reference on this processor, and every CUDA kernel against the processor's:
/// {"machine", "instructions", "kernels": [{"kernel", "cases", "failures", "worst_share_of_bound"}], "cuda":
/// {"kernels": …} or {"skipped": why}, "passed"}.
nlohmann::json verifyKernels();

}  // namespace sqil
