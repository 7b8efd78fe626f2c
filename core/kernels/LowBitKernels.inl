// Included once by each LowBitKernels<instruction set>.cpp, after its Vector<instruction set>.h; it defines
// SQIL_LOW_BIT_TABLE, SQIL_LOW_BIT_NAME, SQIL_LOW_BIT_WIDE (vectors of a tile computed at once) and SQIL_LOW_BIT_ROWS
// (rows of such a tile). No standard library here but in the portable file: a function compiled with these flags must
// not be picked by the linker for code that runs on lesser processors. Compiled without floating-point contraction.
#include "core/kernels/LowBitKernels.h"

namespace sqil {
namespace {

constexpr int wide = SQIL_LOW_BIT_WIDE;
constexpr int tileRows = SQIL_LOW_BIT_ROWS;

SQIL_INLINE long least(long a, long b) {
    return a < b ? a : b;
}

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

/// Rows [firstRow, firstRow + Rows) against vectors [firstVector, firstVector + Vectors) of the panel.
template<int Rows, int Vectors, bool Nibbles>
SQIL_INLINE void integerSums(const IntegerTile& tile, int firstRow, int firstVector, long firstQuad, long lastQuad,
                             Ints (&sums)[Rows][Vectors]) {
    const long step = static_cast<long>(tile.vectors) * 64;
    const std::int8_t* weights = tile.weights + firstVector * 64 + (Nibbles ? firstQuad / 2 : firstQuad) * step;
    for (int s = 0; s < tile.segments; ++s) {
        const std::uint8_t* rows[Rows];
#pragma GCC unroll 16
        for (int r = 0; r < Rows; ++r)
            rows[r] = tile.rows[s * tile.rowCount + firstRow + r];
        for (long q = firstQuad; q < lastQuad; q += Nibbles ? 2 : 1, weights += step) {
            Quads low[Vectors];
            [[maybe_unused]] Quads high[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                if constexpr (Nibbles)
                    nibbleQuads(weights + v * 64, low[v], high[v]);
                else
                    low[v] = quads(weights + v * 64);
            }
#pragma GCC unroll 16
            for (int r = 0; r < Rows; ++r) {
                const Quad x = quad(rows[r] + 4 * q);
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v)
                    sums[r][v] = dot(sums[r][v], x, low[v]);
            }
            if constexpr (Nibbles) {
#pragma GCC unroll 16
                for (int r = 0; r < Rows; ++r) {
                    const Quad x = quad(rows[r] + 4 * q + 4);
#pragma GCC unroll 4
                    for (int v = 0; v < Vectors; ++v)
                        sums[r][v] = dot(sums[r][v], x, high[v]);
                }
            }
        }
    }
}

template<int Rows, int Vectors, bool Nibbles>
void integerTile(const IntegerTile& tile, const Epilogue& epilogue, int firstRow, int firstVector) {
    Ints sums[Rows][Vectors];
    alignas(64) float scaled[Rows * Vectors * kLanes];
    const long first = tile.firstOutput + firstVector * kLanes;
    if (tile.groupQuads == 0) {
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            const Ints start = epilogue.corrections ? load(epilogue.corrections + first + v * kLanes) : integers(0);
#pragma GCC unroll 16
            for (int r = 0; r < Rows; ++r)
                sums[r][v] = start;
        }
        integerSums<Rows, Vectors, Nibbles>(tile, firstRow, firstVector, 0, tile.segmentQuads, sums);
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            const Floats scale = load(epilogue.scales + first + v * kLanes);
#pragma GCC unroll 16
            for (int r = 0; r < Rows; ++r)
                store(scaled + (r * Vectors + v) * kLanes, multiply(toFloats(sums[r][v]), scale));
        }
        finish(scaled, Rows, Vectors, tile.targets + firstRow, epilogue, first, tile.outputs);
        return;
    }
    Floats totals[Rows][Vectors];
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v)
            totals[r][v] = floats(0);
    long numbers = tile.groupOffset + firstVector * kLanes;
    for (long quad = 0; quad < tile.segmentQuads; quad += tile.groupQuads, numbers += tile.vectors * kLanes) {
        for (int v = 0; v < Vectors; ++v) {
            const Ints start = epilogue.corrections ? load(epilogue.corrections + numbers + v * kLanes) : integers(0);
            for (int r = 0; r < Rows; ++r)
                sums[r][v] = start;
        }
        integerSums<Rows, Vectors, Nibbles>(tile, firstRow, firstVector, quad,
                                            least(quad + tile.groupQuads, tile.segmentQuads), sums);
        for (int v = 0; v < Vectors; ++v) {
            const Floats scale = load(epilogue.scales + numbers + v * kLanes);
            for (int r = 0; r < Rows; ++r)
                totals[r][v] = add(totals[r][v], multiply(toFloats(sums[r][v]), scale));
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v)
            store(scaled + (r * Vectors + v) * kLanes, totals[r][v]);
    finish(scaled, Rows, Vectors, tile.targets + firstRow, epilogue, first, tile.outputs);
}

