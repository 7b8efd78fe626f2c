#include "core/quant/NormalFloat.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace sqil {
namespace {

/// Index of the nearest level for each value; levels ascend.
at::Tensor nearest(const at::Tensor& values, const at::Tensor& levels) {
    const at::Tensor middles = (levels.slice(0, 1) + levels.slice(0, 0, -1)) / 2;
    return at::bucketize(values, middles.to(values.device()));
}

/// Rows of `size`, zeros behind the last value.
at::Tensor inBlocks(const at::Tensor& flat, std::int64_t size) {
    const std::int64_t blocks = (flat.numel() + size - 1) / size;
    return at::constant_pad_nd(flat, {0, blocks * size - flat.numel()}).reshape({blocks, size});
}

at::Tensor normalized(const at::Tensor& blocks, const at::Tensor& maxima) {
    return blocks / at::where(maxima > 0, maxima, at::ones_like(maxima)).unsqueeze(1);
}

at::Tensor looked(const at::Tensor& levels, const at::Tensor& codes) {
    return levels.to(codes.device()).index_select(0, codes.flatten().to(at::kLong));
}

at::Tensor makeDynamicLevels() {
    // Seven decades; every larger one is divided twice as finely.
    constexpr int decades = 7;
    std::vector<float> levels{0.0F, 1.0F};
    for (int decade = 0; decade < decades; ++decade) {
        const std::int64_t parts = std::int64_t{1} << decade;
        const at::Tensor edges = at::linspace(0.1, 1, parts + 1, at::kFloat);
        const at::Tensor means = (edges.slice(0, 0, -1) + edges.slice(0, 1)) / 2.0;
        const at::Tensor scaled = means * std::pow(10.0, decade - (decades - 1));
        for (std::int64_t i = 0; i < parts; ++i) {
            levels.push_back(scaled[i].item<float>());
            levels.push_back(-scaled[i].item<float>());
        }
    }
    std::sort(levels.begin(), levels.end());
    return at::tensor(levels);
}

}  // namespace

const at::Tensor& normalFloatLevels() {
    static const at::Tensor levels =
        at::tensor({-1.0F, -0.6961928009986877F, -0.5250730514526367F, -0.39491748809814453F, -0.28444138169288635F,
                    -0.18477343022823334F, -0.09105003625154495F, 0.0F, 0.07958029955625534F, 0.16093020141124725F,
                    0.24611230194568634F, 0.33791524171829224F, 0.44070982933044434F, 0.5626170039176941F,
                    0.7229568362236023F, 1.0F});
    return levels;
}

const at::Tensor& dynamicLevels() {
    static const at::Tensor levels = makeDynamicLevels();
    return levels;
}

NormalFloatWeight quantizeNormalFloat(const at::Tensor& weight) {
    if (!weight.is_floating_point() || weight.numel() == 0)
        throw std::invalid_argument("quantizeNormalFloat: a non-empty floating-point tensor is needed");
    const at::NoGradGuard noGradient;
    const at::Tensor blocks = inBlocks(weight.detach().to(at::kFloat).flatten(), kNormalFloatBlock);
    const at::Tensor scales = blocks.abs().amax(1);

    NormalFloatWeight result;
    result.codes = nearest(normalized(blocks, scales), normalFloatLevels())
                       .flatten()
                       .narrow(0, 0, weight.numel())
                       .reshape(weight.sizes())
                       .to(at::kByte);
    const at::Tensor offset = scales.mean();
    const at::Tensor scaleBlocks = inBlocks(scales - offset, kNormalFloatScaleBlock);
    result.scaleOffset = offset.item<float>();
    result.scaleMaxima = scaleBlocks.abs().amax(1);
    result.scaleCodes = nearest(normalized(scaleBlocks, result.scaleMaxima), dynamicLevels())
                            .flatten()
                            .narrow(0, 0, scales.numel())
                            .to(at::kByte);
    result.values = dequantizeNormalFloat(result).to(weight.scalar_type());
    return result;
}

at::Tensor dequantizeNormalFloat(const NormalFloatWeight& weight) {
    const at::NoGradGuard noGradient;
    const at::Tensor maxima =
        weight.scaleMaxima.repeat_interleave(kNormalFloatScaleBlock).narrow(0, 0, weight.scaleCodes.numel());
    const at::Tensor scales = looked(dynamicLevels(), weight.scaleCodes) * maxima + weight.scaleOffset;
    const at::Tensor repeated = scales.repeat_interleave(kNormalFloatBlock).narrow(0, 0, weight.codes.numel());
    return (looked(normalFloatLevels(), weight.codes) * repeated).reshape(weight.codes.sizes());
}

}  // namespace sqil
