#pragma once
#include <cstdint>

#include <ATen/core/Tensor.h>

#include "core/quant/QuantSpec.h"

namespace sqil {

/// The integers a value of `bits` bits can take: [−2^(b−1), 2^(b−1) − 1], or [0, 2^b − 1] unsigned.
struct IntegerRange {
    std::int64_t minimum = -8;
    std::int64_t maximum = 7;
};
IntegerRange integerRange(int bits, bool isSigned = true);

/// How a weight tensor is cut into blocks that share a step γ. `outputAxis` holds the output
/// channels; every other axis belongs to the input dimension, flattened in memory order.
struct WeightLayout {
    std::int64_t outputAxis = 0;
    Granularity granularity = Granularity::Channel;
    std::int64_t groupSize = 128;
    bool asymmetric = false;  ///< a step and a zero point a block
};

/// A weight as integers and steps: the exact content of a packed low-bit operator.
struct QuantizedWeight {
    at::Tensor integers;    ///< the weight's own shape: int8, asymmetric uint8
    at::Tensor steps;       ///< γ, float32: {1} per tensor, {out} per channel, {out, groups} per group
    at::Tensor values;      ///< γ·w_q, asymmetric γ·(w_q − z), in the weight's own type and shape
    at::Tensor zeroPoints;  ///< z, int32 in the shape of `steps`; undefined for symmetric ones
};

/// Symmetric uniform quantization, `w_q = clip(round(w/γ), −2^(b−1), 2^(b−1) − 1)`, round half to
/// even (SQIL paper, section 3; METHOD "Quantizer"). γ by range method: min-max
/// max|w|/(2^(b−1) − 1); percentile of |w| instead of the maximum; or the γ of least squared error
/// among 100 shrinks of the min-max one. A block of zeros gets γ = 1. `weight` must be finite and floating point.
/// Asymmetric (as AWQ's published code, but zero is always within the range): γ = (max − min)/(2^b − 1), z =
/// clip(−round(min/γ), 0, 2^b − 1), w_q = clip(round(w/γ) + z, 0, 2^b − 1); the range methods bound or shrink both
/// ends.
QuantizedWeight quantizeWeight(const at::Tensor& weight, int bits, const WeightLayout& layout, RangeMethod method,
                               double percentile);

/// The same with given steps, positive and in the shape that QuantizedWeight::steps has for this layout: w_q = clip(
/// round(w·(1/γ)), …), as learnedStepQuantize() computes it.
QuantizedWeight quantizeWeight(const at::Tensor& weight, const at::Tensor& steps, int bits, const WeightLayout& layout);

/// A per-tensor activation quantizer.
struct ActivationQuantizer {
    double step = 1.0;     ///< γ
    bool isSigned = true;  ///< false where calibration saw no negative value (after a ReLU)
};

/// From a sample of the activation's values (any shape, finite), its exact extremes, and the
/// method; `minimum` ≥ 0 gives an unsigned quantizer.
ActivationQuantizer activationQuantizer(const at::Tensor& sample, double minimum, double maximum, int bits,
                                        RangeMethod method, double percentile);

}  // namespace sqil