template<int Vectors, bool Nibbles>
void integerRowsOf(const IntegerTile& tile, const Epilogue& epilogue, int firstVector) {
    // Fewer vectors leave registers for more rows.
    constexpr int most = tileRows * (wide / Vectors) > 12 ? 12 : tileRows * (wide / Vectors);
    int row = 0;
    while (tile.rowCount - row >= most) {
        integerTile<most, Vectors, Nibbles>(tile, epilogue, row, firstVector);
        row += most;
    }
    if constexpr (most > 6)
        while (tile.rowCount - row >= 6) {
            integerTile<6, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            row += 6;
        }
    switch (tile.rowCount - row) {
        case 5:
            integerTile<5, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            break;
        case 4:
            integerTile<4, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            break;
        case 3:
            integerTile<3, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            break;
        case 2:
            integerTile<2, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            break;
        case 1:
            integerTile<1, Vectors, Nibbles>(tile, epilogue, row, firstVector);
            break;
        default:
            break;
    }
}

template<bool Nibbles>
void integerOf(const IntegerTile& tile, const Epilogue& epilogue) {
    for (int v = 0; v < tile.vectors; v += wide) {
        switch (least(wide, tile.vectors - v)) {
            case 1:
                integerRowsOf<1, Nibbles>(tile, epilogue, v);
                break;
#if SQIL_LOW_BIT_WIDE > 1
            case 2:
                integerRowsOf<2, Nibbles>(tile, epilogue, v);
                break;
            case 3:
                integerRowsOf<3, Nibbles>(tile, epilogue, v);
                break;
            default:
                integerRowsOf<4, Nibbles>(tile, epilogue, v);
                break;
#endif
        }
    }
}

void integer(const IntegerTile& tile, const Epilogue& epilogue) {
    if (tile.nibbles)
        integerOf<true>(tile, epilogue);
    else
        integerOf<false>(tile, epilogue);
}

SQIL_INLINE float sumOf(const float* values, long count) {
    float buffer[kLanes];
    Floats sums = floats(0);
    long k = 0;
    for (; k + kLanes <= count; k += kLanes)
        sums = add(sums, load(values + k));
    store(buffer, sums);
    float total = 0;
    for (const float part : buffer)
        total += part;
    for (; k < count; ++k)
        total += values[k];
    return total;
}

/// Weights of a layer are read once: what is needed soon is asked for a page ahead, where the processor itself does not
/// look. Asking beyond the end does nothing.
template<int Lines>
SQIL_INLINE void prefetch(const std::uint8_t* weights) {
    constexpr long distance = 4096;
#pragma GCC unroll 4
    for (int line = 0; line < Lines; ++line)
        __builtin_prefetch(weights + distance + line * 64);
}

/// From a group's numbers to those that are needed when the weights asked for now are.
SQIL_INLINE long numbersAhead(const FloatTile& tile) {
    return (1 + 128 / tile.groupSize) * tile.vectors * kLanes;
}

/// The numbers of a group to come (none where null): a second stream beside the weights, too thin for the processor to
/// follow by itself.
template<int Vectors>
SQIL_INLINE void prefetchNumbers(const float* numbers, long ahead) {
    if (!numbers)
        return;
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v)
        __builtin_prefetch(numbers + ahead + v * kLanes);
}

