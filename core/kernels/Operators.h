#pragma once

namespace sqil {

/// Makes the low-bit operators known to LibTorch's dispatcher, once; safe to call again:
///
///   sqil::linear_w4a16, linear_w8a16             float activations, packed weights
///   sqil::linear_w8a8, linear_w4a8, linear_w4a4  codes in, floats or codes out
///   sqil::conv2d_w8a8, conv2d_w4a4               codes in (channels last), codes and wide values out
///   sqil::quantize_rows, quantize_nhwc           floats to codes
///   sqil::dequantize_nhwc                        wide values to floats, channels first
///   sqil::max_pool2d_nhwc                        of codes or wide values
///   sqil::repack_weight                          a packed weight in the device's own layout (not on the CPU)
///
/// Codes are uint8 and stand for (code − zero)·step. Rows of codes are padded to a multiple of 8, channels to a
/// multiple of 4; their weights are zero there. Wide values are half or float, N×H×W×C. Every operator checks sizes and
/// types, because a policy file may name it with any arguments.
void registerLowBitOperators();

}  // namespace sqil
