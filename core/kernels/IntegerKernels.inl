// Codes times integers: linear layers, and convolutions whose windows were gathered into rows.
// Included by LowBitKernels.inl within its namespaces.

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
