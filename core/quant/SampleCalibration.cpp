#include "core/quant/SampleCalibration.h"

#include <ATen/ATen.h>

#include "core/policy/GraphExecutor.h"
#include "core/quant/BatchNormFolding.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/QuantizedAssembly.h"

namespace sqil {

Result<PolicyFile> quantizeOnInputs(PolicyFile base, std::span<const at::Tensor> inputs, const QuantSpec& spec) {
    const at::NoGradGuard none;
    if (spec.method != QuantMethod::Ptq && spec.method != QuantMethod::Nf4)
        return fail(ErrorKind::Unsupported, std::string(nameOf(spec.method)) + " needs recorded rollouts");
    if (inputs.size() != base.graph.inputs.size())
        return fail(ErrorKind::BadInput, "as many inputs as the policy has are needed");
    if (spec.foldBatchNorm)
        foldBatchNorms(base.graph);
    const auto layers = layersToQuantize(base.graph, spec);
    if (!layers)
        return tl::unexpected(layers.error());
    const auto executor = GraphExecutor::create(base.graph);
    if (!executor)
        return tl::unexpected(executor.error());
    std::vector<std::pair<ValueId, at::Tensor>> known;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        known.emplace_back(base.graph.inputs[i], inputs[i]);
    std::vector<ValueId> wanted;
    for (const QuantizableLayer& layer : *layers)
        wanted.push_back(layer.input);
    const auto activations = executor->evaluate(known, wanted);
    if (!activations)
        return tl::unexpected(activations.error());

    std::vector<LayerParameters> quantized;
    for (std::size_t index = 0; index < layers->size(); ++index) {
        const QuantizableLayer& layer = (*layers)[index];
        LayerParameters parameters{layer, bitsOf(layer, spec), std::nullopt, std::nullopt};
        const at::Tensor& weight = base.graph.binding(layer.weight)->tensor;
        if (parameters.bits.weights < kFullPrecisionBits) {
            if (spec.method == QuantMethod::Nf4 && parameters.bits.weights == 4)
                parameters.normalFloat = quantizeNormalFloat(weight);
            else
                parameters.weight = quantizeWeight(weight, parameters.bits.weights, layoutOf(layer, spec),
                                                   spec.weightRange, spec.percentile);
        }
        if (parameters.bits.activations < kFullPrecisionBits) {
            const at::Tensor& sample = (*activations)[index];
            parameters.activation =
                activationQuantizer(sample, sample.min().item<double>(), sample.max().item<double>(),
                                    parameters.bits.activations, spec.activationRange, spec.percentile);
        }
        quantized.push_back(std::move(parameters));
    }
    return assembleQuantized(std::move(base), spec, std::string(nameOf(spec.method)), quantized).file;
}

}  // namespace sqil
