#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/quant/LayerPlan.h"
#include "core/quant/NormalFloat.h"
#include "core/quant/PostTraining.h"
#include "core/quant/Quantizer.h"

namespace sqil {

/// What one layer becomes: nothing where it stays in floating point.
struct LayerParameters {
    QuantizableLayer layer;
    LayerBits bits;
    std::optional<QuantizedWeight> weight;
    std::optional<ActivationQuantizer> activation;
    std::optional<NormalFloatWeight> normalFloat = std::nullopt;  ///< instead of `weight`
    std::vector<std::string> notes = {};                          ///< see LayerQuantization
};

/// Puts the layers' quantized weights into the graph that they were found in, and an aten::fake_quantize node in front
/// of every quantized activation (one for all layers that read the same value at the same width). Layers that are not
/// listed stay as they are; ids of values stay what they were.
void quantizeLayers(PolicyGraph& graph, std::span<const LayerParameters> layers);

/// The policy file with its layers quantized (quantizeLayers()) and the recipe in its kQuantizationFile. `base` is
/// the graph that the layers were found in; the relative weight error is held against its weights.
QuantizedPolicy assembleQuantized(PolicyFile base, const QuantSpec& spec, const std::string& method,
                                  const std::vector<LayerParameters>& layers);

}  // namespace sqil
