#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/Calibration.h"
#include "core/quant/LayerBits.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/QuantizedAssembly.h"

namespace sqil {

/// A policy whose layers are quantized one by one: any layer at any width, in memory. What a layer becomes is kept, so
/// that trying another width of one layer rounds that layer alone. Not thread-safe.
class MixedPrecision {
public:
    /// As quantizePolicy() would do it. Both policies of these functions must outlive the object, and so must
    /// `rollouts`.
    static Result<std::unique_ptr<MixedPrecision>> create(const Policy& policy, Rollouts& rollouts,
                                                          const QuantSpec& spec, const Progress& progress = {});
    /// A policy that this program has quantized (after training or by training): its layers as they are in the file. At
    /// other widths, or where the file keeps a layer in floating point, they are rounded from the full-precision
    /// policy. Errors: no recipe in the file, other operators or shapes than the full-precision policy's, another
    /// calibration than these rollouts give where the recipe's method scaled the layers.
    static Result<std::unique_ptr<MixedPrecision>> create(const Policy& policy, const Policy& quantized,
                                                          Rollouts& rollouts, const Progress& progress = {});

    /// In full precision: the policy's own outputs within float rounding (batch norms folded, …).
    const Policy& base() const { return *prepared_.policy; }
    const std::vector<QuantizableLayer>& layers() const { return layers_; }
    const std::vector<LayerBits>& recipeBits() const { return recipeBits_; }
    const QuantSpec& spec() const { return spec_; }
    const std::string& method() const { return method_; }  ///< "ptq", …, "sqil"
    /// Layers that share this layer's weight, itself among them: they have one width.
    std::vector<std::size_t> sharing(std::size_t layer) const;

    /// Errors: another number of widths than layers, widths outside 2 to 8 and 16, layers that share a weight at
    /// different ones.
    Result<void> check(std::span<const LayerBits> bits) const;

    /// What a layer becomes. Rounds it at the first call; observes all activations when the first width below 16 of
    /// an activation is asked for that the recipe does not have.
    Result<const LayerParameters*> parameters(std::size_t layer, LayerBits bits, const Progress& progress = {});
    /// What a layer reads over the calibration steps.
    Result<const ActivationStatistics*> observed(std::size_t layer, const Progress& progress = {});

    /// The base graph with these layers (index, width) quantized. `allTrained`: the parameters beside the layers
    /// (norms, embeddings) also are the quantized policy's, where it was trained. Ids of values are the base's.
    Result<PolicyGraph> graph(std::span<const std::pair<std::size_t, LayerBits>> quantized, bool allTrained,
                              const Progress& progress = {});
    /// The whole policy at these widths, one a layer, with its recipe: to be written. Errors: check()'s.
    Result<QuantizedPolicy> policy(std::span<const LayerBits> bits, const Progress& progress = {});

private:
    MixedPrecision(const Policy& original, Rollouts& rollouts, QuantSpec spec) noexcept
        : original_(original), rollouts_(rollouts), spec_(std::move(spec)) {}
    Result<void> prepare(const Progress& progress);
    Result<void> adopt(const Policy& quantized, const Progress& progress);
    Result<void> adoptLayer(std::size_t layer, LayerParameters stored, const PolicyGraph& graph,
                            const std::string& weight);
    Result<void> checkScaling(const Progress& progress);

    const Policy& original_;
    Rollouts& rollouts_;
    QuantSpec spec_;
    std::string method_;
    PreparedPolicy prepared_;
    std::vector<QuantizableLayer> layers_;
    std::vector<LayerBits> recipeBits_;
    std::map<std::pair<std::size_t, std::pair<int, int>>, LayerParameters> made_;
    std::vector<std::vector<std::pair<ValueId, at::Tensor>>> trainedBiases_;  ///< by layer
    std::vector<std::pair<ValueId, at::Tensor>> trainedOthers_;               ///< beside the layers
    std::map<ValueId, ActivationStatistics> observed_;
};

}  // namespace sqil
