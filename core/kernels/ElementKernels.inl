// Element by element: codes of floats, larger values (pooling), halves.
// Included by LowBitKernels.inl within its namespaces.

void quantize(const float* from, std::int64_t count, float inverse, std::int32_t zero, std::int32_t maximum,
              std::uint8_t* to) {
    const Floats scale = floats(inverse), low = floats(static_cast<float>(-zero)),
                 high = floats(static_cast<float>(maximum - zero));
    const Ints offset = integers(zero);
    long i = 0;
    for (; i + kLanes <= count; i += kLanes)
        storeBytes(to + i, codesOf(load(from + i), scale, low, high, offset));
    if (i < count)
        storeBytesSome(to + i, codesOf(loadSome(from + i, count - i), scale, low, high, offset), count - i);
}

void quantizePlanes(const float* const* planes, std::int64_t count, float inverse, std::int32_t zero,
                    std::int32_t maximum, std::uint8_t* to, std::int64_t pitch) {
    const Floats scale = floats(inverse), low = floats(static_cast<float>(-zero)),
                 high = floats(static_cast<float>(maximum - zero));
    const Ints offset = integers(zero);
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        Ints bytes[4];
        for (int c = 0; c < 4; ++c) {
            if (!planes[c])
                bytes[c] = offset;
            else
                bytes[c] = codesOf(here == kLanes ? load(planes[c] + i) : loadSome(planes[c] + i, here), scale, low,
                                   high, offset);
        }
        const Ints pixels = either(either(bytes[0], shiftedLeft<8>(bytes[1])),
                                   either(shiftedLeft<16>(bytes[2]), shiftedLeft<24>(bytes[3])));
        std::int32_t buffer[kLanes];
        store(buffer, pixels);
        if (pitch == 4)
            __builtin_memcpy(to + i * 4, buffer, static_cast<unsigned long>(here) * 4);
        else
            for (long k = 0; k < here; ++k)
                __builtin_memcpy(to + (i + k) * pitch, buffer + k, 4);
    }
}

void largerBytes(const std::uint8_t* from, std::uint8_t* to, std::int64_t count) {
    long i = 0;
    for (; i + 16 <= count; i += 16)
        largerBytes16(from + i, to + i);
    for (; i < count; ++i)
        to[i] = to[i] > from[i] ? to[i] : from[i];
}

void largerHalves(const std::uint16_t* from, std::uint16_t* to, std::int64_t count) {
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        const Floats a = here == kLanes ? loadHalves(from + i) : loadHalvesSome(from + i, here);
        const Floats b = here == kLanes ? loadHalves(to + i) : loadHalvesSome(to + i, here);
        storeHalvesSome(to + i, larger(a, b), here);
    }
}

void largerFloats(const float* from, float* to, std::int64_t count) {
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        const Floats a = here == kLanes ? load(from + i) : loadSome(from + i, here);
        const Floats b = here == kLanes ? load(to + i) : loadSome(to + i, here);
        storeSome(to + i, larger(a, b), here);
    }
}

void halfToFloat(const std::uint16_t* from, float* to, std::int64_t count) {
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        storeSome(to + i, here == kLanes ? loadHalves(from + i) : loadHalvesSome(from + i, here), here);
    }
}

void floatToHalf(const float* from, std::uint16_t* to, std::int64_t count) {
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        storeHalvesSome(to + i, here == kLanes ? load(from + i) : loadSome(from + i, here), here);
    }
}
