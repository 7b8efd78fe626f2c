#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

class Rollouts;

/// One quantized layer, as a report shows it (no LibTorch in this header).
struct QuantizedLayerReport {
    std::string layer;
    int weightBits = 16;
    int activationBits = 16;
    double relativeWeightError = 0;  ///< ‖w − γ·w_q‖ / ‖w‖, w as it was before rounding: folded, scaled or rotated
    std::vector<std::string> notes;  ///< what else was done to it, in words: "batch norm folded in"
};

/// Reads a full-precision policy, quantizes it after training (QuantSpec::method) with the rollouts for calibration and
/// writes the result as .pt2 with its card in the archive. Returns what was done to each layer. A policy that is
/// quantized already is refused.
Result<std::vector<QuantizedLayerReport>> quantizePolicyFile(const std::filesystem::path& policy,
                                                             const std::filesystem::path& card, Rollouts& rollouts,
                                                             const QuantSpec& spec, const std::filesystem::path& out,
                                                             const Progress& progress = {});

/// The same, opening the rollouts and looking for the card beside the policy.
Result<void> quantizePolicyFile(const std::filesystem::path& policy, const std::filesystem::path& rollouts,
                                const QuantSpec& spec, const std::filesystem::path& out, const Progress& progress);

}  // namespace sqil
