#include "core/quant/QuantizeFile.h"

#include "core/data/Rollouts.h"
#include "core/policy/Policy.h"
#include "core/quant/PostTraining.h"

namespace sqil {

Result<std::vector<QuantizedLayerReport>> quantizePolicyFile(const std::filesystem::path& policyPath,
                                                             const std::filesystem::path& cardPath, Rollouts& rollouts,
                                                             const QuantSpec& spec, const std::filesystem::path& out,
                                                             const Progress& progress) {
    const auto policy = Policy::load(policyPath, rollouts.info(), cardPath);
    if (!policy)
        return tl::unexpected(policy.error());
    if ((*policy)->file().extraFiles.contains(kQuantizationFile))
        return fail(
            ErrorKind::BadInput,
            policyPath.string() + ": is quantized already; start from the full-precision policy it was made of");
    auto quantized = quantizePolicy(**policy, rollouts, spec, progress);
    if (!quantized)
        return tl::unexpected(quantized.error());
    quantized->file.extraFiles["policy.card.json"] = toJson((*policy)->card());
    if (auto written = writePolicyFile(out, quantized->file); !written)
        return tl::unexpected(written.error());

    std::vector<QuantizedLayerReport> layers;
    for (const auto& layer : quantized->layers)
        layers.push_back({layer.layer, layer.weightBits, layer.activationBits, layer.relativeWeightError, layer.notes});
    return layers;
}

Result<void> quantizePolicyFile(const std::filesystem::path& policy, const std::filesystem::path& rolloutsPath,
                                const QuantSpec& spec, const std::filesystem::path& out, const Progress& progress) {
    const auto rollouts = Rollouts::open(rolloutsPath);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    const auto layers = quantizePolicyFile(policy, {}, **rollouts, spec, out, progress);
    if (!layers)
        return tl::unexpected(layers.error());
    return {};
}

}  // namespace sqil
