// Element by element: codes of floats, largest values (pooling), halves.
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

void largestBytes(const void* const* from, std::int64_t taps, std::int64_t count, void* to) {
    const auto* const* sources = reinterpret_cast<const std::uint8_t* const*>(from);
    auto* largest = static_cast<std::uint8_t*>(to);
    long i = 0;
    for (; i + 16 <= count; i += 16) {
        Bytes value = loadBytes(sources[0] + i);
        for (long t = 1; t < taps; ++t)
            value = larger(value, loadBytes(sources[t] + i));
        store(largest + i, value);
    }
    for (; i < count; ++i) {
        largest[i] = sources[0][i];
        for (long t = 1; t < taps; ++t)
            largest[i] = largest[i] > sources[t][i] ? largest[i] : sources[t][i];
    }
}

void largestHalves(const void* const* from, std::int64_t taps, std::int64_t count, void* to) {
    const auto* const* sources = reinterpret_cast<const std::uint16_t* const*>(from);
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        Floats value = here == kLanes ? loadHalves(sources[0] + i) : loadHalvesSome(sources[0] + i, here);
        for (long t = 1; t < taps; ++t)
            value = larger(value, here == kLanes ? loadHalves(sources[t] + i) : loadHalvesSome(sources[t] + i, here));
        storeHalvesSome(static_cast<std::uint16_t*>(to) + i, value, here);
    }
}

void largestFloats(const void* const* from, std::int64_t taps, std::int64_t count, void* to) {
    const auto* const* sources = reinterpret_cast<const float* const*>(from);
    for (long i = 0; i < count; i += kLanes) {
        const long here = least(kLanes, count - i);
        Floats value = here == kLanes ? load(sources[0] + i) : loadSome(sources[0] + i, here);
        for (long t = 1; t < taps; ++t)
            value = larger(value, here == kLanes ? load(sources[t] + i) : loadSome(sources[t] + i, here));
        storeSome(static_cast<float*>(to) + i, value, here);
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
