// Vectors of 16 for LowBitKernels.inl: pairs of AVX2 registers.
#pragma once
#include <immintrin.h>

#include <cstdint>

namespace sqil {
namespace {

#define SQIL_INLINE inline __attribute__((always_inline))

struct Floats {
    __m256 low, high;
};
struct Ints {
    __m256i low, high;
};
/// Four activations as 16-bit numbers: the first and third, the second and fourth.
struct Quad {
    __m256i even, odd;
};
using SignedQuad = __m256i;
struct Quads {
    __m256i low, high;
};
struct Table {
    __m256 first, second;
};

SQIL_INLINE Floats floats(float value) {
    return {_mm256_set1_ps(value), _mm256_set1_ps(value)};
}
SQIL_INLINE Floats load(const float* from) {
    return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)};
}
SQIL_INLINE void store(float* to, Floats value) {
    _mm256_storeu_ps(to, value.low);
    _mm256_storeu_ps(to + 8, value.high);
}
SQIL_INLINE Floats add(Floats a, Floats b) {
    return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
SQIL_INLINE Floats subtract(Floats a, Floats b) {
    return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
SQIL_INLINE Floats multiply(Floats a, Floats b) {
    return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}
SQIL_INLINE Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
SQIL_INLINE Floats larger(Floats a, Floats b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}
SQIL_INLINE Floats smaller(Floats a, Floats b) {
    return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}
SQIL_INLINE Floats loadHalves(const std::uint16_t* from) {
    const auto* at = reinterpret_cast<const __m128i*>(from);
    return {_mm256_cvtph_ps(_mm_loadu_si128(at)), _mm256_cvtph_ps(_mm_loadu_si128(at + 1))};
}
SQIL_INLINE void storeHalves(std::uint16_t* to, Floats value) {
    auto* at = reinterpret_cast<__m128i*>(to);
    _mm_storeu_si128(at, _mm256_cvtps_ph(value.low, _MM_FROUND_TO_NEAREST_INT));
    _mm_storeu_si128(at + 1, _mm256_cvtps_ph(value.high, _MM_FROUND_TO_NEAREST_INT));
}

SQIL_INLINE Ints integers(std::int32_t value) {
    return {_mm256_set1_epi32(value), _mm256_set1_epi32(value)};
}
SQIL_INLINE Ints load(const std::int32_t* from) {
    const auto* at = reinterpret_cast<const __m256i*>(from);
    return {_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
}
SQIL_INLINE void store(std::int32_t* to, Ints value) {
    auto* at = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(at, value.low);
    _mm256_storeu_si256(at + 1, value.high);
}
SQIL_INLINE Ints add(Ints a, Ints b) {
    return {_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)};
}
SQIL_INLINE Ints either(Ints a, Ints b) {
    return {_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)};
}
template<int Bits>
SQIL_INLINE Ints shiftedLeft(Ints a) {
    return {_mm256_slli_epi32(a.low, Bits), _mm256_slli_epi32(a.high, Bits)};
}
template<int Bits>
SQIL_INLINE Ints shiftedRight(Ints a) {
    return {_mm256_srli_epi32(a.low, Bits), _mm256_srli_epi32(a.high, Bits)};
}
SQIL_INLINE Floats toFloats(Ints a) {
    return {_mm256_cvtepi32_ps(a.low), _mm256_cvtepi32_ps(a.high)};
}
SQIL_INLINE Ints rounded(Floats a) {
    return {_mm256_cvtps_epi32(a.low), _mm256_cvtps_epi32(a.high)};
}
/// Values from 0 to 255.
SQIL_INLINE void storeBytes(std::uint8_t* to, Ints value) {
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(value.low, value.high), 0xd8);
    const __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}
SQIL_INLINE Floats signedBytes(const std::uint8_t* from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)),
            _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(bytes, 8)))};
}

