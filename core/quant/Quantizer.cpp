#include "core/quant/Quantizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sqil {
namespace {

constexpr int kShrinkCandidates = 100;  // γ from 1 % to 100 % of the min-max one

/// One row a block of weights that share a step, padded with zeros where groups are ragged.
struct Blocks {
    at::Tensor rows;  // float32 {blocks, elements}
    std::int64_t outputs = 0, inputs = 0, groups = 1, groupSize = 0;
};

Blocks blocksOf(const at::Tensor& weight, const WeightLayout& layout) {
    const at::Tensor matrix = weight.detach().movedim(layout.outputAxis, 0).flatten(1).to(at::kFloat);
    Blocks blocks{
        .rows = matrix, .outputs = matrix.size(0), .inputs = matrix.size(1), .groups = 1, .groupSize = matrix.size(1)};
    switch (layout.granularity) {
        case Granularity::Tensor:
            blocks.rows = matrix.reshape({1, -1});
            break;
        case Granularity::Channel:
            break;
        case Granularity::Group: {
            blocks.groupSize = std::min<std::int64_t>(layout.groupSize, blocks.inputs);
            blocks.groups = (blocks.inputs + blocks.groupSize - 1) / blocks.groupSize;
            const auto padding = blocks.groups * blocks.groupSize - blocks.inputs;
            blocks.rows = at::constant_pad_nd(matrix, {0, padding}).reshape({-1, blocks.groupSize});
            break;
        }
    }
    return blocks;
}

/// The inverse of blocksOf for a tensor of the same blocks.
at::Tensor unblock(const at::Tensor& rows, const Blocks& blocks, const at::Tensor& weight, std::int64_t outputAxis) {
    at::Tensor matrix = rows.reshape({blocks.outputs, -1}).narrow(1, 0, blocks.inputs);
    std::vector<std::int64_t> shape = weight.sizes().vec();
    const auto outputs = shape[static_cast<std::size_t>(outputAxis)];
    shape.erase(shape.begin() + outputAxis);
    shape.insert(shape.begin(), outputs);
    return matrix.reshape(shape).movedim(0, outputAxis).contiguous();
}

at::Tensor roundToIntegers(const at::Tensor& rows, const at::Tensor& steps, IntegerRange range) {
    return at::round(rows / steps).clamp(range.minimum, range.maximum);
}

at::Tensor percentileOfRows(const at::Tensor& magnitudes, double percentile) {
    const auto count = magnitudes.size(1);
    const auto rank = std::clamp<std::int64_t>(std::llround(percentile / 100.0 * static_cast<double>(count)), 1, count);
    return std::get<0>(at::kthvalue(magnitudes, rank, 1, /*keepdim=*/true));
}

/// The shrink of `steps` with the least squared error, row by row.
at::Tensor searchSteps(const at::Tensor& rows, const at::Tensor& steps, IntegerRange range) {
    at::Tensor best = steps.clone();
    at::Tensor leastError = at::full_like(steps, INFINITY);
    for (int candidate = kShrinkCandidates; candidate >= 1; --candidate) {
        const at::Tensor trial = steps * (static_cast<double>(candidate) / kShrinkCandidates);
        const at::Tensor error = (roundToIntegers(rows, trial, range) * trial - rows).square().sum(1, /*keepdim=*/true);
        const at::Tensor better = error < leastError;
        best = at::where(better, trial, best);
        leastError = at::where(better, error, leastError);
    }
    return best;
}

at::Tensor rangeOfRows(const at::Tensor& rows, RangeMethod method, double percentile) {
    const at::Tensor magnitudes = rows.abs();
    const at::Tensor maximum = std::get<0>(magnitudes.max(1, /*keepdim=*/true));
    if (method != RangeMethod::Percentile)
        return maximum;
    // A percentile of zero would clip everything: a mostly-zero row keeps its maximum.
    const at::Tensor chosen = percentileOfRows(magnitudes, percentile);
    return at::where(chosen > 0, chosen, maximum);
}

QuantizedWeight packed(const at::Tensor& integers, const at::Tensor& steps, const Blocks& blocks,
                       const at::Tensor& weight, const WeightLayout& layout) {
    QuantizedWeight result;
    result.integers = unblock(integers, blocks, weight, layout.outputAxis).to(at::kChar);
    result.values = unblock(integers * steps, blocks, weight, layout.outputAxis).to(weight.scalar_type());
    result.steps =
        layout.granularity == Granularity::Group ? steps.reshape({blocks.outputs, blocks.groups}) : steps.reshape({-1});
    return result;
}

/// Blocks between `low` ≤ 0 and `high` ≥ 0, each with a step and a zero point.
struct AsymmetricBlocks {
    at::Tensor steps, zeroPoints, integers;

