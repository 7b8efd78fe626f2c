// Sixteen bytes for LowBitKernels.inl: what AVX2 and AVX-512 have alike. Included by their Vector headers, within their
// namespaces.

using Bytes = __m128i;
SQIL_INLINE Bytes loadBytes(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
SQIL_INLINE void store(std::uint8_t* to, Bytes value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value);
}
SQIL_INLINE Bytes larger(Bytes a, Bytes b) {
    return _mm_max_epu8(a, b);
}
