// Vectors of 16 for LowBitKernels.inl: plain C++.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace sqil {
namespace {

#define SQIL_INLINE inline

struct Floats {
    float of[16];
};
struct Ints {
    std::int32_t of[16];
};
struct Quad {
    std::int32_t of[4];
};
struct SignedQuad {
    std::int8_t of[4];
};
struct Quads {
    std::int8_t of[64];
};
using Table = Floats;

template<class Result, class Function>
SQIL_INLINE Result each(Function function) {
    Result result;
    for (int i = 0; i < 16; ++i)
        result.of[i] = function(i);
    return result;
}

SQIL_INLINE Floats floats(float value) {
    return each<Floats>([&](int) { return value; });
}
SQIL_INLINE Floats load(const float* from) {
    return each<Floats>([&](int i) { return from[i]; });
}
SQIL_INLINE void store(float* to, const Floats& value) {
    std::memcpy(to, value.of, sizeof value.of);
}
SQIL_INLINE Floats add(const Floats& a, const Floats& b) {
    return each<Floats>([&](int i) { return a.of[i] + b.of[i]; });
}
SQIL_INLINE Floats subtract(const Floats& a, const Floats& b) {
    return each<Floats>([&](int i) { return a.of[i] - b.of[i]; });
}
SQIL_INLINE Floats multiply(const Floats& a, const Floats& b) {
    return each<Floats>([&](int i) { return a.of[i] * b.of[i]; });
}
SQIL_INLINE Floats multiplyAdd(const Floats& a, const Floats& b, const Floats& c) {
    return each<Floats>([&](int i) { return a.of[i] * b.of[i] + c.of[i]; });
}
SQIL_INLINE Floats larger(const Floats& a, const Floats& b) {
    return each<Floats>([&](int i) { return a.of[i] > b.of[i] ? a.of[i] : b.of[i]; });
}
SQIL_INLINE Floats smaller(const Floats& a, const Floats& b) {
    return each<Floats>([&](int i) { return a.of[i] < b.of[i] ? a.of[i] : b.of[i]; });
}

SQIL_INLINE float halfAsFloat(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 31U, mantissa = half & 1023U;
    if (exponent == 0) {
        const float small = std::ldexp(static_cast<float>(mantissa), -24);
        return sign ? -small : small;
    }
    const std::uint32_t bits = sign | ((exponent == 31 ? 255U : exponent + 112U) << 23) | (mantissa << 13);
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
}
SQIL_INLINE std::uint16_t floatAsHalf(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const float magnitude = std::fabs(value);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | 0x7e00U | ((bits >> 13) & 0x3ffU));
    if (magnitude >= 65520.0F)
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < 6.103515625e-05F)  // subnormal: units of 2^−24, rounded to even
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(std::ldexp(magnitude, 24))));
    bits &= 0x7fffffffU;
    bits += 0xfffU + ((bits >> 13) & 1U);
    return static_cast<std::uint16_t>(sign | ((bits >> 13) - (112U << 10)));
}
SQIL_INLINE Floats loadHalves(const std::uint16_t* from) {
    return each<Floats>([&](int i) { return halfAsFloat(from[i]); });
}
SQIL_INLINE void storeHalves(std::uint16_t* to, const Floats& value) {
    for (int i = 0; i < 16; ++i)
        to[i] = floatAsHalf(value.of[i]);
}

