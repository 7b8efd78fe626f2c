#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <c10/core/Device.h>
#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// What `sqil bench policy` measures.
struct PolicyBenchOptions {
    std::filesystem::path policy;    ///< full precision, or quantized already: then that recipe instead of `widths`
    std::filesystem::path rollouts;  ///< what the policy is calibrated and timed on; empty: random inputs, batch 1
    std::vector<std::string> widths{"W8A8", "W4A4", "W4A8", "W8A16",
                                    "W4A16"};  ///< quantized after training, per channel
    bool bfloat16 = true;
    std::filesystem::path onnx;     ///< a quantized ONNX model to time beside (needs `python`); empty: none
    std::filesystem::path python;   ///< with onnxruntime
    std::filesystem::path scripts;  ///< folder of kernel_reference.py
    double controlRate = 0;         ///< steps a second that the robot needs; 0: the card's, where it says one
    double seconds = 30;            ///< of measuring, over all ways; at least five rounds
    int threads = 2;
    std::string device = "cpu";  ///< or "cuda:0": a step then includes bringing its inputs there and its outputs back
    bool graphs = false;         ///< on a GPU: steps are recorded once and replayed (CUDA graphs), where that works
};

/// Times one step of a policy (its inputs in memory to its outputs, batch 1) with every width's packed operators
/// (lowerPolicy()), in one run and in turns with the same graph in float32 and bfloat16; with warm caches, and after a
/// pass over memory that leaves them cold. On a GPU also its own time for a step, between two events. Memory: the
/// policy's tensors and the most that a step holds besides. Energy of the device where it can be read: the processor's
/// counters, a GPU's counter or its sampled power. Says what it could not measure, and which layers stayed in floating
/// point.
/// {"benchmark": "policy", "machine", "device", "seed", "policy", "energy_from", "ways": {"W8A8": {"latency_ms":
/// {"p50", "p90", "p99"}, "median_ms", "low_ms", "high_ms", "best_ms", "cold_ms", "device_ms", "replayed",
/// "actions_per_second", "times_control_rate", "weights_mb", "step_mb", "energy_mj", "distance", "floating_point":
/// [{"layer", "reason", "share_of_multiplications"}]}}, "ratios": {"float32_over_W8A8": …}, "notes"} "distance":
/// ‖outputs − float32 outputs‖ / ‖float32 outputs‖ on the timed input.
Result<nlohmann::json> benchPolicy(const PolicyBenchOptions& options, const Progress& progress = {});
/// The same on an opened device, whatever options.device calls it.
Result<nlohmann::json> benchPolicyOn(at::Device device, const PolicyBenchOptions& options,
                                     const Progress& progress = {});

}  // namespace sqil