SQIL_INLINE Quad quad(const std::uint8_t* from) {
    std::int32_t four;
    __builtin_memcpy(&four, from, 4);
    const __m256i all = _mm256_set1_epi32(four), mask = _mm256_set1_epi16(255);
    return {_mm256_and_si256(all, mask), _mm256_srli_epi16(all, 8)};
}
SQIL_INLINE Quads quads(const std::int8_t* from) {
    const auto* at = reinterpret_cast<const __m256i*>(from);
    return {_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
}
SQIL_INLINE void nibbleQuads(const std::int8_t* from, Quads& low, Quads& high) {
    const __m256i values =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1));
    const __m256i mask = _mm256_set1_epi8(15);
    const Quads bytes = quads(from);
    low = {_mm256_shuffle_epi8(values, _mm256_and_si256(bytes.low, mask)),
           _mm256_shuffle_epi8(values, _mm256_and_si256(bytes.high, mask))};
    high = {_mm256_shuffle_epi8(values, _mm256_and_si256(_mm256_srli_epi16(bytes.low, 4), mask)),
            _mm256_shuffle_epi8(values, _mm256_and_si256(_mm256_srli_epi16(bytes.high, 4), mask))};
}
SQIL_INLINE void store(std::int8_t* to, Quads value) {
    auto* at = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(at, value.low);
    _mm256_storeu_si256(at + 1, value.high);
}
/// In 16-bit products: vpmaddubsw would saturate.
SQIL_INLINE __m256i dotHalf(__m256i sum, Quad activations, __m256i weights) {
    const __m256i even = _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8), odd = _mm256_srai_epi16(weights, 8);
    return _mm256_add_epi32(
        sum, _mm256_add_epi32(_mm256_madd_epi16(activations.even, even), _mm256_madd_epi16(activations.odd, odd)));
}
SQIL_INLINE Ints dot(Ints sum, Quad activations, Quads weights) {
    return {dotHalf(sum.low, activations, weights.low), dotHalf(sum.high, activations, weights.high)};
}

SQIL_INLINE Quads lowNibbles(const std::uint8_t* from) {
    const __m256i mask = _mm256_set1_epi8(15);
    const Quads bytes = quads(reinterpret_cast<const std::int8_t*>(from));
    return {_mm256_and_si256(bytes.low, mask), _mm256_and_si256(bytes.high, mask)};
}
SQIL_INLINE Quads highNibbles(const std::uint8_t* from) {
    const __m256i mask = _mm256_set1_epi8(15);
    const Quads bytes = quads(reinterpret_cast<const std::int8_t*>(from));
    return {_mm256_and_si256(_mm256_srli_epi16(bytes.low, 4), mask),
            _mm256_and_si256(_mm256_srli_epi16(bytes.high, 4), mask)};
}
SQIL_INLINE SignedQuad signedQuad(const std::int8_t* from) {
    std::int32_t four;
    __builtin_memcpy(&four, from, 4);
    return _mm256_set1_epi32(four);
}
/// Unsigned values up to 15 in `nibbles`: their 16-bit sums do not saturate.
SQIL_INLINE __m256i dotNibblesHalf(__m256i sum, __m256i nibbles, SignedQuad x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(nibbles, x), _mm256_set1_epi16(1)));
}
SQIL_INLINE Ints dotNibbles(Ints sum, Quads nibbles, SignedQuad x) {
    return {dotNibblesHalf(sum.low, nibbles.low, x), dotNibblesHalf(sum.high, nibbles.high, x)};
}

SQIL_INLINE Table loadTable(const float* from) {
    return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)};
}
SQIL_INLINE __m256 lookUpHalf(Table table, __m256i indices) {
    // vpermps takes three bits of the index; the fourth, moved to the sign, chooses the half of the table.
    return _mm256_blendv_ps(_mm256_permutevar8x32_ps(table.first, indices),
                            _mm256_permutevar8x32_ps(table.second, indices),
                            _mm256_castsi256_ps(_mm256_slli_epi32(indices, 28)));
}
/// By the low four bits of each lane.
SQIL_INLINE Floats lookUp(Table table, Ints indices) {
    return {lookUpHalf(table, indices.low), lookUpHalf(table, indices.high)};
}

#include "core/kernels/VectorBytes128.h"

}  // namespace
}  // namespace sqil