    AsymmetricBlocks(const at::Tensor& rows, const at::Tensor& low, const at::Tensor& high, IntegerRange range) {
        steps = (high - low) / static_cast<double>(range.maximum);
        steps = at::where(steps > 0, steps, at::ones_like(steps));
        zeroPoints = (-at::round(low / steps)).clamp(0, range.maximum);
        integers = (at::round(rows / steps) + zeroPoints).clamp(0, range.maximum);
    }
    at::Tensor values() const { return (integers - zeroPoints) * steps; }
};

QuantizedWeight quantizeAsymmetric(const at::Tensor& weight, const Blocks& blocks, int bits, const WeightLayout& layout,
                                   RangeMethod method, double percentile) {
    const IntegerRange range = integerRange(bits, /*isSigned=*/false);
    const at::Tensor& rows = blocks.rows;
    at::Tensor low = rows.amin(1, /*keepdim=*/true).clamp_max(0), high = rows.amax(1, /*keepdim=*/true).clamp_min(0);
    if (method == RangeMethod::Percentile) {
        const at::Tensor limit = rangeOfRows(rows, method, percentile);
        low = at::maximum(low, -limit);
        high = at::minimum(high, limit);
    }
    if (method == RangeMethod::Mse) {
        at::Tensor best = at::ones_like(low), leastError = at::full_like(low, INFINITY);
        for (int candidate = kShrinkCandidates; candidate >= 1; --candidate) {
            const double shrink = static_cast<double>(candidate) / kShrinkCandidates;
            const AsymmetricBlocks trial(rows, low * shrink, high * shrink, range);
            const at::Tensor error = (trial.values() - rows).square().sum(1, /*keepdim=*/true);
            best = at::where(error < leastError, at::full_like(best, shrink), best);
            leastError = at::minimum(leastError, error);
        }
        low = low * best;
        high = high * best;
    }
    const AsymmetricBlocks chosen(rows, low, high, range);
    QuantizedWeight result;
    result.integers = unblock(chosen.integers, blocks, weight, layout.outputAxis).to(at::kByte);
    result.values = unblock(chosen.values(), blocks, weight, layout.outputAxis).to(weight.scalar_type());
    std::vector<std::int64_t> shape{-1};
    if (layout.granularity == Granularity::Group)
        shape = {blocks.outputs, blocks.groups};
    result.steps = chosen.steps.reshape(shape);
    result.zeroPoints = chosen.zeroPoints.to(at::kInt).reshape(shape);
    return result;
}

}  // namespace

IntegerRange integerRange(int bits, bool isSigned) {
    const std::int64_t levels = std::int64_t{1} << bits;
    return isSigned ? IntegerRange{-levels / 2, levels / 2 - 1} : IntegerRange{0, levels - 1};
}

QuantizedWeight quantizeWeight(const at::Tensor& weight, int bits, const WeightLayout& layout, RangeMethod method,
                               double percentile) {
    if (!weight.is_floating_point() || weight.dim() < 1 || weight.numel() == 0)
        throw std::invalid_argument("quantizeWeight: a non-empty floating-point tensor is needed");
    const Blocks blocks = blocksOf(weight, layout);
    if (layout.asymmetric)
        return quantizeAsymmetric(weight, blocks, bits, layout, method, percentile);
    const IntegerRange range = integerRange(bits);

    at::Tensor steps = rangeOfRows(blocks.rows, method, percentile) / static_cast<double>(range.maximum);
    steps = at::where(steps > 0, steps, at::ones_like(steps));
    if (method == RangeMethod::Mse)
        steps = searchSteps(blocks.rows, steps, range);

    return packed(roundToIntegers(blocks.rows, steps, range), steps, blocks, weight, layout);
}

QuantizedWeight quantizeWeight(const at::Tensor& weight, const at::Tensor& steps, int bits,
                               const WeightLayout& layout) {
    const Blocks blocks = blocksOf(weight, layout);
    const IntegerRange range = integerRange(bits);
    const at::Tensor column = steps.detach().to(at::kFloat).reshape({-1, 1});
    if (column.size(0) != blocks.rows.size(0))
        throw std::invalid_argument("quantizeWeight: as many steps as blocks are needed");
    return packed(at::round((blocks.rows * column.reciprocal()).clamp(range.minimum, range.maximum)), column, blocks,
                  weight, layout);
}

ActivationQuantizer activationQuantizer(const at::Tensor& sample, double minimum, double maximum, int bits,
                                        RangeMethod method, double percentile) {
    ActivationQuantizer quantizer{.step = 1.0, .isSigned = minimum < 0};
    const IntegerRange range = integerRange(bits, quantizer.isSigned);
    const at::Tensor values = sample.detach().to(at::kFloat).reshape({1, -1});

    double limit = std::max(std::abs(minimum), std::abs(maximum));
    if (method == RangeMethod::Percentile && values.numel() > 0)
        limit = rangeOfRows(values, method, percentile).item<double>();
    if (!(limit > 0))
        return quantizer;  // always zero: any step represents it
    quantizer.step = limit / static_cast<double>(range.maximum);
    if (method == RangeMethod::Mse && values.numel() > 0) {
        const at::Tensor steps = at::full({1, 1}, quantizer.step, values.options());
        quantizer.step = searchSteps(values, steps, range).item<double>();
    }
    return quantizer;
}

}  // namespace sqil
