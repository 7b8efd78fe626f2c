#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {

/// How a linear or convolution layer is a matrix product over its input channels.
struct LayerGeometry {
    enum class Kind { Linear, Convolution, TransposedConvolution };
    Kind kind = Kind::Linear;
    std::int64_t channels = 0;  ///< of the input: its last dimension for Linear, else dimension 1
    std::int64_t groups = 1;
    std::vector<std::int64_t> kernel, stride, dilation;  ///< one entry a spatial dimension; empty for Linear
    std::vector<std::int64_t> paddingBefore, paddingAfter;
};

/// None where the layer is no such product: matrix products with batched weights, grouped transposed convolutions.
std::optional<LayerGeometry> geometryOf(const PolicyGraph& graph, const QuantizableLayer& layer);

/// The weight as groups × (outputs of a group) × (channels of a group · kernel elements), float32: the output of
/// group g, without bias, is rows[g] · matrix[g]ᵀ with LayerInputs::rows.
at::Tensor weightMatrix(const at::Tensor& weight, const QuantizableLayer& layer, const LayerGeometry& geometry);

/// One number a channel, repeated to multiply into the weight (in its own shape).
at::Tensor channelsOnWeight(const at::Tensor& perChannel, const at::Tensor& weight, const QuantizableLayer& layer,
                            const LayerGeometry& geometry);

/// The same, groups × 1 × columns, to multiply into LayerInputs::rows.
at::Tensor channelsOnRows(const at::Tensor& perChannel, const LayerGeometry& geometry);

/// What a layer read over the calibration steps.
struct LayerInputs {
    LayerGeometry geometry;
    at::Tensor meanMagnitude;  ///< mean|X|, float32, one a channel
    at::Tensor minimum;        ///< likewise, exact over all steps and places
    at::Tensor maximum;
    at::Tensor
        rows;  ///< float32, groups × rows × columns: inputs (patches of convolutions) spread over steps and places
};

/// Runs the policy over recorded steps (as observeActivations()) and keeps, for every layer that has a geometry, its
/// inputs by name: at most 4096 rows, and at most 2^22 numbers where that leaves 256 rows or more.
Result<std::map<std::string, LayerInputs>> observeLayerInputs(const Policy& policy, Rollouts& rollouts,
                                                              const std::vector<QuantizableLayer>& layers, int steps,
                                                              const Progress& progress = {});

}  // namespace sqil
