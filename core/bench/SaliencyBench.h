#pragma once
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// What `sqil bench saliency` measures.
struct SaliencyBenchOptions {
    std::filesystem::path python;        ///< of the reference environment; empty: only our two ways
    std::filesystem::path scripts;       ///< folder with saliency_reference.py and saliency_policies.py
    std::filesystem::path policies;      ///< folder of nature-cnn.pt2 and resnet34.pt2, made there where missing
    std::filesystem::path samplePolicy;  ///< empty: left out
    double seconds = 60;                 ///< of measuring, over all cases; at least three rounds each
    int threads = 2;
};

/// Times the saliency of one frame, in one run and in turns: our engine, our engine running
/// every perturbed input in full, the published Python loop and batched PyTorch; and compares
/// their maps. Per case and way: median and its 95 % interval in milliseconds; ratios are medians over rounds.
/// {"machine": {…}, "cases": [{"name", "places", "ways": {"auto": {"median_ms", "low_ms", "high_ms"}, …},
///  "ratios": {"published_over_auto": {…}, …}, "agreement": {…}}, …], "notes": […]}
Result<nlohmann::json> benchSaliency(const SaliencyBenchOptions& options, const Progress& progress = {});

}  // namespace sqil
