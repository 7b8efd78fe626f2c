#pragma once
#include "core/quant/Calibration.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/QuantizedAssembly.h"

namespace sqil {

/// One layer of a prepared policy, rounded after training as the spec's method does, at these widths (which need not be
/// the spec's). `observed` is what the layer reads; needed where activations have fewer than 16 bits. The weight must
/// be finite.
LayerParameters roundedLayer(const QuantizableLayer& layer, LayerBits bits, const PreparedPolicy& prepared,
                             const ActivationStatistics* observed, const QuantSpec& spec);

}  // namespace sqil
