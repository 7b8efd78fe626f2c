#include "core/quant/RoundedLayer.h"

#include <stdexcept>

#include "core/quant/Awq.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

constexpr int kNormalFloatBits = 4;

void roundWeight(LayerParameters& parameters, const PreparedPolicy& prepared, const QuantSpec& spec) {
    const QuantizableLayer& layer = parameters.layer;
    at::Tensor weight = prepared.policy->graph().binding(layer.weight)->tensor;
    const int bits = parameters.bits.weights;
    if (bits >= kFullPrecisionBits)
        return;
    if (spec.method == QuantMethod::Nf4 && bits == kNormalFloatBits) {
        parameters.normalFloat = quantizeNormalFloat(weight);
        return;
    }
    if (const auto inputs = prepared.inputs.find(layer.name); inputs != prepared.inputs.end()) {
        const at::Tensor clipped = awqClipped({layer, parameters.bits, weight}, inputs->second, spec);
        if (!clipped.is_same(weight))
            parameters.notes.push_back("weights clipped");
        weight = clipped;
    }
    parameters.weight = quantizeWeight(weight, bits, layoutOf(layer, spec), spec.weightRange, spec.percentile);
}

}  // namespace

LayerParameters roundedLayer(const QuantizableLayer& layer, LayerBits bits, const PreparedPolicy& prepared,
                             const ActivationStatistics* observed, const QuantSpec& spec) {
    LayerParameters parameters{layer, bits, std::nullopt, std::nullopt};
    if (const auto notes = prepared.notes.find(layer.name); notes != prepared.notes.end())
        parameters.notes = notes->second;
    roundWeight(parameters, prepared, spec);
    if (bits.activations < kFullPrecisionBits) {
        if (!observed)
            throw std::invalid_argument("roundedLayer: activations are quantized, but none were observed");
        parameters.activation = activationQuantizer(observed->sample, observed->minimum, observed->maximum,
                                                    bits.activations, spec.activationRange, spec.percentile);
    }
    return parameters;
}

}  // namespace sqil