/// Partial sums of one group. Two of each where a single row would leave the multipliers waiting.
template<int Rows, int Vectors, bool Nibbles>
SQIL_INLINE void floatSums(const FloatTile& tile, int firstRow, int firstVector, long first, long last,
                           Floats (&sums)[Rows][Vectors]) {
    constexpr int copies = Rows == 1 ? 2 : 1;
    Floats parts[copies][Rows][Vectors];
    for (auto& copy : parts)
        for (auto& row : copy)
            for (auto& part : row)
                part = floats(0);
    const float* rows[Rows];
    for (int r = 0; r < Rows; ++r)
        rows[r] = tile.rows[firstRow + r];
    if constexpr (Nibbles) {
        const Table table = loadTable(tile.table);
        const long step = static_cast<long>(tile.vectors) * 64;
        const std::uint8_t* weights = tile.weights + firstVector * 64 + first / 8 * step;
        for (long k = first; k < last; k += 8, weights += step) {
            Ints words[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                words[v] = load(reinterpret_cast<const std::int32_t*>(weights + v * 64));
            prefetch<Vectors>(weights);
#pragma GCC unroll 8
            for (int j = 0; j < 8; ++j) {
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) {
                    const Floats w = lookUp(table, words[v]);
                    words[v] = shiftedRight<4>(words[v]);
#pragma GCC unroll 8
                    for (int r = 0; r < Rows; ++r)
                        parts[j % copies][r][v] = multiplyAdd(floats(rows[r][k + j]), w, parts[j % copies][r][v]);
                }
            }
        }
    } else {
        const long step = static_cast<long>(tile.vectors) * kLanes;
        const std::uint8_t* weights = tile.weights + firstVector * kLanes + first * step;
        for (long k = first; k < last; k += 2, weights += 2 * step) {
            const int here = k + 1 < last ? 2 : 1;
            prefetch<(Vectors + 1) / 2>(weights);
#pragma GCC unroll 2
            for (int j = 0; j < 2; ++j) {
                if (j >= here)
                    break;
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) {
                    const Floats w = signedBytes(weights + j * step + v * kLanes);
#pragma GCC unroll 8
                    for (int r = 0; r < Rows; ++r)
                        parts[j % copies][r][v] = multiplyAdd(floats(rows[r][k + j]), w, parts[j % copies][r][v]);
                }
            }
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v) {
            sums[r][v] = parts[0][r][v];
            if constexpr (copies == 2)
                sums[r][v] = add(sums[r][v], parts[1][r][v]);
        }
}

