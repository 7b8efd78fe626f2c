#pragma once
#include "plugins/cuda/kernels/Arguments.h"

namespace sqil::cuda {

enum class FloatWeights { Plain4, Table4, Bytes8 };

/// The pairs of a table's values that two nibbles stand for, in shared memory: [second · 16 + first].
inline constexpr int kPairTableBytes = 256 * 4;

template<bool BFloat>
SQIL_GPU void fillPairTable(std::uint32_t* pairs, const float* table, int thread, int threads) {
    for (int pair = thread; pair < 256; pair += threads) {
        const float first = table[pair & 15], second = table[pair >> 4];
        pairs[pair] = BFloat ? gpu::asBFloat(first) | std::uint32_t{gpu::asBFloat(second)} << 16
                             : gpu::asHalf(first) | std::uint32_t{gpu::asHalf(second)} << 16;
    }
}

/// Four registers of A, pairs of halves or bfloats, from one tile's words of a lane (WeightLayout.h). Integers of up to
/// 8 bits are put below the mantissa of a power of two, and that is subtracted: exact, and no conversion is needed.
template<FloatWeights Weights, bool BFloat>
struct Decode;

template<>
struct Decode<FloatWeights::Plain4, false> {
    static SQIL_GPU void tile(const Words4& words, int tile, const std::uint32_t*, std::uint32_t (&a)[4]) {
        const std::uint32_t word = words.of[tile];
        constexpr std::uint32_t one = 0x3c003c00U, sixteenth = 0x2c002c00U;
        constexpr std::uint32_t low = 0xe408e408U, high = 0xd480d480U;  // −(1024 + 8), −(64 + 8)
        SQIL_UNROLL
        for (int pair = 0; pair < 2; ++pair) {
            const std::uint32_t shifted = word >> 8 * pair;
            a[2 * pair] = gpu::fmaHalves((shifted & 0x000f000fU) | 0x64006400U, one, low);
            a[2 * pair + 1] = gpu::fmaHalves((shifted & 0x00f000f0U) | 0x64006400U, sixteenth, high);
        }
    }
};

template<>
struct Decode<FloatWeights::Plain4, true> {
    static SQIL_GPU void tile(const Words4& words, int tile, const std::uint32_t*, std::uint32_t (&a)[4]) {
        const std::uint32_t word = words.of[tile];
        SQIL_UNROLL
        for (int reg = 0; reg < 4; ++reg)  // 128 + index, less 136
            a[reg] = gpu::fmaBFloats((word >> 4 * reg & 0x000f000fU) | 0x43004300U, 0x3f803f80U, 0xc308c308U);
    }
};

template<bool BFloat>
struct Decode<FloatWeights::Table4, BFloat> {
    static SQIL_GPU void tile(const Words4& words, int tile, const std::uint32_t* pairs, std::uint32_t (&a)[4]) {
        const std::uint32_t word = words.of[tile];
        SQIL_UNROLL
        for (int reg = 0; reg < 4; ++reg) {
            const std::uint32_t both = word >> 4 * reg & 0x000f000fU;
            a[reg] = pairs[(both | both >> 12) & 255U];
        }
    }
};

template<>
struct Decode<FloatWeights::Bytes8, false> {
    static SQIL_GPU void tile(const Words4& words, int tile, const std::uint32_t*, std::uint32_t (&a)[4]) {
        SQIL_UNROLL
        for (int pair = 0; pair < 2; ++pair) {
            const std::uint32_t word = words.of[2 * tile + pair];
            constexpr std::uint32_t one = 0x3c003c00U, offset = 0xe480e480U;  // −(1024 + 128)
            a[2 * pair] = gpu::fmaHalves(gpu::permuteBytes(word, 0x64646464U, 0x4140U), one, offset);
            a[2 * pair + 1] = gpu::fmaHalves(gpu::permuteBytes(word, 0x64646464U, 0x4342U), one, offset);
        }
    }
};

template<>
struct Decode<FloatWeights::Bytes8, true> {
    static SQIL_GPU void tile(const Words4& words, int tile, const std::uint32_t*, std::uint32_t (&a)[4]) {
        // A bfloat's mantissa is too short for the offset; a float's is not, and its upper half is exact again.
        SQIL_UNROLL
        for (int reg = 0; reg < 4; ++reg) {
            const std::uint32_t word = words.of[2 * tile + reg / 2];
            std::uint32_t floats[2];
            SQIL_UNROLL
            for (int element = 0; element < 2; ++element) {
                const auto byte = static_cast<std::uint32_t>(2 * (reg % 2) + element);
                const float offset = gpu::fromBits(gpu::permuteBytes(word, 0x4b000000U, 0x7540U + byte));
                floats[element] = gpu::toBits(offset - 8388736.0F);
            }
            a[reg] = gpu::permuteBytes(floats[0], floats[1], 0x7632U);
        }
    }
};

template<bool BFloat>
SQIL_GPU void multiplyFloats(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    if constexpr (BFloat)
        gpu::multiplyBFloats(c, a, b0, b1);
    else
        gpu::multiplyHalves(c, a, b0, b1);
}

SQIL_GPU void storeNumber(void* to, std::int64_t index, Number type, float value) {
    if (type == Number::Float)
        static_cast<float*>(to)[index] = value;
    else
        static_cast<std::uint16_t*>(to)[index] = type == Number::Half ? gpu::asHalf(value) : gpu::asBFloat(value);
}

}  // namespace sqil::cuda
