// Many rows: weights are unpacked once, a piece at a time, and multiplied with all of them.
// Included by LowBitKernels.inl within its namespaces.

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
