#include "core/quant/lowering/LayerIntegers.h"

#include <ATen/ATen.h>

#include "core/quant/NormalFloat.h"
#include "core/quant/Quantizer.h"

namespace sqil {
namespace {

/// Of γ·q in the weight's type, relative to the largest.
double roundingOf(at::ScalarType type) {
    switch (type) {
        case at::kBFloat16:
            return 1.0 / 128;
        case at::kHalf:
            return 1.0 / 1024;
        default:
            return 1e-6;
    }
}

bool agree(const at::Tensor& rebuilt, const at::Tensor& values, at::ScalarType type) {
    const double largest = values.abs().max().item<double>();
    return (rebuilt - values).abs().max().item<double>() <= roundingOf(type) * std::max(largest, 1e-30);
}

Error mismatch(const std::string& what) {
    return {ErrorKind::BadInput, "its weights are not those of the recipe: " + what};
}

/// The recipe's numbers as {outputs, groups}.
Result<at::Tensor> perGroup(const at::Tensor& numbers, const LayerRecipe& recipe, std::int64_t outputs,
                            std::int64_t groups) {
    if (recipe.granularity == Granularity::Tensor && numbers.numel() == 1)
        return numbers.expand({outputs, 1}).contiguous();
    if (numbers.numel() != outputs * groups)
        return tl::unexpected(mismatch(std::to_string(numbers.numel()) + " steps for " + std::to_string(outputs) +
                                       " outputs of " + std::to_string(groups) + " groups"));
    return numbers.reshape({outputs, groups});
}

Result<LayerIntegers> uniform(const at::Tensor& values, const at::Tensor& rows, const LayerRecipe& recipe) {
    const std::int64_t outputs = rows.size(0), inputs = rows.size(1);
    std::int64_t groups = 1;
    LayerIntegers result;
    if (recipe.granularity == Granularity::Group && recipe.groupSize < inputs) {
        if (recipe.groupSize < 1)
            return tl::unexpected(mismatch("groups of " + std::to_string(recipe.groupSize)));
        result.groupSize = recipe.groupSize;
        groups = (inputs + recipe.groupSize - 1) / recipe.groupSize;
    }
    const auto steps = perGroup(at::tensor(recipe.steps), recipe, outputs, groups);
    if (!steps)
        return tl::unexpected(steps.error());
    result.steps = *steps;
    const auto spread = [&](const at::Tensor& numbers) {
        return groups == 1 ? numbers : numbers.repeat_interleave(result.groupSize, 1).narrow(1, 0, inputs);
    };
    const at::Tensor ofEach = spread(result.steps);
    at::Tensor whole = at::round(rows / ofEach);
    IntegerRange range = integerRange(recipe.weightBits);
    at::Tensor zero = at::zeros({1, 1});
    if (!recipe.zeroPoints.empty()) {
        range = integerRange(recipe.weightBits, /*isSigned=*/false);
        const auto zeros = perGroup(at::tensor(recipe.zeroPoints), recipe, outputs, groups);
        if (!zeros)
            return tl::unexpected(zeros.error());
        result.zeroPoints = zeros->to(at::kInt);
        zero = spread(result.zeroPoints.to(at::kFloat));
    }
    if (!agree(whole * ofEach, rows, values.scalar_type()))
        return tl::unexpected(mismatch("they are no multiples of the steps"));
    whole = whole + zero;
    if (whole.min().item<double>() < static_cast<double>(range.minimum) ||
        whole.max().item<double>() > static_cast<double>(range.maximum))
        return tl::unexpected(mismatch("integers do not fit " + std::to_string(recipe.weightBits) + " bits"));
    result.integers = whole.to(at::kInt);
    return result;
}

Result<LayerIntegers> normalFloat(const at::Tensor& values, const LayerRecipe& recipe) {
    const NormalFloatRecipe& stored = *recipe.normalFloat;
    const std::int64_t blocks = (values.numel() + kNormalFloatBlock - 1) / kNormalFloatBlock;
    const auto scaleBlocks = (blocks + kNormalFloatScaleBlock - 1) / kNormalFloatScaleBlock;
    if (values.dim() != 2 || values.size(1) % kNormalFloatBlock != 0)
        return fail(ErrorKind::Unsupported, "its blocks of 64 NormalFloat values do not end where its rows do");
    if (static_cast<std::int64_t>(stored.scaleCodes.size()) != blocks ||
        static_cast<std::int64_t>(stored.scaleMaxima.size()) != scaleBlocks)
        return tl::unexpected(mismatch("there are not as many scales as blocks"));
    for (const int code : stored.scaleCodes)
        if (code < 0 || code > 255)
            return tl::unexpected(mismatch("a scale's code is not 0 to 255"));
    NormalFloatWeight weight;
    weight.scaleCodes = at::tensor(stored.scaleCodes).to(at::kByte);
    weight.scaleMaxima = at::tensor(stored.scaleMaxima);
    weight.scaleOffset = stored.scaleOffset;
    weight.codes = at::full({values.numel()}, 15, at::kByte);  // the level 1: what comes back are the scales
    const at::Tensor scales = dequantizeNormalFloat(weight).reshape({blocks, kNormalFloatBlock}).select(1, 0);
    const at::Tensor ratios = values.to(at::kFloat).reshape({blocks, -1}) / scales.unsqueeze(1);
    const at::Tensor levels = normalFloatLevels();
    const at::Tensor middles = (levels.slice(0, 0, -1) + levels.slice(0, 1)) / 2;
    weight.codes = at::bucketize(ratios.nan_to_num(0), middles).to(at::kByte).reshape(values.sizes());
    if (!agree(dequantizeNormalFloat(weight), values.to(at::kFloat), values.scalar_type()))
        return tl::unexpected(mismatch("they are no NormalFloat levels of the scales"));
    LayerIntegers result;
    result.integers = weight.codes.to(at::kInt);
    result.steps = scales.reshape({values.size(0), -1});
    result.groupSize = kNormalFloatBlock;
    result.isNormalFloat = true;
    return result;
}

}  // namespace

Result<LayerIntegers> layerIntegers(const at::Tensor& values, std::int64_t outputAxis, const LayerRecipe& recipe) {
    const at::NoGradGuard noGradient;
    if (recipe.normalFloat) {
        if (outputAxis != 0)
            return fail(ErrorKind::Unsupported, "its NormalFloat blocks run across the outputs");
        return normalFloat(values, recipe);
    }
    if (recipe.outputAxis != outputAxis)
        return tl::unexpected(mismatch("its outputs are axis " + std::to_string(outputAxis) + ", the recipe's " +
                                       std::to_string(recipe.outputAxis)));
    const at::Tensor moved = values.detach().movedim(outputAxis, 0);
    auto result = uniform(values, moved.flatten(1).to(at::kFloat), recipe);
    if (result)
        result->integers = result->integers.reshape(moved.sizes());
    return result;
}

}  // namespace sqil
