#include "core/quant/TrainingStart.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/quant/Awq.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

double squaredError(const at::Tensor& weight, const at::Tensor& steps, int bits, const WeightLayout& layout) {
    const at::Tensor values = quantizeWeight(weight, steps, bits, layout).values;
    return (values - weight).to(at::kDouble).square().sum().item<double>();
}

/// LSQ's 2·mean|w|/√Q_max for every block, or the searched steps where those lose less.
at::Tensor firstWeightSteps(const at::Tensor& weight, int bits, const WeightLayout& layout) {
    const auto searched = quantizeWeight(weight, bits, layout, RangeMethod::Mse, 100.0).steps;
    at::Tensor rows = weight.detach().movedim(layout.outputAxis, 0).flatten(1).abs();
    const double factor = 2.0 / std::sqrt(static_cast<double>(integerRange(bits).maximum));
    at::Tensor means;
    if (layout.granularity == Granularity::Tensor) {
        means = rows.mean().reshape({1});
    } else if (layout.granularity == Granularity::Channel) {
        means = rows.mean(1);
    } else {
        const std::int64_t size = std::min<std::int64_t>(layout.groupSize, rows.size(1));
        const std::int64_t groups = (rows.size(1) + size - 1) / size;
        std::vector<at::Tensor> columns;
        for (std::int64_t group = 0; group < groups; ++group)
            columns.push_back(rows.slice(1, group * size, std::min(rows.size(1), (group + 1) * size)).mean(1));
        means = at::stack(columns, 1);
    }
    const at::Tensor learned = (means * factor).clamp_min(1e-8);
    const bool searchedIsBetter =
        squaredError(weight, searched, bits, layout) < squaredError(weight, learned, bits, layout);
    return searchedIsBetter ? searched : learned;
}

}  // namespace

Result<TrainingStart> TrainingStart::create(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                            QuantMethod method, const Progress& progress) {
    QuantSpec start = spec;
    start.method = method;
    start.asymmetric = false;  // learned steps have no zero points
    start.activationRange = RangeMethod::Mse;
    if (method == QuantMethod::Nf4)
        return fail(ErrorKind::Unsupported, "training cannot start from nf4: it has no steps that could be learned");
    if (method == QuantMethod::Ptq)  // Not owned: the caller's policy outlives what is made of it.
        return TrainingStart({std::shared_ptr<const Policy>(std::shared_ptr<void>(), &policy), {}, {}}, start);
    auto prepared = preparePolicy(policy, rollouts, start, progress);
    if (!prepared)
        return tl::unexpected(prepared.error());
    return TrainingStart(std::move(*prepared), start);
}

TrainingStart::Weight TrainingStart::weight(const QuantizableLayer& layer, int bits) const {
    const at::NoGradGuard noGradient;
    const at::Tensor weight = policy().graph().binding(layer.weight)->tensor.detach();
    const WeightLayout layout{layer.outputAxis, spec_.granularity, spec_.groupSize};
    const auto inputs = prepared_.inputs.find(layer.name);
    if (inputs == prepared_.inputs.end())
        return {weight, firstWeightSteps(weight, bits, layout)};
    const at::Tensor clipped = awqClipped({layer, bitsOf(layer, spec_), weight}, inputs->second, spec_);
    return {clipped, quantizeWeight(clipped, bits, layout, spec_.weightRange, spec_.percentile).steps};
}

std::vector<std::string> TrainingStart::notes(const std::string& layer) const {
    const auto found = prepared_.notes.find(layer);
    return found == prepared_.notes.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace sqil
