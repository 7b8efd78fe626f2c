#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"

namespace sqil {

/// How other programs keep packed weights in safetensors.
enum class CheckpointFormat {
    /// compressed-tensors, "pack-quantized": LAYER.weight_packed, int32 {out, in/8} (4 bits; in/4 for 8): value k of a
    /// row,
    /// plus 2^(b−1), in bits b·(k mod 8) of word k/8; LAYER.weight_scale {out, groups}; LAYER.weight_shape;
    /// LAYER.weight_zero_point, packed the same way along the outputs, where asymmetric.
    CompressedTensors,
    /// AutoAWQ, "gemm": LAYER.qweight, int32 {in, out/8}: outputs 8w + {0, 2, 4, 6, 1, 3, 5, 7} in the nibbles of word
    /// w from
    /// the lowest up, unsigned; LAYER.qzeros {groups, out/8} alike; LAYER.scales {groups, out}, half. 4 bits only.
    Awq,
};

/// Integers (any type, values of `bits` bits once `offset` is added) packed along the last axis into int32 words, the
/// first value in the lowest bits; a last word that is not full is filled with zeros.
at::Tensor packIntoWords(const at::Tensor& integers, int bits, int offset);

/// AutoAWQ's order of nibbles: {rows, 8·n} values 0 … 15 to {rows, n} words.
at::Tensor packAwqWords(const at::Tensor& codes);

/// Writes model.safetensors and config.json (its quantization_config) into the folder `out`, made where it is not
/// there: the quantized linear layers packed, everything else as it is, each under its own name. Returns notes: which
/// layers could not be packed in this format and why; their quantized values are written as floats.
Result<std::vector<std::string>> exportCheckpoint(const std::filesystem::path& policy, CheckpointFormat format,
                                                  const std::filesystem::path& out);

}  // namespace sqil
