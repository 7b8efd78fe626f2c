#include "core/quant/PostTraining.h"

#include <ATen/ATen.h>

#include "core/quant/LayerPlan.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/QuantizedAssembly.h"
#include "core/quant/RoundedLayer.h"

namespace sqil {

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
        const auto observed = statistics->find(layer.input);
        quantized.push_back(roundedLayer(layer, bitsOf(layer, spec), *prepared,
                                         observed == statistics->end() ? nullptr : &observed->second, spec));
    }
    return assembleQuantized(prepared->policy->file(), spec, std::string(nameOf(spec.method)), quantized);
}

}  // namespace sqil
