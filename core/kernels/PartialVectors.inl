// Vectors of which only the first lanes are there.
// Included by LowBitKernels.inl within its namespaces.

/// The first `count` lanes.
SQIL_INLINE Floats loadSome(const float* from, long count) {
    float buffer[kLanes] = {};
    for (long i = 0; i < count; ++i)
        buffer[i] = from[i];
    return load(buffer);
}
SQIL_INLINE void storeSome(float* to, Floats value, long count) {
    if (count >= kLanes)
        return store(to, value);
    float buffer[kLanes];
    store(buffer, value);
    for (long i = 0; i < count; ++i)
        to[i] = buffer[i];
}
SQIL_INLINE Floats loadHalvesSome(const std::uint16_t* from, long count) {
    std::uint16_t buffer[kLanes] = {};
    for (long i = 0; i < count; ++i)
        buffer[i] = from[i];
    return loadHalves(buffer);
}
SQIL_INLINE void storeHalvesSome(std::uint16_t* to, Floats value, long count) {
    if (count >= kLanes)
        return storeHalves(to, value);
    std::uint16_t buffer[kLanes];
    storeHalves(buffer, value);
    for (long i = 0; i < count; ++i)
        to[i] = buffer[i];
}
SQIL_INLINE void storeBytesSome(std::uint8_t* to, Ints value, long count) {
    if (count >= kLanes)
        return storeBytes(to, value);
    std::uint8_t buffer[kLanes];
    storeBytes(buffer, value);
    for (long i = 0; i < count; ++i)
        to[i] = buffer[i];
}
