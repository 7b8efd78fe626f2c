#include "core/quant/lowering/PackedLayer.h"

#include <ATen/ATen.h>

#include "core/kernels/PackWeights.h"
#include "core/quant/NormalFloat.h"

namespace sqil {
namespace {

template<class Number>
std::span<const Number> spanOf(const at::Tensor& tensor) {
    return {tensor.const_data_ptr<Number>(), static_cast<std::size_t>(tensor.numel())};
}

template<class Number>
at::Tensor toTensor(const std::vector<Number>& numbers, at::ScalarType type) {
    const at::Tensor tensor = at::empty({static_cast<std::int64_t>(numbers.size())}, type);
    std::copy(numbers.begin(), numbers.end(), tensor.mutable_data_ptr<Number>());
    return tensor;
}

at::Tensor grouped(const at::Tensor& numbers, float padding) {
    const at::Tensor floats = numbers.to(at::kFloat).contiguous();
    return toTensor(packGroups<float>(spanOf<float>(floats), floats.size(0), floats.size(1), padding), at::kFloat);
}

at::Tensor packed(WeightFormat format, const at::Tensor& matrix) {
    const at::Tensor bytes = matrix.to(at::kChar).contiguous();
    return toTensor(packWeights(format, spanOf<std::int8_t>(bytes), bytes.size(0), bytes.size(1)), at::kByte);
}

at::Tensor paddedBias(const at::Tensor& bias, std::int64_t outputs) {
    if (!bias.defined())
        return {};
    return at::constant_pad_nd(bias.detach().to(at::kFloat), {0, Panels{outputs}.paddedOutputs() - outputs})
        .contiguous();
}

/// Zero points taken off, so that the integers are the weight itself.
Result<at::Tensor> centred(const LayerIntegers& layer, const at::Tensor& matrix) {
    if (layer.isNormalFloat)
        return fail(ErrorKind::Unsupported, "NormalFloat weights have no integers to multiply activations with");
    if (!layer.zeroPoints.defined())
        return matrix;
    const std::int64_t inputs = matrix.size(1);
    const at::Tensor zeros = layer.groupSize > 0
                                 ? layer.zeroPoints.repeat_interleave(layer.groupSize, 1).narrow(1, 0, inputs)
                                 : layer.zeroPoints;
    at::Tensor result = matrix - zeros;
    if (result.min().item<int>() < -128 || result.max().item<int>() > 127)
        return fail(ErrorKind::Unsupported, "its weights with their zero point taken off do not fit 8 bits");
    return result;
}

Result<void> checkSums(const at::Tensor& matrix, const CodeFormat& input) {
    // Any partial sum, and the correction for the zero, must fit 32 bits.
    const double most = matrix.abs().sum(1).max().item<double>() * static_cast<double>(input.maximum);
    if (most >= 2147483647.0)
        return fail(ErrorKind::Unsupported, "it has so many inputs that 32-bit sums could overflow");
    return {};
}

bool fitsFourBits(const at::Tensor& matrix) {
    return matrix.min().item<int>() >= -8 && matrix.max().item<int>() <= 7;
}

/// −zero·Σw of every output and group: {outputs, groups}.
at::Tensor correctionsOf(const at::Tensor& matrix, std::int64_t groupSize, std::int64_t zero) {
    at::Tensor sums;
    if (groupSize == 0) {
        sums = matrix.sum(1, /*keepdim=*/true);
    } else {
        const std::int64_t padding = roundedUp(matrix.size(1), groupSize) - matrix.size(1);
        sums = at::constant_pad_nd(matrix, {0, padding}).reshape({matrix.size(0), -1, groupSize}).sum(2);
    }
    const at::Tensor numbers = (-zero * sums).to(at::kInt).contiguous();
    return toTensor(packGroups<std::int32_t>(spanOf<std::int32_t>(numbers), numbers.size(0), numbers.size(1), 0),
                    at::kInt);
}

/// Activation step · weight steps, rounded once.
at::Tensor productScales(const LayerIntegers& integers, const CodeFormat& input) {
    return grouped((integers.steps.to(at::kDouble) * input.step).to(at::kFloat), 0.0F);
}

Result<void> checkGroups(const LayerIntegers& integers) {
    if (integers.groupSize % 8 != 0)
        return fail(ErrorKind::Unsupported,
                    "its groups of " + std::to_string(integers.groupSize) + " inputs are no multiple of 8");
    return {};
}

}  // namespace

std::int64_t PackedLayer::bytes() const {
    std::int64_t total = 0;
    for (const at::Tensor* tensor : {&weight, &scales, &zeros, &corrections, &bias, &table})
        if (tensor->defined())
            total += static_cast<std::int64_t>(tensor->nbytes());
    return total;
}

Result<PackedLayer> packFloatLinear(const LayerIntegers& integers, int weightBits, const at::Tensor& bias) {
    if (auto groups = checkGroups(integers); !groups)
        return tl::unexpected(groups.error());
    const at::Tensor matrix = integers.integers.flatten(1);
    const bool four = weightBits <= 4;
    // Stored around the middle of their range: what is multiplied stays small, and so does what cancels.
    const int middle = 1 << (weightBits - 1);
    PackedLayer layer;
    layer.target = four ? "sqil::linear_w4a16" : "sqil::linear_w8a16";
    layer.outputs = matrix.size(0);
    layer.inputs = matrix.size(1);
    layer.groupSize = integers.groupSize > 0 ? integers.groupSize : roundedUp(layer.inputs, 8);
    layer.scales = grouped(integers.steps, 0.0F);
    layer.bias = paddedBias(bias, layer.outputs);
    at::Tensor stored = matrix;
    if (integers.isNormalFloat) {
        layer.table = normalFloatLevels().clone();
    } else if (integers.zeroPoints.defined()) {
        layer.zeros = grouped(integers.zeroPoints - middle, 0.0F);
        stored = matrix - middle;
    }
    if (four && !integers.isNormalFloat)
        stored = stored + 8;  // indices into −8 … 7
    layer.weight = packed(four ? WeightFormat::Table4 : WeightFormat::Float8, stored);
    return layer;
}

Result<PackedLayer> packIntegerLinear(const LayerIntegers& integers, int weightBits, const CodeFormat& input,
                                      const at::Tensor& bias) {
    if (auto groups = checkGroups(integers); !groups)
        return tl::unexpected(groups.error());
    const auto matrix = centred(integers, integers.integers.flatten(1));
    if (!matrix)
        return tl::unexpected(matrix.error());
    if (auto sums = checkSums(*matrix, input); !sums)
        return tl::unexpected(sums.error());
    const bool four = weightBits <= 4 && fitsFourBits(*matrix);
    PackedLayer layer;
    layer.target = !four ? "sqil::linear_w8a8" : input.maximum > 15 ? "sqil::linear_w4a8" : "sqil::linear_w4a4";
    layer.outputs = matrix->size(0);
    layer.inputs = matrix->size(1);
    layer.groupSize = integers.groupSize;
    layer.scales = productScales(integers, input);
    layer.corrections = correctionsOf(*matrix, integers.groupSize, input.zero);
    layer.bias = paddedBias(bias, layer.outputs);
    layer.weight = packed(four ? WeightFormat::Integer4 : WeightFormat::Integer8, *matrix);
    return layer;
}

Result<PackedLayer> packConv(const LayerIntegers& integers, int weightBits, const CodeFormat& input,
                             const at::Tensor& bias) {
    if (integers.groupSize > 0)
        return fail(ErrorKind::Unsupported,
                    "the steps of its groups of inputs cut across kernel positions; quantize it per channel");
    const at::Tensor& whole = integers.integers;
    const auto centredRows = centred(integers, whole.flatten(1));
    if (!centredRows)
        return tl::unexpected(centredRows.error());
    const std::int64_t channels = whole.size(1);
    const at::Tensor matrix = at::constant_pad_nd(centredRows->reshape(whole.sizes()).permute({0, 2, 3, 1}),
                                                  {0, roundedUp(channels, 4) - channels})
                                  .flatten(1);
    if (auto sums = checkSums(matrix, input); !sums)
        return tl::unexpected(sums.error());
    const bool four = weightBits <= 4 && input.maximum <= 15 && fitsFourBits(matrix);
    PackedLayer layer;
    layer.target = four ? "sqil::conv2d_w4a4" : "sqil::conv2d_w8a8";
    layer.outputs = matrix.size(0);
    layer.inputs = matrix.size(1);
    layer.scales = productScales(integers, input);
    layer.corrections = correctionsOf(matrix, 0, input.zero);
    layer.bias = paddedBias(bias, layer.outputs);
    layer.weight = packed(four ? WeightFormat::Integer4 : WeightFormat::Integer8, matrix);
    return layer;
}

}  // namespace sqil
