#pragma once
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/quant/LayerInputs.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// One of the layers that read the same value, as the scale search sees it.
struct ScaledLayer {
    QuantizableLayer layer;
    LayerBits bits;
    at::Tensor weight;  ///< in floating point
};

struct AwqScale {
    double exponent = 0;             ///< α
    at::Tensor scale;                ///< s, float32, one a channel
    double error = 0;                ///< ‖out − quantized out‖² / ‖out‖² with s, over the rows
    double roundToNearestError = 0;  ///< the same with s = 1
};

/// AWQ (Lin et al. 2023, section 3.2; METHOD "Quantizer"): s = max(mean|X|^α, 1e-4) / √(max s · min s), α of
/// {0, .05, …, .95} with the least squared error of the layers' outputs under Q(W·s)/s, over `inputs.rows`. Where
/// a layer's activations are quantized too, that error is with both quantizers. α = 0 is rounding to nearest, so the
/// error is never larger than that one's.
AwqScale searchAwqScale(const std::vector<ScaledLayer>& layers, const LayerInputs& inputs, const QuantSpec& spec);

/// SmoothQuant (Xiao et al. 2023, equation 4): s = max|X|^a / max|W|^(1 − a), at least 1e-5; 1 for a channel that is
/// never active.
at::Tensor smoothQuantScale(const std::vector<ScaledLayer>& layers, const LayerInputs& inputs, double migration);

/// AWQ's clip search (section 3.2's published code): for each block that shares a step the limit among 1, .95, …, .55
/// of its max|w| with the least squared error of the block's part of the output. Returns the clipped weight, or
/// `weight` itself where clipping does not lower the error of the layer's whole output.
/// `inputs`: what the layer reads with `weight` (scaled, if the weight is).
at::Tensor awqClipped(const ScaledLayer& layer, const LayerInputs& inputs, const QuantSpec& spec);

/// `inputs` with every channel divided by `scale`.
LayerInputs scaledInputs(const LayerInputs& inputs, const at::Tensor& scale);

}  // namespace sqil
