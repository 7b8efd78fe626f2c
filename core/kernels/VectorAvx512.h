// Vectors of 16 for LowBitKernels.inl: AVX-512 with VNNI.
#pragma once
#include <immintrin.h>

#include <cstdint>

namespace sqil {
namespace {

#define SQIL_INLINE inline __attribute__((always_inline))

using Floats = __m512;
using Ints = __m512i;
using Quad = __m512i;   // four activations in every lane
using Quads = __m512i;  // four weights in every lane
using SignedQuad = __m512i;
using Table = __m512;

SQIL_INLINE Floats floats(float value) {
    return _mm512_set1_ps(value);
}
SQIL_INLINE Floats load(const float* from) {
    return _mm512_loadu_ps(from);
}
SQIL_INLINE void store(float* to, Floats value) {
    _mm512_storeu_ps(to, value);
}
SQIL_INLINE Floats add(Floats a, Floats b) {
    return _mm512_add_ps(a, b);
}
SQIL_INLINE Floats subtract(Floats a, Floats b) {
    return _mm512_sub_ps(a, b);
}
SQIL_INLINE Floats multiply(Floats a, Floats b) {
    return _mm512_mul_ps(a, b);
}
SQIL_INLINE Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return _mm512_fmadd_ps(a, b, c);
}
SQIL_INLINE Floats larger(Floats a, Floats b) {
    return _mm512_max_ps(a, b);
}
SQIL_INLINE Floats smaller(Floats a, Floats b) {
    return _mm512_min_ps(a, b);
}
SQIL_INLINE Floats loadHalves(const std::uint16_t* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}
SQIL_INLINE void storeHalves(std::uint16_t* to, Floats value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT));
}

SQIL_INLINE Ints integers(std::int32_t value) {
    return _mm512_set1_epi32(value);
}
SQIL_INLINE Ints load(const std::int32_t* from) {
    return _mm512_loadu_si512(from);
}
SQIL_INLINE void store(std::int32_t* to, Ints value) {
    _mm512_storeu_si512(to, value);
}
SQIL_INLINE Ints add(Ints a, Ints b) {
    return _mm512_add_epi32(a, b);
}
SQIL_INLINE Ints either(Ints a, Ints b) {
    return _mm512_or_si512(a, b);
}
template<int Bits>
SQIL_INLINE Ints shiftedLeft(Ints a) {
    return _mm512_slli_epi32(a, Bits);
}
template<int Bits>
SQIL_INLINE Ints shiftedRight(Ints a) {
    return _mm512_srli_epi32(a, Bits);
}
SQIL_INLINE Floats toFloats(Ints a) {
    return _mm512_cvtepi32_ps(a);
}
SQIL_INLINE Ints rounded(Floats a) {
    return _mm512_cvtps_epi32(a);
}
/// Values from 0 to 255.
SQIL_INLINE void storeBytes(std::uint8_t* to, Ints value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtepi32_epi8(value));
}
SQIL_INLINE Floats signedBytes(const std::uint8_t* from) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
}

SQIL_INLINE Quad quad(const std::uint8_t* from) {
    std::int32_t four;
    __builtin_memcpy(&four, from, 4);
    return _mm512_set1_epi32(four);
}
SQIL_INLINE Quads quads(const std::int8_t* from) {
    return _mm512_loadu_si512(from);
}
SQIL_INLINE void nibbleQuads(const std::int8_t* from, Quads& low, Quads& high) {
    const __m512i values =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1));
    const __m512i bytes = _mm512_loadu_si512(from), mask = _mm512_set1_epi8(15);
    low = _mm512_shuffle_epi8(values, _mm512_and_si512(bytes, mask));
    high = _mm512_shuffle_epi8(values, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), mask));
}
SQIL_INLINE void store(std::int8_t* to, Quads value) {
    _mm512_storeu_si512(to, value);
}
SQIL_INLINE Ints dot(Ints sum, Quad activations, Quads weights) {
    // The intrinsic makes GCC 12 copy every sum back and forth between two registers.
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(activations), "v"(weights));
    return sum;
}

SQIL_INLINE Quads lowNibbles(const std::uint8_t* from) {
    return _mm512_and_si512(_mm512_loadu_si512(from), _mm512_set1_epi8(15));
}
SQIL_INLINE Quads highNibbles(const std::uint8_t* from) {
    return _mm512_and_si512(_mm512_srli_epi16(_mm512_loadu_si512(from), 4), _mm512_set1_epi8(15));
}
SQIL_INLINE SignedQuad signedQuad(const std::int8_t* from) {
    std::int32_t four;
    __builtin_memcpy(&four, from, 4);
    return _mm512_set1_epi32(four);
}
/// Unsigned values up to 15 in `nibbles`.
SQIL_INLINE Ints dotNibbles(Ints sum, Quads nibbles, SignedQuad x) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(nibbles), "v"(x));
    return sum;
}

SQIL_INLINE Table loadTable(const float* from) {
    return _mm512_loadu_ps(from);
}
/// By the low four bits of each lane.
SQIL_INLINE Floats lookUp(Table table, Ints indices) {
    return _mm512_permutexvar_ps(indices, table);
}

#include "core/kernels/VectorBytes128.h"

}  // namespace
}  // namespace sqil