SQIL_INLINE Ints integers(std::int32_t value) {
    return each<Ints>([&](int) { return value; });
}
SQIL_INLINE Ints load(const std::int32_t* from) {
    return each<Ints>([&](int i) { return from[i]; });
}
SQIL_INLINE void store(std::int32_t* to, const Ints& value) {
    std::memcpy(to, value.of, sizeof value.of);
}
SQIL_INLINE Ints add(const Ints& a, const Ints& b) {
    return each<Ints>([&](int i) { return a.of[i] + b.of[i]; });
}
SQIL_INLINE Ints either(const Ints& a, const Ints& b) {
    return each<Ints>([&](int i) { return a.of[i] | b.of[i]; });
}
template<int Bits>
SQIL_INLINE Ints shiftedLeft(const Ints& a) {
    return each<Ints>([&](int i) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(a.of[i]) << Bits); });
}
template<int Bits>
SQIL_INLINE Ints shiftedRight(const Ints& a) {
    return each<Ints>([&](int i) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(a.of[i]) >> Bits); });
}
SQIL_INLINE Floats toFloats(const Ints& a) {
    return each<Floats>([&](int i) { return static_cast<float>(a.of[i]); });
}
SQIL_INLINE Ints rounded(const Floats& a) {
    return each<Ints>([&](int i) { return static_cast<std::int32_t>(std::nearbyint(a.of[i])); });
}
SQIL_INLINE void storeBytes(std::uint8_t* to, const Ints& value) {
    for (int i = 0; i < 16; ++i)
        to[i] = static_cast<std::uint8_t>(value.of[i]);
}
SQIL_INLINE Floats signedBytes(const std::uint8_t* from) {
    return each<Floats>([&](int i) { return static_cast<float>(static_cast<std::int8_t>(from[i])); });
}

SQIL_INLINE Quad quad(const std::uint8_t* from) {
    return {{from[0], from[1], from[2], from[3]}};
}
SQIL_INLINE Quads quads(const std::int8_t* from) {
    Quads result;
    std::memcpy(result.of, from, 64);
    return result;
}
SQIL_INLINE void nibbleQuads(const std::int8_t* from, Quads& low, Quads& high) {
    for (int i = 0; i < 64; ++i) {
        const auto byte = static_cast<std::uint8_t>(from[i]);
        low.of[i] = static_cast<std::int8_t>(static_cast<std::int8_t>(byte << 4) >> 4);
        high.of[i] = static_cast<std::int8_t>(static_cast<std::int8_t>(byte) >> 4);
    }
}
SQIL_INLINE void store(std::int8_t* to, const Quads& value) {
    std::memcpy(to, value.of, 64);
}
SQIL_INLINE Ints dot(const Ints& sum, const Quad& activations, const Quads& weights) {
    return each<Ints>([&](int i) {
        const std::int8_t* w = weights.of + 4 * i;
        return sum.of[i] + activations.of[0] * w[0] + activations.of[1] * w[1] + activations.of[2] * w[2] +
               activations.of[3] * w[3];
    });
}

SQIL_INLINE Quads lowNibbles(const std::uint8_t* from) {
    Quads result;
    for (int i = 0; i < 64; ++i)
        result.of[i] = static_cast<std::int8_t>(from[i] & 15);
    return result;
}
SQIL_INLINE Quads highNibbles(const std::uint8_t* from) {
    Quads result;
    for (int i = 0; i < 64; ++i)
        result.of[i] = static_cast<std::int8_t>(from[i] >> 4);
    return result;
}
SQIL_INLINE SignedQuad signedQuad(const std::int8_t* from) {
    return {{from[0], from[1], from[2], from[3]}};
}
SQIL_INLINE Ints dotNibbles(const Ints& sum, const Quads& nibbles, const SignedQuad& x) {
    return each<Ints>([&](int i) {
        const std::int8_t* w = nibbles.of + 4 * i;
        return sum.of[i] + x.of[0] * w[0] + x.of[1] * w[1] + x.of[2] * w[2] + x.of[3] * w[3];
    });
}

SQIL_INLINE Table loadTable(const float* from) {
    return load(from);
}
SQIL_INLINE Floats lookUp(const Table& table, const Ints& indices) {
    return each<Floats>([&](int i) { return table.of[indices.of[i] & 15]; });
}

struct Bytes {
    std::uint8_t values[16];
};
SQIL_INLINE Bytes loadBytes(const std::uint8_t* from) {
    Bytes bytes;
    __builtin_memcpy(bytes.values, from, 16);
    return bytes;
}
SQIL_INLINE void store(std::uint8_t* to, Bytes value) {
    __builtin_memcpy(to, value.values, 16);
}
SQIL_INLINE Bytes larger(Bytes a, Bytes b) {
    for (int i = 0; i < 16; ++i)
        a.values[i] = a.values[i] > b.values[i] ? a.values[i] : b.values[i];
    return a;
}

}  // namespace
}  // namespace sqil
