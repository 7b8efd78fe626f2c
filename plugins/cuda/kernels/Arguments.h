#pragma once
#include <cstdint>

#include "plugins/cuda/index/ConvPixels.h"
#include "plugins/cuda/index/Schedule.h"
#include "plugins/cuda/kernels/Device.h"

namespace sqil::cuda {

/// What kernels write and read besides: numbers of these types.
enum class Number { Half, BFloat, Float };

/// Where blocks that share an output meet: partial sums, and a counter for every output block that is zero before and
/// after. The last block to draw adds all parts, in order.
struct Meeting {
    std::uint32_t* partial = nullptr;
    std::int32_t* counters = nullptr;
};

/// y = x·Wᵀ + bias. `Table4` or `Float8` weights in the device's layout.
struct FloatLinear {
    const std::uint16_t* x = nullptr;  ///< halves or bfloats, rows of `pitch`: a multiple of 8, zero beyond the inputs
    int rows = 0, pitch = 0, outputs = 0;
    const Words4* weights = nullptr;
    const float* table = nullptr;  ///< 16 values; null: −8 … 7 (of Table4)
    const float* scales = nullptr;
    const float* zeros = nullptr;  ///< may be null
    const float* bias = nullptr;   ///< may be null
    int groups = 1;
    int groupShift = 0;              ///< inputs that share a scale: 2^groupShift, 32 or more; unused for one group
    const float* rowSums = nullptr;  ///< [split][group][rows rounded up to 8], of the tiled kernel with zeros
    void* y = nullptr;               ///< rows × outputs
    Number yType = Number::Half;
    int splits = 1;
    Meeting meeting;
};

/// Codes times integers, then the epilogue of LowBitKernels.h.
struct IntegerProduct {
    const std::uint8_t* x = nullptr;
    int rows = 0, inputs = 0, outputs = 0;
    int pitch = 0;            ///< bytes from row to row of a linear layer: a multiple of 16
    ConvGeometry conv;        ///< of a convolution
    std::uint8_t border = 0;  ///< its code beyond the border
    const Words4* weights = nullptr;
    bool smallCodes = false;        ///< codes are 15 at most
    int groupSize = 0, groups = 1;  ///< 0: one scale an output; else a multiple of 32
    const float* scales = nullptr;
    const std::int32_t* corrections = nullptr;
    const float* bias = nullptr;  ///< may be null
    const void* residual = nullptr;
    bool relu = false, wideIsHalf = false, residualIsHalf = false;
    float inverseStep = 0;
    std::int32_t zero = 0, maximum = 255;
    std::uint8_t* codes = nullptr;  ///< rows × codesPitch, may be null
    int codesPitch = 0;
    void* wide = nullptr;  ///< rows × outputs, may be null
    int splits = 1;
    Meeting meeting;
};

}  // namespace sqil::cuda