template<int Rows, int Vectors, bool Nibbles>
void floatTile(const FloatTile& tile, int firstRow, int firstVector) {
    Floats totals[Rows][Vectors];
    for (int v = 0; v < Vectors; ++v) {
        const Floats start = tile.bias ? load(tile.bias + (firstVector + v) * kLanes) : floats(0);
        for (int r = 0; r < Rows; ++r)
            totals[r][v] = start;
    }
    const long ahead = numbersAhead(tile);
    long numbers = firstVector * kLanes;
    for (long k = 0; k < tile.inputs; k += tile.groupSize, numbers += static_cast<long>(tile.vectors) * kLanes) {
        prefetchNumbers<Vectors>(tile.scales, numbers + ahead);
        prefetchNumbers<Vectors>(tile.zeros, numbers + ahead);
        const long end = least(k + tile.groupSize, tile.inputs);
        Floats sums[Rows][Vectors];
        floatSums<Rows, Vectors, Nibbles>(tile, firstRow, firstVector, k, end, sums);
        if (tile.zeros)
            for (int r = 0; r < Rows; ++r) {
                const Floats x = floats(-sumOf(tile.rows[firstRow + r] + k, end - k));
                for (int v = 0; v < Vectors; ++v)
                    sums[r][v] = multiplyAdd(x, load(tile.zeros + numbers + v * kLanes), sums[r][v]);
            }
        for (int v = 0; v < Vectors; ++v) {
            const Floats scale = load(tile.scales + numbers + v * kLanes);
            for (int r = 0; r < Rows; ++r)
                totals[r][v] = multiplyAdd(sums[r][v], scale, totals[r][v]);
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v)
            storeSome(tile.targets[firstRow + r] + (firstVector + v) * kLanes, totals[r][v],
                      tile.validOutputs - (firstVector + v) * kLanes);
}

template<int Vectors, bool Nibbles>
void floatRowsOf(const FloatTile& tile, int firstVector) {
    int row = 0;
    for (; tile.rowCount - row >= 4; row += 4)
        floatTile<4, Vectors, Nibbles>(tile, row, firstVector);
    for (; tile.rowCount - row >= 2; row += 2)
        floatTile<2, Vectors, Nibbles>(tile, row, firstVector);
    if (row < tile.rowCount)
        floatTile<1, Vectors, Nibbles>(tile, row, firstVector);
}

template<bool Nibbles>
void floatOf(const FloatTile& tile) {
    for (int v = 0; v < tile.vectors; v += wide) {
        switch (least(wide, tile.vectors - v)) {
            case 1:
                floatRowsOf<1, Nibbles>(tile, v);
                break;
#if SQIL_LOW_BIT_WIDE > 1
            case 2:
                floatRowsOf<2, Nibbles>(tile, v);
                break;
            case 3:
                floatRowsOf<3, Nibbles>(tile, v);
                break;
            default:
                floatRowsOf<4, Nibbles>(tile, v);
                break;
#endif
        }
    }
}

void table4(const FloatTile& tile) {
    floatOf<true>(tile);
}
void float8(const FloatTile& tile) {
    floatOf<false>(tile);
}

#include "core/kernels/DigitKernels.inl"

SQIL_INLINE Floats scaledWeight(const FloatTile& tile, Floats w, long input, int vector) {
    const long numbers = (input / tile.groupSize * tile.vectors + vector) * kLanes;
    if (tile.zeros)
        w = subtract(w, load(tile.zeros + numbers));
    return multiply(w, load(tile.scales + numbers));
}

void expandTable4(const FloatTile& tile, std::int64_t first, std::int64_t inputs, float* to) {
    const Table table = loadTable(tile.table);
    const long outputs = static_cast<long>(tile.vectors) * kLanes;
    for (long k = 0; k < inputs; k += 8)
        for (int v = 0; v < tile.vectors; ++v) {
            Ints words =
                load(reinterpret_cast<const std::int32_t*>(tile.weights + ((first + k) / 8 * tile.vectors + v) * 64));
            for (int j = 0; j < 8; ++j, words = shiftedRight<4>(words))
                store(to + (k + j) * outputs + v * kLanes, scaledWeight(tile, lookUp(table, words), first + k, v));
        }
}

void expandFloat8(const FloatTile& tile, std::int64_t first, std::int64_t inputs, float* to) {
    const long outputs = static_cast<long>(tile.vectors) * kLanes;
    for (long k = 0; k < inputs; ++k)
        for (int v = 0; v < tile.vectors; ++v)
            store(to + k * outputs + v * kLanes,
                  scaledWeight(tile, signedBytes(tile.weights + (first + k) * outputs + v * kLanes), first + k, v));
}

template<int Rows, int Vectors>
void multiplyTile(const float* const* from, long inputs, const float* expanded, int allVectors, int firstVector,
                  float* const* targets) {
    Floats sums[Rows][Vectors];
    const float* rows[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
        rows[r] = from[r];
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            sums[r][v] = load(targets[r] + (firstVector + v) * kLanes);
    }
    expanded += firstVector * kLanes;
    for (long k = 0; k < inputs; ++k, expanded += allVectors * kLanes) {
        Floats w[Vectors];
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            w[v] = load(expanded + v * kLanes);
#pragma GCC unroll 8
        for (int r = 0; r < Rows; ++r) {
            const Floats x = floats(rows[r][k]);
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                sums[r][v] = multiplyAdd(x, w[v], sums[r][v]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            store(targets[r] + (firstVector + v) * kLanes, sums[r][v]);
}

template<int Vectors>
void multiplyRows(const float* const* rows, int rowCount, long inputs, const float* expanded, int allVectors,
                  int firstVector, float* const* targets) {
    int r = 0;
    for (; rowCount - r >= tileRows; r += tileRows)
        multiplyTile<tileRows, Vectors>(rows + r, inputs, expanded, allVectors, firstVector, targets + r);
    for (; rowCount - r >= 2; r += 2)
        multiplyTile<2, Vectors>(rows + r, inputs, expanded, allVectors, firstVector, targets + r);
    if (r < rowCount)
        multiplyTile<1, Vectors>(rows + r, inputs, expanded, allVectors, firstVector, targets + r);
}

void multiplyExpanded(const float* const* rows, std::int32_t rowCount, std::int64_t inputs, const float* expanded,
                      std::int32_t vectors, float* const* targets) {
    int v = 0;
    for (; vectors - v >= wide; v += wide)
        multiplyRows<wide>(rows, rowCount, inputs, expanded, vectors, v, targets);
    for (; v < vectors; ++v)
        multiplyRows<1>(rows, rowCount, inputs, expanded, vectors, v, targets);
}

void expandNibbles(const std::int8_t* from, std::int64_t bytes, std::int32_t vectors, std::int8_t* to) {
    const long step = static_cast<long>(vectors) * 64;
    for (long at = 0; at < bytes; at += step, to += 2 * step)
        for (long v = 0; v < step; v += 64) {
            Quads low, high;
            nibbleQuads(from + at + v, low, high);
            store(to + v, low);
            store(to + step + v, high);
        }
}

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

}  // namespace

extern const LowBitKernels SQIL_LOW_BIT_TABLE = {SQIL_LOW_BIT_NAME, tileRows,         16,
                                                 integer,           table4,           float8,
                                                 digits4,           toDigits,         expandTable4,
                                                 expandFloat8,      multiplyExpanded, expandNibbles,
                                                 quantize,          quantizePlanes,   largestBytes,
                                                 largestHalves,     largestFloats,    halfToFloat,
                                                 floatToHalf,       readAll,          multiplyFloats,
                                                 multiplyIntegers};

}  // namespace sqil
