#include "core/quant/Awq.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

constexpr int kExponents = 20;  // α = 0, .05, …, .95
constexpr double kSmallestScale = 1e-4;
constexpr int kShrinks = 10;  // 1, .95, …, .55
constexpr double kShrinkStep = 0.05;
constexpr std::int64_t kRangeSample = std::int64_t{1} << 16;
constexpr std::int64_t kClipRows = 512;
constexpr std::int64_t kClipNumbers = std::int64_t{1} << 24;  // of intermediate outputs at once

at::Tensor product(const at::Tensor& rows, const at::Tensor& matrix) {
    return at::bmm(rows, matrix.transpose(1, 2));
}

at::Tensor quantizedValues(const at::Tensor& weight, const QuantizableLayer& layer, int bits, const QuantSpec& spec) {
    if (bits >= kFullPrecisionBits)
        return weight;
    return quantizeWeight(weight, bits, layoutOf(layer, spec), RangeMethod::MinMax, spec.percentile).values;
}

/// The rows as the layer reads them: through its activation quantizer, if it has one, calibrated on these inputs.
at::Tensor quantizedRows(const LayerInputs& inputs, int bits, const QuantSpec& spec) {
    if (bits >= kFullPrecisionBits)
        return inputs.rows;
    const at::Tensor flat = inputs.rows.flatten();
    const at::Tensor sample = flat.slice(0, 0, flat.numel(), 1 + flat.numel() / kRangeSample);
    const auto quantizer =
        activationQuantizer(sample, inputs.minimum.min().item<double>(), inputs.maximum.max().item<double>(), bits,
                            spec.activationRange, spec.percentile);
    const auto range = integerRange(bits, quantizer.isSigned);
    return at::fake_quantize_per_tensor_affine(inputs.rows, quantizer.step, 0, range.minimum, range.maximum);
}

/// A weight's blocks as its matrix shows them: `size` columns each, the last one padded.
struct ColumnBlocks {
    std::int64_t columns = 0, size = 0, count = 1;

    ColumnBlocks(std::int64_t all, const QuantSpec& spec) : columns(all), size(all) {
        if (spec.granularity == Granularity::Group)
            size = std::min<std::int64_t>(spec.groupSize, all);
        count = (columns + size - 1) / size;
    }
    at::Tensor padded(const at::Tensor& matrix) const {
        return at::constant_pad_nd(matrix, {0, count * size - columns});
    }
    /// One number a block, outputs × blocks, repeated for each of its columns.
    at::Tensor repeated(const at::Tensor& ofBlocks) const {
        return ofBlocks.repeat_interleave(size, 1).narrow(1, 0, columns);
    }
};

/// Mean squared part of the output that `difference` of each block makes: outputs × blocks. Groups × outputs of
/// a group × columns, and groups × rows × columns.
at::Tensor blockErrors(const at::Tensor& difference, const at::Tensor& rows, const ColumnBlocks& blocks) {
    const std::int64_t groups = rows.size(0), count = rows.size(1), outputs = difference.size(1);
    const at::Tensor inputs = blocks.padded(rows)
                                  .reshape({groups, count, blocks.count, blocks.size})
                                  .permute({0, 2, 3, 1})
                                  .reshape({groups * blocks.count, blocks.size, count});
    const at::Tensor weights = blocks.padded(difference)
                                   .reshape({groups, outputs, blocks.count, blocks.size})
                                   .permute({0, 2, 1, 3})
                                   .reshape({groups * blocks.count, outputs, blocks.size});
    const std::int64_t atOnce = std::clamp<std::int64_t>(kClipNumbers / (groups * blocks.count * count), 1, outputs);
    std::vector<at::Tensor> parts;
    for (std::int64_t first = 0; first < outputs; first += atOnce)
        parts.push_back(at::bmm(weights.narrow(1, first, std::min(atOnce, outputs - first)), inputs).square().mean(2));
    return at::cat(parts, 1)
        .reshape({groups, blocks.count, outputs})
        .permute({0, 2, 1})
        .reshape({groups * outputs, blocks.count});
}

/// outputs × columns back in the weight's own shape.
at::Tensor asWeight(const at::Tensor& matrix, const at::Tensor& weight, std::int64_t outputAxis) {
    std::vector<std::int64_t> shape = weight.sizes().vec();
    const auto outputs = shape[static_cast<std::size_t>(outputAxis)];
    shape.erase(shape.begin() + outputAxis);
    shape.insert(shape.begin(), outputs);
    return matrix.reshape(shape).movedim(0, outputAxis).contiguous();
}

double meanSquare(const at::Tensor& tensor) {
    return tensor.square().mean(at::kDouble).item<double>();
}

}  // namespace

