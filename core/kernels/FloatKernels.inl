// Float activations, a few rows: weights become floats on the way.
// Included by LowBitKernels.inl within its namespaces.

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
