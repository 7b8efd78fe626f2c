// W4A16 for evenly spaced weights, in integers (see DigitRow). Included by LowBitKernels.inl within its namespaces.

/// Sums of one group: 4 inputs of 16 outputs are one instruction for each digit.
template<int Digits, int Rows, int Vectors>
SQIL_INLINE void digitSums(const FloatTile& tile, int firstRow, int firstVector, long first, long last,
                           Ints (&sums)[Rows][Digits][Vectors]) {
    const long step = static_cast<long>(tile.vectors) * 64;
    const std::uint8_t* weights = tile.weights + firstVector * 64 + first / 8 * step;
    const std::int8_t* digits[Rows];
#pragma GCC unroll 4
    for (int r = 0; r < Rows; ++r)
        digits[r] = tile.digits[firstRow + r].digits + first * Digits;
    for (long k = first; k < last; k += 8, weights += step) {
        prefetch<Vectors>(weights);
#pragma GCC unroll 2
        for (int odd = 0; odd < 2; ++odd) {
            Quads nibbles[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                nibbles[v] = odd ? highNibbles(weights + v * 64) : lowNibbles(weights + v * 64);
#pragma GCC unroll 4
            for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 3
                for (int digit = 0; digit < Digits; ++digit) {
                    const SignedQuad x = signedQuad(digits[r] + digit * 8 + odd * 4);
#pragma GCC unroll 4
                    for (int v = 0; v < Vectors; ++v)
                        sums[r][digit][v] = dotNibbles(sums[r][digit][v], nibbles[v], x);
                }
        }
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
            digits[r] += 8 * Digits;
    }
}

template<int Digits, int Rows, int Vectors>
void digitTile(const FloatTile& tile, int firstRow, int firstVector) {
    Floats totals[Rows][Vectors];
    for (int v = 0; v < Vectors; ++v) {
        const Floats start = tile.bias ? load(tile.bias + (firstVector + v) * kLanes) : floats(0);
        for (int r = 0; r < Rows; ++r)
            totals[r][v] = start;
    }
    const long ahead = numbersAhead(tile);
    long numbers = firstVector * kLanes, group = 0;
    for (long k = 0; k < tile.inputs;
         k += tile.groupSize, numbers += static_cast<long>(tile.vectors) * kLanes, ++group) {
        prefetchNumbers<Vectors>(tile.scales, numbers + ahead);
        prefetchNumbers<Vectors>(tile.zeros, numbers + ahead);
        Ints sums[Rows][Digits][Vectors];
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 3
            for (int digit = 0; digit < Digits; ++digit)
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v)
                    sums[r][digit][v] = integers(tile.digits[firstRow + r].starts[group * Digits + digit]);
        digitSums<Digits, Rows, Vectors>(tile, firstRow, firstVector, k, least(k + tile.groupSize, tile.inputs), sums);
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r) {
            const DigitRow& row = tile.digits[firstRow + r];
            const Floats step = floats(row.steps[group]), sum = floats(-row.sums[group]);
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                Floats y = multiplyAdd(toFloats(sums[r][1][v]), floats(256), toFloats(sums[r][0][v]));
                if constexpr (Digits == 3)
                    y = multiplyAdd(toFloats(sums[r][2][v]), floats(65536), y);
                if (tile.zeros)
                    y = multiplyAdd(sum, load(tile.zeros + numbers + v * kLanes), y);
                totals[r][v] = multiplyAdd(y, multiply(load(tile.scales + numbers + v * kLanes), step), totals[r][v]);
            }
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Vectors; ++v)
            storeSome(tile.targets[firstRow + r] + (firstVector + v) * kLanes, totals[r][v],
                      tile.validOutputs - (firstVector + v) * kLanes);
}

template<int Digits, int Vectors>
void digitRowsOf(const FloatTile& tile, int firstVector) {
    int row = 0;
    for (; tile.rowCount - row >= 2; row += 2)
        digitTile<Digits, 2, Vectors>(tile, row, firstVector);
    if (row < tile.rowCount)
        digitTile<Digits, 1, Vectors>(tile, row, firstVector);
}