AwqScale searchAwqScale(const std::vector<ScaledLayer>& layers, const LayerInputs& inputs, const QuantSpec& spec) {
    const at::NoGradGuard noGradient;
    std::vector<at::Tensor> outputs;
    double energy = 0;
    for (const ScaledLayer& layer : layers) {
        outputs.push_back(product(inputs.rows, weightMatrix(layer.weight, layer.layer, inputs.geometry)));
        energy += meanSquare(outputs.back());
    }
    AwqScale best;
    double leastError = std::numeric_limits<double>::infinity();
    for (int candidate = 0; candidate < kExponents; ++candidate) {
        const double exponent = static_cast<double>(candidate) / kExponents;
        at::Tensor scale = inputs.meanMagnitude.pow(exponent).clamp_min(kSmallestScale);
        scale = scale / (scale.max() * scale.min()).sqrt();
        const LayerInputs scaled = scaledInputs(inputs, scale);
        double error = 0;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto& [layer, bits, weight] = layers[i];
            const at::Tensor wide = weight.detach().to(at::kFloat);
            const at::Tensor factor = channelsOnWeight(scale, wide, layer, inputs.geometry);
            const at::Tensor values = quantizedValues(wide * factor, layer, bits.weights, spec);
            error += meanSquare(
                product(quantizedRows(scaled, bits.activations, spec), weightMatrix(values, layer, inputs.geometry)) -
                outputs[i]);
        }
        if (candidate == 0)
            best.roundToNearestError = energy > 0 ? error / energy : 0;
        if (error < leastError) {
            leastError = error;
            best.exponent = exponent;
            best.scale = scale;
            best.error = energy > 0 ? error / energy : 0;
        }
    }
    return best;
}

at::Tensor smoothQuantScale(const std::vector<ScaledLayer>& layers, const LayerInputs& inputs, double migration) {
    constexpr double smallest = 1e-5;
    const at::NoGradGuard noGradient;
    const auto& geometry = inputs.geometry;
    at::Tensor ofWeights;
    for (const auto& [layer, bits, weight] : layers) {
        const at::Tensor matrix = weightMatrix(weight, layer, geometry);
        const at::Tensor magnitude =
            matrix.abs().amax(1).reshape({geometry.channels, -1}).amax(1);  // groups·channels of a group × kernel
        ofWeights = ofWeights.defined() ? at::maximum(ofWeights, magnitude) : magnitude;
    }
    const at::Tensor ofInputs = at::maximum(inputs.minimum.abs(), inputs.maximum.abs());
    const at::Tensor scale =
        (ofInputs.pow(migration) / ofWeights.clamp_min(smallest).pow(1 - migration)).clamp_min(smallest);
    return at::where(ofInputs > 0, scale, at::ones_like(scale));
}

at::Tensor awqClipped(const ScaledLayer& layer, const LayerInputs& inputs, const QuantSpec& spec) {
    const at::NoGradGuard noGradient;
    if (layer.bits.weights >= kFullPrecisionBits)
        return layer.weight;
    const at::Tensor weight = layer.weight.detach().to(at::kFloat);
    const at::Tensor exact = weightMatrix(weight, layer.layer, inputs.geometry);
    const at::Tensor matrix = exact.flatten(0, 1);
    const ColumnBlocks blocks(matrix.size(1), spec);
    const std::int64_t stride = std::max<std::int64_t>(1, inputs.rows.size(1) / kClipRows);
    const at::Tensor rows = inputs.rows.slice(1, 0, inputs.rows.size(1), stride);

    at::Tensor maximum =
        blocks.padded(matrix.abs()).reshape({matrix.size(0), blocks.count, blocks.size}).amax(2);  // outputs × blocks
    if (spec.granularity == Granularity::Tensor)
        maximum = maximum.max().expand_as(maximum).contiguous();
    at::Tensor limit = maximum.clone(), leastError = at::full_like(maximum, INFINITY);
    for (int candidate = 0; candidate < kShrinks; ++candidate) {
        const at::Tensor trial = maximum * (1 - kShrinkStep * candidate);
        const at::Tensor bound = blocks.repeated(trial);
        const at::Tensor clipped = asWeight(at::clamp(matrix, -bound, bound), weight, layer.layer.outputAxis);
        const at::Tensor values = quantizedValues(clipped, layer.layer, layer.bits.weights, spec);
        at::Tensor error = blockErrors(weightMatrix(values, layer.layer, inputs.geometry) - exact, rows, blocks);
        if (spec.granularity == Granularity::Tensor)
            error = error.sum().expand_as(error);
        limit = at::where(error < leastError, trial, limit);
        leastError = at::minimum(leastError, error);
    }
    const at::Tensor bound = blocks.repeated(limit);
    const at::Tensor clipped = asWeight(at::clamp(matrix, -bound, bound), weight, layer.layer.outputAxis);

    const at::Tensor read = quantizedRows(inputs, layer.bits.activations, spec);
    const at::Tensor outputs = product(inputs.rows, exact);
    const auto errorOf = [&](const at::Tensor& candidate) {
        const at::Tensor values = quantizedValues(candidate, layer.layer, layer.bits.weights, spec);
        return meanSquare(product(read, weightMatrix(values, layer.layer, inputs.geometry)) - outputs);
    };
    return errorOf(clipped) < errorOf(weight) ? clipped.to(layer.weight.scalar_type()) : layer.weight;
}

LayerInputs scaledInputs(const LayerInputs& inputs, const at::Tensor& scale) {
    LayerInputs scaled = inputs;
    scaled.meanMagnitude = inputs.meanMagnitude / scale;
    scaled.minimum = inputs.minimum / scale;
    scaled.maximum = inputs.maximum / scale;
    scaled.rows = inputs.rows / channelsOnRows(scale, inputs.geometry);
    return scaled;
}

}  // namespace sqil
