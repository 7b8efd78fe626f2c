#pragma once
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// What `sqil bench train` measures.
struct TrainBenchOptions {
    std::filesystem::path policy, rollouts;
    QuantSpec spec;  ///< of the quantized step
    int batch = 64;
    double seconds = 30;  ///< of measuring; at least three rounds
    int threads = 2;
};

/// Times one training step (forward, squared error to the full-precision policy, backward, Adam) on recorded steps, in
/// turns: in full precision, quantized with learned steps (LearnedStep.h), and the same graph with PyTorch's own
/// learnable fake quantizers. {"machine": …, "ways": {"full_precision": {"median_ms", …}, "quantized", "pytorch"},
/// "ratios": {"quantized_over_full_precision": …, "pytorch_over_full_precision": …}}
Result<nlohmann::json> benchTrain(const TrainBenchOptions& options, const Progress& progress = {});

}  // namespace sqil
