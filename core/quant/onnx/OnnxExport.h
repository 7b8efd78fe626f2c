#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// Writes a policy (.pt2, quantized or not) as an ONNX model, operator set 17. Quantized layers keep their integers: an
/// int8 or uint8 weight with a DequantizeLinear a channel, activations through QuantizeLinear and DequantizeLinear,
/// biases of such layers as int32; ONNX Runtime fuses these to its integer operators. The outputs are those of the
/// quantized policy up to float rounding and the rounding of the biases. Returns notes, one a layer whose weight had to
/// be written as floats and why. An operator that has no translation is an error that names it and its node. Atomic.
Result<std::vector<std::string>> exportOnnx(const std::filesystem::path& policy, const std::filesystem::path& out);

}  // namespace sqil