template<int Digits>
void digitsOf(const FloatTile& tile) {
    int v = 0;
    for (; tile.vectors - v >= wide; v += wide)
        digitRowsOf<Digits, wide>(tile, v);
    for (; v < tile.vectors; ++v)
        digitRowsOf<Digits, 1>(tile, v);
}

void digits4(const FloatTile& tile) {
    if (tile.digitCount == 2)
        digitsOf<2>(tile);
    else
        digitsOf<3>(tile);
}

/// Largest of a group; false: a value that is not finite.
SQIL_INLINE bool largestOf(const float* from, long count, float& largest) {
    Floats most = floats(0), other = floats(0);
    for (long i = 0; i < count; i += kLanes) {
        const Floats x = count - i >= kLanes ? load(from + i) : loadSome(from + i, count - i);
        most = larger(most, larger(x, subtract(floats(0), x)));
        other = add(other, multiply(x, floats(0)));  // not a number where x is not finite
    }
    float values[kLanes], others[kLanes], sum = 0;
    store(values, most);
    store(others, other);
    largest = 0;
    for (int i = 0; i < kLanes; ++i) {
        largest = values[i] > largest ? values[i] : largest;
        sum += others[i];
    }
    return sum == 0;
}

/// Eight inputs of one digit: the even ones first.
SQIL_INLINE void storeEvenOdd(const std::int8_t* from, std::int8_t* to) {
    for (int i = 0; i < 4; ++i) {
        to[i] = from[2 * i];
        to[4 + i] = from[2 * i + 1];
    }
}

template<int Digits>
SQIL_INLINE bool toSomeDigits(const float* from, long inputs, long groupSize, std::int8_t* digits, std::int32_t* starts,
                              float* steps, float* sums) {
    constexpr float tooSmall = 1e-28F, most = kLargestDigits[Digits];
    for (long first = 0, group = 0; first < inputs; first += groupSize, ++group) {
        const long count = least(groupSize, inputs - first);
        float largest;
        if (!largestOf(from + first, count, largest) || (largest > 0 && largest < tooSmall))
            return false;
        steps[group] = largest / most;
        const Floats inverse = floats(largest > 0 ? most / largest : 0.0F);
        std::int32_t totals[Digits] = {};
        for (long i = 0; i < count; i += kLanes) {
            const long here = least(kLanes, count - i);
            std::int32_t values[kLanes];
            std::int8_t parts[Digits][kLanes];
            const float* at = from + first + i;
            store(values, rounded(multiply(here == kLanes ? load(at) : loadSome(at, here), inverse)));
            for (int digit = 0; digit < Digits; ++digit)
                for (int lane = 0; lane < kLanes; ++lane) {
                    const std::int32_t part = static_cast<std::int8_t>(values[lane]);
                    parts[digit][lane] = static_cast<std::int8_t>(part);
                    totals[digit] += part;
                    values[lane] = (values[lane] - part) >> 8;
                }
            for (long block = 0; block < here / 8; ++block)
                for (int digit = 0; digit < Digits; ++digit)
                    storeEvenOdd(parts[digit] + block * 8, digits + (first + i + block * 8) * Digits + digit * 8);
        }
        double sum = 0;
        for (int digit = Digits - 1; digit >= 0; --digit) {
            starts[group * Digits + digit] = -8 * totals[digit];
            sum = 256 * sum + totals[digit];
        }
        sums[group] = static_cast<float>(sum);
    }
    return true;
}

bool toDigits(const float* from, std::int64_t inputs, std::int64_t groupSize, std::int32_t digitCount,
              std::int8_t* digits, std::int32_t* starts, float* steps, float* sums) {
    return digitCount == 2 ? toSomeDigits<2>(from, inputs, groupSize, digits, starts, steps, sums)
                           : toSomeDigits<3>(from, inputs, groupSize, digits, starts, steps, sums);
}
