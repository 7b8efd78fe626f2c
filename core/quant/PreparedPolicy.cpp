#include "core/quant/PreparedPolicy.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/quant/Awq.h"
#include "core/quant/BatchNormFolding.h"
#include "core/quant/InputScaling.h"
#include "core/quant/LayerPlan.h"
#include "core/quant/Rotation.h"

namespace sqil {
namespace {

using Layers = std::vector<QuantizableLayer>;

std::string number(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string placeInWords(ScalePlace place) {
    switch (place) {
        case ScalePlace::Folded:
            return ", folded into what makes the input";
        case ScalePlace::Explicit:
            return ", by a node before the layer";
        default:
            return "";
    }
}

/// Layers that one scale can serve, in the order of the graph: they read the same value alike, each with a weight of
/// its own, and at least one of them is quantized.
std::vector<Layers> layersByInput(const Layers& layers, const std::map<std::string, LayerInputs>& inputs,
                                  const QuantSpec& spec) {
    std::map<ValueId, int> usesOfWeight;
    for (const auto& layer : layers)
        ++usesOfWeight[layer.weight];
    std::vector<Layers> groups;
    for (const auto& layer : layers) {
        const auto found = inputs.find(layer.name);
        if (found == inputs.end() || usesOfWeight[layer.weight] > 1)
            continue;
        const auto fits = [&](const Layers& group) {
            const auto& geometry = inputs.at(group.front().name).geometry;
            return group.front().input == layer.input && geometry.kind == found->second.geometry.kind &&
                   geometry.channels == found->second.geometry.channels &&
                   geometry.groups == found->second.geometry.groups && geometry.kernel == found->second.geometry.kernel;
        };
        const auto group = std::find_if(groups.begin(), groups.end(), fits);
        if (group == groups.end())
            groups.push_back({layer});
        else
            group->push_back(layer);
    }
    std::erase_if(groups, [&](const Layers& group) {
        return std::all_of(group.begin(), group.end(), [&](const auto& layer) {
            const LayerBits bits = bitsOf(layer, spec);
            return bits.weights >= kFullPrecisionBits && bits.activations >= kFullPrecisionBits;
        });
    });
    return groups;
}

class Preparation {
public:
    Preparation(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec, const Progress& progress)
        : original_(policy), rollouts_(rollouts), spec_(spec), progress_(progress), file_(policy.file()) {}

    Result<PreparedPolicy> run() {
        foldNorms();
        if (auto checked = layersToQuantize(file_.graph, spec_); !checked)
            return tl::unexpected(checked.error());
        if (spec_.method == QuantMethod::QuaRot)
            if (auto rotated = rotate(); !rotated)
                return tl::unexpected(rotated.error());
        if (auto made = makePolicy(); !made)
            return tl::unexpected(made.error());
        if (spec_.method == QuantMethod::Awq || spec_.method == QuantMethod::SmoothQuant)
            if (auto scaled = scale(); !scaled)
                return tl::unexpected(scaled.error());
        return std::move(result_);
    }

private:
    void foldNorms() {
        if (!spec_.foldBatchNorm)
            return;
        for (const std::string& layer : foldBatchNorms(file_.graph)) {
            result_.notes[layer].push_back("batch norm folded in");
            changed_ = true;
        }
    }

    Result<void> rotate() {
        const auto report = rotateResidualStreams(file_.graph);
        if (!report)
            return tl::unexpected(report.error());
        for (const std::string& layer : report->rotatedLayers)
            result_.notes[layer].push_back("rotated");
        changed_ = true;
        return {};
    }

    Result<void> makePolicy() {
        if (!changed_) {
            // Not owned: the caller's policy outlives what is made of it.
            result_.policy = std::shared_ptr<const Policy>(std::shared_ptr<void>(), &original_);
            return {};
        }
        auto made = Policy::create(file_, original_.card());
        if (!made)
            return tl::unexpected(made.error());
        result_.policy = std::move(*made);
        return {};
    }

    Result<void> scale() {
        const Layers layers = quantizableLayers(file_.graph);
        auto inputs = observeLayerInputs(*result_.policy, rollouts_, layers, spec_.calibrationSteps, progress_);
        if (!inputs)
            return tl::unexpected(inputs.error());
        const auto groups = layersByInput(layers, *inputs, spec_);
        InputScaling scaling(file_.graph, layers, spec_.granularity != Granularity::Tensor);
        long long done = 0;
        for (const Layers& group : groups) {
            if (!report(progress_, "Scaling", done++, static_cast<long long>(groups.size())))
                return fail(ErrorKind::Cancelled, "quantization was cancelled");
            scaleGroup(group, *inputs, scaling);
        }
        scaling.finish();
        changed_ = true;
        if (spec_.method == QuantMethod::Awq)
            result_.inputs = std::move(*inputs);
        return makePolicy();
    }

    void scaleGroup(const Layers& group, std::map<std::string, LayerInputs>& inputs, InputScaling& scaling) {
        const LayerInputs observed = inputs.at(group.front().name);
        std::vector<ScaledLayer> scaled;
        for (const auto& layer : group)
            scaled.push_back({layer, bitsOf(layer, spec_), file_.graph.binding(layer.weight)->tensor});
        at::Tensor factor;
        std::string note;
        if (spec_.method == QuantMethod::Awq) {
            const AwqScale found = searchAwqScale(scaled, observed, spec_);
            factor = found.scale;
            note =
                found.exponent > 0 ? "input scaled by mean|X|^" + number("%.2f", found.exponent) : "input not scaled";
            note += ": output error " + number("%.3g", 100 * std::sqrt(found.roundToNearestError)) + " % -> " +
                    number("%.3g", 100 * std::sqrt(found.error)) + " %";
        } else {
            factor = smoothQuantScale(scaled, observed, spec_.migration);
            note = "input scaled by max|X|^" + number("%.2f", spec_.migration) + " / max|W|^" +
                   number("%.2f", 1 - spec_.migration);
        }
        note += placeInWords(scaling.apply(group, observed.geometry, factor));
        for (const auto& layer : group) {
            result_.notes[layer.name].push_back(note);
            auto& own = inputs.at(layer.name);
            own = scaledInputs(own, factor);
        }
    }

    const Policy& original_;
    Rollouts& rollouts_;
    const QuantSpec& spec_;
    const Progress& progress_;
    PolicyFile file_;
    bool changed_ = false;
    PreparedPolicy result_;
};

}  // namespace

Result<PreparedPolicy> preparePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                     const Progress& progress) {
    const at::NoGradGuard noGradient;
    return Preparation(policy, rollouts, spec, progress).run();
}

}  // namespace sqil
