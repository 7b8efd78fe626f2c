// What an integer product goes through at the end: bias, residual sum, ReLU, floats and codes.
// Included by LowBitKernels.inl within its namespaces.

/// Bounds are those of the codes without their zero: rounding first or clipping first is the same.
SQIL_INLINE Ints codesOf(Floats value, Floats inverse, Floats low, Floats high, Ints zero) {
    return add(rounded(smaller(larger(multiply(value, inverse), low), high)), zero);
}

SQIL_INLINE Floats residualOf(const RowTarget& target, const Epilogue& epilogue, long output, long count) {
    if (epilogue.residualIsHalf) {
        const auto* from = static_cast<const std::uint16_t*>(target.residual) + output;
        return count >= kLanes ? loadHalves(from) : loadHalvesSome(from, count);
    }
    const auto* from = static_cast<const float*>(target.residual) + output;
    return count >= kLanes ? load(from) : loadSome(from, count);
}

SQIL_INLINE Floats resultOf(Floats y, const RowTarget& target, const Epilogue& epilogue, long output, long count) {
    if (epilogue.bias)
        y = add(y, load(epilogue.bias + output));
    if (target.residual)
        y = add(y, residualOf(target, epilogue, output, count));
    return epilogue.relu ? larger(y, floats(0)) : y;
}

SQIL_INLINE void writeResult(Floats y, const RowTarget& target, const Epilogue& epilogue, long output, long count) {
    if (target.wide) {
        if (epilogue.wideIsHalf)
            storeHalvesSome(static_cast<std::uint16_t*>(target.wide) + output, y, count);
        else
            storeSome(static_cast<float*>(target.wide) + output, y, count);
    }
    if (target.codes)
        storeBytesSome(target.codes + output,
                       codesOf(y, floats(epilogue.inverseStep), floats(static_cast<float>(-epilogue.zero)),
                               floats(static_cast<float>(epilogue.maximum - epilogue.zero)), integers(epilogue.zero)),
                       count);
}

/// Scaled sums [row][vector]. Not unrolled into the many tiles: there this code would not fit the processor's caches.
__attribute__((noinline)) void finish(const float* sums, int rows, int vectors, const RowTarget* targets,
                                      const Epilogue& epilogue, long firstOutput, long outputs) {
    for (int r = 0; r < rows; ++r)
        for (int v = 0; v < vectors; ++v, sums += kLanes) {
            const long output = firstOutput + v * kLanes;
            // The compiler makes two bodies of it: whole vectors without a test of their lanes.
            if (output + kLanes <= outputs)
                writeResult(resultOf(load(sums), targets[r], epilogue, output, kLanes), targets[r], epilogue, output,
                            kLanes);
            else
                writeResult(resultOf(load(sums), targets[r], epilogue, output, outputs - output), targets[r], epilogue,
                            output, outputs - output);
        }
}
