#include "core/quant/PostTraining.h"

#include <ATen/ATen.h>

#include "core/quant/Awq.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/QuantizedAssembly.h"
#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

constexpr int kNormalFloatBits = 4;

/// Rounds one layer's weight as the method does.
void quantizeLayerWeight(LayerParameters& parameters, const PreparedPolicy& prepared, const QuantSpec& spec) {
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

Result<QuantizedPolicy> quantizePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                       const Progress& progress) {
    const at::NoGradGuard noGradient;
    const auto prepared = preparePolicy(policy, rollouts, spec, progress);
    if (!prepared)
        return tl::unexpected(prepared.error());
    const auto layers = layersToQuantize(prepared->policy->graph(), spec);
    if (!layers)
        return tl::unexpected(layers.error());
    const auto statistics = calibrateActivations(*prepared->policy, rollouts, *layers, spec, progress);
    if (!statistics)
        return tl::unexpected(statistics.error());

    std::vector<LayerParameters> quantized;
    for (const QuantizableLayer& layer : *layers) {
        if (!report(progress, "Quantizing", static_cast<long long>(quantized.size()),
                    static_cast<long long>(layers->size())))
            return fail(ErrorKind::Cancelled, "quantization was cancelled");
        LayerParameters parameters{layer, bitsOf(layer, spec), std::nullopt, std::nullopt};
        if (const auto notes = prepared->notes.find(layer.name); notes != prepared->notes.end())
            parameters.notes = notes->second;
        quantizeLayerWeight(parameters, *prepared, spec);
        if (parameters.bits.activations < kFullPrecisionBits) {
            const auto& observed = statistics->at(layer.input);
            parameters.activation =
                activationQuantizer(observed.sample, observed.minimum, observed.maximum, parameters.bits.activations,
                                    spec.activationRange, spec.percentile);
        }
        quantized.push_back(std::move(parameters));
    }
    return assembleQuantized(prepared->policy->file(), spec, std::string(nameOf(spec.method)), quantized);
}

}  // namespace sqil
