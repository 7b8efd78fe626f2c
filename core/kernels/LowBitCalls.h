#pragma once
#include <cstdint>

#include "core/kernels/LowBitKernels.h"

namespace sqil {

/// y = x·Wᵀ + bias of float activations and packed weights (W4A16, W8A16).
struct FloatLinearCall {
    const float* x = nullptr;  ///< rows × inputs
    std::int64_t rows = 0, inputs = 0, outputs = 0;
    WeightFormat format = WeightFormat::Table4;  ///< or Float8
    std::int64_t groupSize = 0;  ///< inputs that share a scale: a multiple of 8; the last may be shorter
    int digits = 3;  ///< of an activation where it is computed in integers (DigitRow): 2 where it has 16 bits itself
    const std::uint8_t* weights = nullptr;
    const float* table = nullptr;   ///< 16 values, for Table4
    const float* scales = nullptr;  ///< as groupIndex() says
    const float* zeros = nullptr;   ///< likewise, may be null: w = scale·(value − zero)
    const float* bias = nullptr;    ///< padded to a multiple of 16, may be null
    float* y = nullptr;             ///< rows × outputs

    std::int64_t groups() const { return (inputs + groupSize - 1) / groupSize; }
};

/// The same of unsigned 8-bit codes that stand for (code − zero)·step; zero and steps are in the epilogue's
/// corrections and scales.
struct IntegerLinearCall {
    const std::uint8_t* x = nullptr;
    std::int64_t rows = 0, inputs = 0, outputs = 0;
    std::int64_t pitch = 0;  ///< bytes from row to row: at least the inputs rounded up to a multiple of 8
    WeightFormat format = WeightFormat::Integer8;  ///< or Integer4
    std::int64_t groupSize = 0;                    ///< 0: one scale an output; else a multiple of 8
    const std::uint8_t* weights = nullptr;
    Epilogue epilogue;
    std::uint8_t* codes = nullptr;  ///< rows × codesPitch, may be null
    std::int64_t codesPitch = 0;
    float* y = nullptr;  ///< rows × outputs, may be null
};

/// Cross-correlation as aten::conv2d, channels last: the input is N×H×W×C codes, C a multiple of 4; weights are packed
/// with inputs in the order kernel row, kernel column, channel. Beyond the border lies inputZero.
struct ConvCall {
    const std::uint8_t* x = nullptr;
    std::int64_t batch = 0, height = 0, width = 0, channels = 0, outputs = 0;
    std::int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, padding[2] = {0, 0}, dilation[2] = {1, 1};
    std::uint8_t inputZero = 0;
    WeightFormat format = WeightFormat::Integer8;  ///< or Integer4
    const std::uint8_t* weights = nullptr;
    Epilogue epilogue;
    std::uint8_t* codes = nullptr;  ///< N×H'×W'×codesPitch, may be null
    std::int64_t codesPitch = 0;
    void* wide = nullptr;            ///< N×H'×W'×outputs, half or float, may be null
    const void* residual = nullptr;  ///< likewise

    std::int64_t inputs() const { return kernel[0] * kernel[1] * channels; }
    std::int64_t outHeight() const { return outSize(height, 0); }
    std::int64_t outWidth() const { return outSize(width, 1); }

private:
    std::int64_t outSize(std::int64_t size, int axis) const {
        const std::int64_t reach = size + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
        return reach < 0 ? 0 : reach / stride[axis] + 1;
    }
};

/// Largest value of every window, channels last: codes, halves or floats; beyond the border there is nothing.
struct PoolCall {
    const void* x = nullptr;
    int bytes = 1;  ///< of a value: 1, 2 or 4
    std::int64_t batch = 0, height = 0, width = 0, channels = 0;
    std::int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, padding[2] = {0, 0};
    std::int64_t outHeight = 0, outWidth = 0;
    void* y = nullptr;
};

/// On up to `threads` threads of LibTorch's pool; fewer where there is little to do.
void run(const FloatLinearCall& call, const LowBitKernels& kernels, int threads);
void run(const IntegerLinearCall& call, const LowBitKernels& kernels, int threads);
void run(const ConvCall& call, const LowBitKernels& kernels, int threads);
void run(const PoolCall& call, const LowBitKernels& kernels, int threads);

/// The same weight by weight, as the formulas say. Integer calls give the same bits as run(); the float one sums in
/// double.
void runReference(const FloatLinearCall& call);
void runReference(const IntegerLinearCall& call);
void runReference(const ConvCall& call);

}  // namespace sqil
