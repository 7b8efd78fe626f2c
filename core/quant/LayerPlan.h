#pragma once
#include <map>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/Calibration.h"
#include "core/quant/LayerBits.h"
#include "core/quant/QuantSpec.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/Quantizer.h"

namespace sqil {

/// The spec's widths for one layer: its own override, else 8 for first and last layers (LSQ's convention), else
/// the spec's.
LayerBits bitsOf(const QuantizableLayer& layer, const QuantSpec& spec);

/// How the spec cuts a layer's weight into blocks.
WeightLayout layoutOf(const QuantizableLayer& layer, const QuantSpec& spec);

/// The policy's layers, where the spec can be applied to them: at least one, every layer that the spec names, the same
/// width for layers that share a weight, finite weights.
Result<std::vector<QuantizableLayer>> layersToQuantize(const PolicyGraph& graph, const QuantSpec& spec);

/// What the activations that the spec quantizes do on the recorded steps.
Result<std::map<ValueId, ActivationStatistics>> calibrateActivations(const Policy& policy, Rollouts& rollouts,
                                                                     const std::vector<QuantizableLayer>& layers,
                                                                     const QuantSpec& spec, const Progress& progress);

}  // namespace sqil
