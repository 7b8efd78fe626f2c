#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/AnalyzerFactory.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/quant/LayerBits.h"
#include "core/quant/QuantSpec.h"

/// Which layers are to blame for the action gap. No LibTorch in this header.
namespace sqil {

/// A layer whose width can be chosen.
struct SensitiveLayer {
    std::string name;
    std::string target;  ///< "aten::conv2d"
    std::vector<std::int64_t> weightShape;
    std::int64_t parameters = 0;       ///< elements of the weight
    LayerBits bits;                    ///< the recipe's
    std::vector<std::size_t> sharing;  ///< layers with the same weight, itself among them: they have one width
};

/// A layer's blame: mean action gap to the full-precision policy over the steps, ‖a_FP − a‖₂ in normalized units.
struct LayerBlame {
    LayerBits bits;
    double alone = 0;                ///< only this layer (and those that share its weight) quantized
    double allBut = 0;               ///< all layers but this one quantized
    double relativeWeightError = 0;  ///< ‖w − γ·w_q‖ / ‖w‖
};

struct BlameReport {
    std::int64_t steps = 0;  ///< that were run; those with non-finite observations are left out
    double gap = 0;          ///< mean, all layers quantized
    std::vector<LayerBlame> layers;
    bool operator==(const BlameReport& other) const;  ///< bit by bit
};

/// Which runs a report needs.
enum class BlameRuns { Alone, AloneAndAllBut };

/// Values before and after quantization, counted in equal bins from `minimum` to `maximum`.
struct QuantizationHistogram {
    double minimum = 0, maximum = 0;
    std::vector<std::int64_t> before, after;
    double step = 0;  ///< γ, where there is one for all; 0: several, or not quantized
};

struct LayerHistograms {
    QuantizationHistogram weights;
    QuantizationHistogram activations;  ///< what the layer reads, over the calibration steps
};

/// A policy whose layers are quantized one by one, in memory. Not thread-safe: one thread at a time.
class LayerSensitivity {
public:
    /// With `paths.quantized`: that policy's layers as they are (MixedPrecision.h says which policies fit). Without it:
    /// layers as `spec` quantizes them after training.
    static Result<std::unique_ptr<LayerSensitivity>> open(const PolicyPaths& paths, std::shared_ptr<Rollouts> rollouts,
                                                          const QuantSpec& spec, const Progress& progress = {});
    virtual ~LayerSensitivity() = default;

    virtual const std::vector<SensitiveLayer>& layers() const = 0;  ///< in the order of the graph
    virtual std::vector<LayerBits> recipeBits() const = 0;
    virtual std::string specJson() const = 0;  ///< method and QuantSpec: what the numbers depend on

    /// Every layer's blame at these widths, over at most `steps` recorded steps spread over the data set. Runs only
    /// what lies behind a layer: what is before it is kept from one run. Without the runs of all but one,
    /// LayerBlame::allBut is NaN.
    virtual Result<BlameReport> blame(std::span<const LayerBits> bits, std::int64_t steps,
                                      BlameRuns runs = BlameRuns::AloneAndAllBut, const Progress& progress = {}) = 0;
    /// The mean gap over those steps at these widths: BlameReport::gap without the rest.
    virtual Result<double> meanGap(std::span<const LayerBits> bits, std::int64_t steps,
                                   const Progress& progress = {}) = 0;
    /// The gap of every step of an episode at these widths; NaN where an observation is not finite.
    virtual Result<std::vector<float>> gaps(std::span<const LayerBits> bits, std::size_t episode,
                                            const Progress& progress = {}) = 0;
    virtual Result<LayerHistograms> histograms(std::size_t layer, LayerBits bits, const Progress& progress = {}) = 0;
    /// The policy at these widths as a .pt2 with its recipe and card.
    virtual Result<void> save(std::span<const LayerBits> bits, const std::filesystem::path& path,
                              const Progress& progress = {}) = 0;
};

/// A choice of widths, and what it costs.
struct BitSuggestion {
    std::vector<LayerBits> bits;
    double gap = 0;             ///< mean, over the same steps as the report's
    double meanWeightBits = 0;  ///< over all weights of the layers, 16 for those in floating point
};

/// Low weight bits within a budget for the mean gap, greedily: the gap of a choice is estimated as the root of the sum
/// of squares of what each layer does alone at its width (8, 6, 4, 3 or 2 bits); from 8 bits everywhere, the narrowing
/// with the least growth for the bits that it saves is taken again and again. Then the true gap is computed, and the
/// last narrowings are undone until it is within the budget. Activations stay as in `bits`. Error: 8 bits exceed the
/// budget.
Result<BitSuggestion> suggestBits(LayerSensitivity& sensitivity, std::span<const LayerBits> bits, double budget,
                                  std::int64_t steps, const Progress& progress = {});

}  // namespace sqil
