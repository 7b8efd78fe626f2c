#pragma once
#include <string>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/kernels/PanelLayout.h"
#include "core/quant/lowering/LayerIntegers.h"

namespace sqil {

/// What a fake-quantize node does to an activation, as codes: clip(round(x/step) + zero, 0, maximum).
struct CodeFormat {
    double step = 1;
    std::int64_t zero = 0, maximum = 255;
    bool operator==(const CodeFormat&) const = default;
};

/// The tensors of a packed operator (core/kernels/Operators.h). Undefined ones are not needed.
struct PackedLayer {
    std::string target;  ///< "sqil::linear_w4a16"
    at::Tensor weight, scales, zeros, corrections, bias, table;
    std::int64_t inputs = 0, outputs = 0, groupSize = 0;

    std::int64_t bytes() const;
};

/// Float activations. `weight` of the layer: outputs × inputs.
Result<PackedLayer> packFloatLinear(const LayerIntegers& integers, int weightBits, const at::Tensor& bias);
/// Codes in `input`'s format.
Result<PackedLayer> packIntegerLinear(const LayerIntegers& integers, int weightBits, const CodeFormat& input,
                                      const at::Tensor& bias);
/// The same, outputs × channels × kernel rows × kernel columns.
Result<PackedLayer> packConv(const LayerIntegers& integers, int weightBits, const CodeFormat& input,
                             const at::Tensor& bias);

}  // namespace sqil
