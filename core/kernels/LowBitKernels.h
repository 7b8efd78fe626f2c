#pragma once
#include <cstdint>

#include "core/kernels/PanelLayout.h"

namespace sqil {

/// What happens to the sums of a row of outputs: y = sum·scale + bias (+ residual), then a ReLU, then y itself and
/// its quantized codes clip(round(y/step) + zero, 0, maximum), rounded half to even. All arrays are padded to a
/// multiple of 16 outputs.
struct Epilogue {
    const float* scales = nullptr;              ///< activation step · weight step; grouped as groupIndex() says
    const std::int32_t* corrections = nullptr;  ///< added to the sums, likewise: −zero·Σw of the activation's zero
    const float* bias = nullptr;                ///< may be null
    bool relu = false;
    float inverseStep = 0;
    std::int32_t zero = 0, maximum = 255;
    bool wideIsHalf = false;      ///< y is written as IEEE half, else float
    bool residualIsHalf = false;  ///< likewise for what is added
};

/// Where one row's outputs go; each may be null. Pointers are to output 0.
struct RowTarget {
    std::uint8_t* codes = nullptr;
    void* wide = nullptr;
    const void* residual = nullptr;
};

/// A tile of rows of unsigned 8-bit activations against one panel of Integer8 or Integer4 weights.
struct IntegerTile {
    const std::uint8_t* const* rows = nullptr;  ///< [segment][row]: the row's bytes for this run of inputs
    std::int32_t rowCount = 0;
    std::int32_t segments = 1;      ///< runs of inputs, each contiguous in memory; 1 where weights are Integer4
    std::int64_t segmentQuads = 0;  ///< inputs of a segment / 4
    std::int64_t groupQuads = 0;    ///< 0: one scale an output; else inputs/4 that share one (one segment)
    const std::int8_t* weights = nullptr;
    bool nibbles = false;  ///< the weights are Integer4
    std::int32_t vectors = 0;
    std::int64_t firstOutput = 0;
    std::int64_t outputs = 0;      ///< of the layer: none beyond is written
    std::int64_t groupOffset = 0;  ///< of the panel's first scale
    const RowTarget* targets = nullptr;
};

/// A row of float activations as integers: x = step·Σ 256ⁱ·dᵢ with digits from −128 to 127 and a step for each group of
/// inputs, its largest value over kLargestDigits. Three digits are 24 bits, no less than a float's own; two are 16,
/// finer than a half or a bfloat16 tells its group's largest value. Weights that are evenly spaced integers then need
/// no multiplication of floats, and the sums of a group are exact.
struct DigitRow {
    const std::int8_t* digits = nullptr;   ///< [inputs/8][digit, the lowest first][4 even inputs, 4 odd ones]
    const std::int32_t* starts = nullptr;  ///< [group][digit]: −8·Σ digit, as a weight w is stored as w + 8
    const float* steps = nullptr;          ///< [group]
    const float* sums = nullptr;           ///< [group]: Σ x/step
};
inline constexpr float kLargestDigits[4] = {0, 127, 32'600, 8'355'000};  ///< by their number

/// Rows of float activations against one panel of Table4 or Float8 weights: y[r] = Σ_groups scale·(Σ x·w − zero·Σ x) +
/// bias.
struct FloatTile {
    const float* const* rows = nullptr;  ///< [row]: at least `inputs` floats
    const DigitRow* digits = nullptr;    ///< [row], for digits4() instead of rows
    std::int32_t digitCount = 3;         ///< of those: 2 or 3
    std::int32_t rowCount = 0;
    std::int64_t inputs = 0;     ///< as packed: a multiple of inputMultiple()
    std::int64_t groupSize = 0;  ///< inputs that share a scale
    const std::uint8_t* weights = nullptr;
    const float* table = nullptr;   ///< 16 values; Table4
    const float* scales = nullptr;  ///< of the panel: [group][16·V]
    const float* zeros = nullptr;   ///< likewise, in units of a step; may be null
    const float* bias = nullptr;    ///< of the panel; may be null
    std::int32_t vectors = 0;
    std::int64_t validOutputs = 0;    ///< of the panel: none beyond is written
    float* const* targets = nullptr;  ///< [row]: the panel's first output
};

/// The inner loops for one instruction set. No LibTorch here: these files are compiled with flags of their own.
/// Integer sums are exact, and what follows them is computed alike everywhere: bit for bit the same results.
struct LowBitKernels {
    const char* name;
    std::int32_t integerRows;  ///< rows that integer() likes best for a full panel; any number up to 16 works
    std::int32_t floatRows;    ///< rows up to which table4() and float8() unpack in registers
    void (*integer)(const IntegerTile& tile, const Epilogue& epilogue);
    void (*table4)(const FloatTile& tile);
    void (*float8)(const FloatTile& tile);
    /// table4() for the table −8 … 7, of DigitRows.
    void (*digits4)(const FloatTile& tile);
    /// The DigitRow of `inputs` floats (a multiple of 8); false where one is not finite or too small to be told by
    /// digits: nothing useful is written then.
    bool (*toDigits)(const float* from, std::int64_t inputs, std::int64_t groupSize, std::int32_t digitCount,
                     std::int8_t* digits, std::int32_t* starts, float* steps, float* sums);
    /// `inputs` weights of one panel from `first` on as floats, (w − zero)·scale: [inputs][16·V].
    void (*expandTable4)(const FloatTile& tile, std::int64_t first, std::int64_t inputs, float* to);
    void (*expandFloat8)(const FloatTile& tile, std::int64_t first, std::int64_t inputs, float* to);
    /// Adds rows·expanded to targets ([row], 16·V floats each, all written); rows point at the first input.
    void (*multiply)(const float* const* rows, std::int32_t rowCount, std::int64_t inputs, const float* expanded,
                     std::int32_t vectors, float* const* targets);
    /// A panel of Integer4 weights as Integer8.
    void (*expandNibbles)(const std::int8_t* from, std::int64_t bytes, std::int32_t vectors, std::int8_t* to);
    /// clip(round(value·inverse) + zero, 0, maximum) of `count` floats.
    void (*quantize)(const float* from, std::int64_t count, float inverse, std::int32_t zero, std::int32_t maximum,
                     std::uint8_t* to);
    /// The same from four planes of `count` floats (null: zeros): four bytes a pixel, pixels `pitch` bytes apart.
    void (*quantizePlanes)(const float* const* planes, std::int64_t count, float inverse, std::int32_t zero,
                           std::int32_t maximum, std::uint8_t* to, std::int64_t pitch);
    /// to[i] = the largest of from[0][i], …, from[taps − 1][i]; at least one tap. `from` are bytes, halves or floats.
    void (*largestBytes)(const void* const* from, std::int64_t taps, std::int64_t count, void* to);
    void (*largestHalves)(const void* const* from, std::int64_t taps, std::int64_t count, void* to);
    void (*largestFloats)(const void* const* from, std::int64_t taps, std::int64_t count, void* to);
    void (*halfToFloat)(const std::uint16_t* from, float* to, std::int64_t count);
    void (*floatToHalf)(const float* from, std::uint16_t* to, std::int64_t count);  ///< to nearest even
    /// For roofs of measurements: sums all of memory (a multiple of 256 bytes); multiplies and adds in registers alone,
    /// and returns how many such operations `rounds` were (a multiplication and its addition count as two).
    std::uint32_t (*readAll)(const std::uint8_t* from, std::int64_t bytes);
    double (*multiplyFloats)(std::int64_t rounds, float* result);
    double (*multiplyIntegers)(std::int64_t rounds, std::int32_t* result);
};

extern const LowBitKernels lowBitPortable;
#if defined(__x86_64__)
extern const LowBitKernels lowBitAvx2;
extern const LowBitKernels lowBitAvx512;
#endif

/// The best this processor runs (AVX-512 with VNNI and VL, AVX2 with FMA and F16C, or plain C++); the environment
/// variable SQIL_KERNELS (portable, avx2, avx512) chooses a lesser one.
const LowBitKernels& lowBitKernels();

}  // namespace sqil
