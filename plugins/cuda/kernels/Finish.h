#pragma once
#include "plugins/cuda/kernels/Arguments.h"

namespace sqil::cuda {

/// The epilogue of one sum, operation by operation like the processor's kernels: y = sum·scale (+ bias) (+ residual),
/// ReLU; then its code.
struct FinishedOutput {
    float y = 0;
    std::uint8_t code = 0;
};

/// `y`: sum times scale.
SQIL_GPU FinishedOutput finished(const IntegerProduct& call, float y, int output, float residual) {
    if (call.bias)
        y = gpu::add(y, call.bias[output]);
    if (call.residual)
        y = gpu::add(y, residual);
    if (call.relu)
        y = y > 0 ? y : 0;
    FinishedOutput result{y, 0};
    if (call.codes) {
        const float code =
            gpu::add(gpu::roundToEven(gpu::multiply(y, call.inverseStep)), static_cast<float>(call.zero));
        const auto most = static_cast<float>(call.maximum);
        result.code = static_cast<std::uint8_t>(code > 0 ? (code < most ? code : most) : 0.0F);
    }
    return result;
}

/// `Count` (4 or 8) outputs side by side of one row, from output `first`.
template<int Count>
SQIL_GPU void finishRow(const IntegerProduct& call, const float (&y)[Count], int row, int first) {
    const std::int64_t at = std::int64_t{row} * call.outputs + first;
    const bool whole = first + Count <= call.outputs && call.outputs % Count == 0;
    const int count = call.outputs - first < Count ? call.outputs - first : Count;
    float residual[Count] = {};
    if (call.residual) {
        if (call.residualIsHalf) {
            const auto* from = static_cast<const std::uint16_t*>(call.residual) + at;
            if (whole) {
                SQIL_UNROLL
                for (int i = 0; i < Count / 4; ++i) {
                    const Words2 words = reinterpret_cast<const Words2*>(from)[i];
                    SQIL_UNROLL
                    for (int j = 0; j < 4; ++j)
                        residual[4 * i + j] =
                            gpu::halfAsFloat(static_cast<std::uint16_t>(words.of[j / 2] >> 16 * (j % 2)));
                }
            } else {
                SQIL_UNROLL
                for (int i = 0; i < Count; ++i)
                    if (i < count)
                        residual[i] = gpu::halfAsFloat(from[i]);
            }
        } else {
            const auto* from = static_cast<const float*>(call.residual) + at;
            SQIL_UNROLL
            for (int i = 0; i < Count; ++i)
                if (i < count)
                    residual[i] = from[i];
        }
    }
    std::uint32_t codes[Count / 4] = {}, halves[Count / 2] = {};
    float wide[Count];
    SQIL_UNROLL
    for (int i = 0; i < Count; ++i) {
        const FinishedOutput output = i < count ? finished(call, y[i], first + i, residual[i]) : FinishedOutput{};
        codes[i / 4] |= std::uint32_t{output.code} << 8 * (i % 4);
        halves[i / 2] |= std::uint32_t{gpu::asHalf(output.y)} << 16 * (i % 2);
        wide[i] = output.y;
    }
    if (call.codes) {
        std::uint8_t* to = call.codes + std::int64_t{row} * call.codesPitch + first;
        SQIL_UNROLL
        for (int i = 0; i < Count; ++i) {
            if (whole && i % 4 == 0)
                reinterpret_cast<std::uint32_t*>(to)[i / 4] = codes[i / 4];
            else if (!whole && i < count)
                to[i] = static_cast<std::uint8_t>(codes[i / 4] >> 8 * (i % 4));
        }
    }
    if (!call.wide)
        return;
    if (call.wideIsHalf) {
        auto* to = static_cast<std::uint16_t*>(call.wide) + at;
        SQIL_UNROLL
        for (int i = 0; i < Count; ++i) {
            if (whole && i % 4 == 0)
                reinterpret_cast<Words2*>(to)[i / 4] = Words2{{halves[i / 2], halves[i / 2 + 1]}};
            else if (!whole && i < count)
                to[i] = static_cast<std::uint16_t>(halves[i / 2] >> 16 * (i % 2));
        }
    } else {
        auto* to = static_cast<float*>(call.wide) + at;
        if (whole) {
            SQIL_UNROLL
            for (int i = 0; i < Count / 4; ++i)
                reinterpret_cast<Words4*>(to)[i] = Words4{{gpu::toBits(wide[4 * i]), gpu::toBits(wide[4 * i + 1]),
                                                           gpu::toBits(wide[4 * i + 2]), gpu::toBits(wide[4 * i + 3])}};
        } else {
            SQIL_UNROLL
            for (int i = 0; i < Count; ++i)
                if (i < count)
                    to[i] = wide[i];
        }
    }
}

}  // namespace sqil::cuda
