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

SQIL_INLINE void finish(Floats y, const RowTarget& target, const Epilogue& epilogue, long output, long count) {
    if (epilogue.bias)
        y = add(y, load(epilogue.bias + output));
    if (target.residual)
        y = add(y, residualOf(target, epilogue, output, count));
    if (epilogue.relu)
        y = larger(y, floats(0));
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
