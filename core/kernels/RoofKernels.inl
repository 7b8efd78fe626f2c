// What the machine can do at most: reading, and operations in registers.
// Included by LowBitKernels.inl within its namespaces.

std::uint32_t readAll(const std::uint8_t* from, std::int64_t bytes) {
    Ints sums[4] = {integers(0), integers(0), integers(0), integers(0)};
    for (long at = 0; at + 256 <= bytes; at += 256) {
        prefetch<4>(from + at);
#pragma GCC unroll 4
        for (int v = 0; v < 4; ++v)
            sums[v] = add(sums[v], load(reinterpret_cast<const std::int32_t*>(from + at + v * 64)));
    }
    std::int32_t lanes[kLanes];
    store(lanes, add(add(sums[0], sums[1]), add(sums[2], sums[3])));
    std::uint32_t total = 0;
    for (const std::int32_t lane : lanes)
        total += static_cast<std::uint32_t>(lane);
    return total;
}

/// As many sums as a tile of the real kernels keeps: enough to hide what one operation takes.
constexpr int independent = tileRows * wide;

double multiplyFloats(std::int64_t rounds, float* result) {
    Floats sums[independent];
#pragma GCC unroll 24
    for (int i = 0; i < independent; ++i)
        sums[i] = floats(static_cast<float>(i));  // apart: equal ones would be computed once
    Floats x = load(result), w = load(result + kLanes);
    for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 24
        for (int i = 0; i < independent; ++i)
            sums[i] = multiplyAdd(x, w, sums[i]);
        __asm__ volatile("" ::: "memory");
    }
#pragma GCC unroll 24
    for (int i = 0; i < independent; ++i)
        x = add(x, sums[i]);
    store(result, x);
    return static_cast<double>(rounds) * independent * kLanes * 2;
}

double multiplyIntegers(std::int64_t rounds, std::int32_t* result) {
    Ints sums[independent];
#pragma GCC unroll 24
    for (int i = 0; i < independent; ++i)
        sums[i] = integers(i);
    const Quad x = quad(reinterpret_cast<const std::uint8_t*>(result));
    const Quads w = quads(reinterpret_cast<const std::int8_t*>(result));
    for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 24
        for (int i = 0; i < independent; ++i)
            sums[i] = dot(sums[i], x, w);
        __asm__ volatile("" ::: "memory");
    }
    Ints total = integers(0);
#pragma GCC unroll 24
    for (int i = 0; i < independent; ++i)
        total = add(total, sums[i]);
    store(result, total);
    return static_cast<double>(rounds) * independent * kLanes * 8;
}
