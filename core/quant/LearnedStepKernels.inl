// Included once by each LearnedStepKernels<instruction set>.cpp, which defines SQIL_STEP_LANES (floats of a
// vector) and SQIL_STEP_TABLE. No standard library here: a function compiled with these flags must not be
// picked by the linker for code that runs on lesser processors.
#include "core/quant/LearnedStepKernels.h"

namespace sqil {
namespace {

constexpr int lanes = SQIL_STEP_LANES;
typedef float Vector __attribute__((vector_size(lanes * 4)));
typedef float Unaligned __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

inline Vector load(const float* from) {
    return *reinterpret_cast<const Unaligned*>(from);
}
inline void store(float* to, Vector value) {
    *reinterpret_cast<Unaligned*>(to) = value;
}

// Adding and taking away 1.5·2^23 rounds to whole numbers, half to even; exact for |x| < 2^22, and clipped
// values are at most 255.
constexpr float roundingOffset = 12582912.0f;

struct Quantized {
    Vector ratio, clipped, rounded;
};

inline Quantized quantized(Vector value, float inverse, float low, float high) {
    Quantized q;
    q.ratio = value * inverse;
    // Comparisons are false for NaN, which so passes through.
    q.clipped = q.ratio < low ? Vector{} + low : q.ratio;
    q.clipped = q.clipped > high ? Vector{} + high : q.clipped;
    q.rounded = (q.clipped + roundingOffset) - roundingOffset;
    return q;
}

inline Vector partial(const float* from, long count) {
    Vector value{};
    for (long i = 0; i < count; ++i)
        value[i] = from[i];
    return value;
}

void quantize(const float* values, float* out, long count, float step, float low, float high) {
    const float inverse = 1.0f / step;
    long i = 0;
    for (; i + lanes <= count; i += lanes)
        store(out + i, quantized(load(values + i), inverse, low, high).rounded * step);
    if (i < count) {
        const Vector last = quantized(partial(values + i, count - i), inverse, low, high).rounded * step;
        for (long k = 0; i + k < count; ++k)
            out[i + k] = last[k];
    }
}

double gradients(const float* values, const float* outGradient, float* valueGradient, long count, float step, float low,
                 float high) {
    const float inverse = 1.0f / step;
    Vector sums{};
    double total = 0;
    const auto flush = [&] {
        for (int k = 0; k < lanes; ++k)
            total += sums[k];
        sums = Vector{};
    };
    const auto forward = [&](Vector value, Vector gradient) {
        const Quantized q = quantized(value, inverse, low, high);
        // Outside, where clipped differs from ratio, v̂/s is the bound itself; inside it is round(v/s) − v/s.
        const auto inside = q.clipped == q.ratio;
        sums += gradient * (inside ? q.rounded - q.ratio : q.clipped);
        return inside ? gradient : Vector{};
    };
    long i = 0;
    // Sums of floats stay short, and end in a double.
    constexpr long flushEvery = 64L * lanes;
    for (; i + lanes <= count; i += lanes) {
        const Vector gradient = forward(load(values + i), load(outGradient + i));
        if (valueGradient)
            store(valueGradient + i, gradient);
        if ((i & (flushEvery - 1)) == flushEvery - lanes)
            flush();
    }
    if (i < count) {
        const Vector gradient = forward(partial(values + i, count - i), partial(outGradient + i, count - i));
        for (long k = 0; valueGradient && i + k < count; ++k)
            valueGradient[i + k] = gradient[k];
    }
    flush();
    return total;
}

}  // namespace

const LearnedStepKernels SQIL_STEP_TABLE = {SQIL_STEP_NAME, quantize, gradients};

}  // namespace sqil
