#include "core/quant/PostTraining.h"

#include <ATen/ATen.h>

#include "core/quant/LayerPlan.h"
#include "core/quant/QuantizedAssembly.h"
#include "core/quant/Quantizer.h"

namespace sqil {

Result<QuantizedPolicy> quantizePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                       const Progress& progress) {
    const at::NoGradGuard noGradient;
    const auto layers = layersToQuantize(policy.graph(), spec);
    if (!layers)
        return tl::unexpected(layers.error());
    const auto statistics = calibrateActivations(policy, rollouts, *layers, spec, progress);
    if (!statistics)
        return tl::unexpected(statistics.error());

    std::vector<LayerParameters> quantized;
    for (const QuantizableLayer& layer : *layers) {
        if (!report(progress, "Quantizing", static_cast<long long>(quantized.size()),
                    static_cast<long long>(layers->size())))
            return fail(ErrorKind::Cancelled, "quantization was cancelled");
        LayerParameters parameters{layer, bitsOf(layer, spec), std::nullopt, std::nullopt};
        if (parameters.bits.weights < kFullPrecisionBits)
            parameters.weight =
                quantizeWeight(policy.graph().binding(layer.weight)->tensor, parameters.bits.weights,
                               {layer.outputAxis, spec.granularity, spec.groupSize}, spec.weightRange, spec.percentile);
        if (parameters.bits.activations < kFullPrecisionBits) {
            const auto& observed = statistics->at(layer.input);
            parameters.activation =
                activationQuantizer(observed.sample, observed.minimum, observed.maximum, parameters.bits.activations,
                                    spec.activationRange, spec.percentile);
        }
        quantized.push_back(std::move(parameters));
    }
    return assembleQuantized(policy.file(), spec, "ptq", quantized);
}

}  // namespace sqil
