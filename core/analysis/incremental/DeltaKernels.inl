// Included once by each DeltaKernels<instruction set>.cpp, which defines SQIL_KERNEL_VECTOR (floats),
// SQIL_KERNEL_PANEL (vectors), SQIL_KERNEL_ROWS (rows of a tile for 1, 2, … vectors) and
// SQIL_KERNEL_TABLE. No standard library here: a function compiled with these flags must not be
// picked by the linker for code that runs on lesser processors.
#include "core/analysis/incremental/DeltaKernels.h"

namespace sqil {
namespace {

constexpr int lanes = SQIL_KERNEL_VECTOR;
constexpr int panel = SQIL_KERNEL_PANEL;
constexpr int tileRows[] = {SQIL_KERNEL_ROWS};

typedef float Vector __attribute__((vector_size(lanes * 4)));
typedef float Unaligned __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Unaligned*>(to) = value; }
inline Vector broadcast(float value) { return Vector{} + value; }
inline Vector larger(Vector a, Vector b) { return a > b ? a : b; }
inline Vector smaller(Vector a, Vector b) { return a < b ? a : b; }

/// max(b + Δ, 0) − max(b, 0) without cancellation: exactly Δ where both are positive.
inline Vector reluChange(Vector base, Vector change) { return larger(change, -base) + smaller(base, Vector{}); }

template<int Rows, int Vectors>
void computeTile(const RowsCall& call, const RowTile& tile, const float* weights, int column) {
    Vector sums[Rows][Vectors];
#pragma GCC unroll 12
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            sums[r][v] = call.accumulate ? load(call.out + tile.out[r] + column + v * lanes) : Vector{};
    for (int s = 0; s < call.segmentCount; ++s) {
        const Segment segment = call.segments[s];
        const float* w = weights + static_cast<long>(segment.weightRow) * Vectors * lanes;
        const float* rows[Rows];
#pragma GCC unroll 12
        for (int r = 0; r < Rows; ++r)
            rows[r] = call.in + tile.in[r] + segment.offset;
        for (long k = 0; k < segment.length; ++k, w += Vectors * lanes) {
            Vector columns[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                columns[v] = load(w + v * lanes);
#pragma GCC unroll 12
            for (int r = 0; r < Rows; ++r) {
                const Vector x = broadcast(rows[r][k]);
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v)
                    sums[r][v] += x * columns[v];
            }
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            const int at = column + v * lanes;
            Vector sum = sums[r][v];
            if (call.residual && tile.residual[r] >= 0)
                sum += load(call.residual + tile.residual[r] + at);
            if (call.relu)
                sum = reluChange(load(call.base + tile.base[r] + at), sum);
            store(call.out + tile.out[r] + at, sum);
        }
}

using TileFunction = void (*)(const RowsCall&, const RowTile&, const float*, int);

template<int Vectors, int... Rows>
struct Functions {
    static constexpr TileFunction of[] = {nullptr, computeTile<Rows, Vectors>...};
};

inline TileFunction tileFunction(int vectors, int rows) {
    switch (vectors) {
        case 1:
            return Functions<1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>::of[rows];
        case 2:
            return Functions<2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>::of[rows];
#if SQIL_KERNEL_PANEL > 2
        case 3:
            return Functions<3, 1, 2, 3, 4, 5, 6, 7, 8>::of[rows];
        default:
            return Functions<4, 1, 2, 3, 4, 5, 6>::of[rows];
#else
        default:
            return nullptr;
#endif
    }
}

inline int least(int a, int b) { return a < b ? a : b; }

std::int32_t rowsPerTile(std::int32_t vectors) { return tileRows[least(vectors, panel) - 1]; }

void rows(const RowsCall& call, const RowTile* tiles, std::int32_t count) {
    for (int p = call.firstPanel; p < call.lastPanel; ++p) {
        const int vectors = least(panel, call.vectors - p * panel);
        const float* weights = call.weights + static_cast<long>(p) * panel * lanes * call.weightRows;
        for (int t = 0; t < count; ++t)
            tileFunction(vectors, tiles[t].rows)(call, tiles[t], weights, p * panel * lanes);
    }
}

/// Bᵀ·d of six values.
inline void inputTransform(const Vector* d, int step, Vector* result) {
    const Vector a = d[4 * step] - 4.0f * d[2 * step], b = d[3 * step] - 4.0f * d[step];
    const Vector c = d[4 * step] - d[2 * step], e = 2.0f * (d[3 * step] - d[step]);
    result[0] = 4.0f * d[0] - 5.0f * d[2 * step] + d[4 * step];
    result[1] = a + b;
    result[2] = a - b;
    result[3] = c + e;
    result[4] = c - e;
    result[5] = 4.0f * d[step] - 5.0f * d[3 * step] + d[5 * step];
}

void winogradInput(const WinogradCall& call, const WinogradTile* tiles) {
    const long plane = call.plane;
    for (int t = 0; t < call.tiles; ++t) {
        const WinogradTile& tile = tiles[t];
        const long first = tile.in + static_cast<long>(tile.inY) * call.inPitch + static_cast<long>(tile.inX) * call.inChannels;
        const bool whole = tile.inY >= 0 && tile.inX >= 0 && tile.inY + 6 <= tile.inRows && tile.inX + 6 <= tile.inColumns;
        for (int c = 0; c < call.inChannels; c += lanes) {
            Vector d[36], half[36];
            const float* from = call.in + first + c;
            for (int y = 0; y < 6; ++y)
                for (int x = 0; x < 6; ++x) {
                    const int row = tile.inY + y, column = tile.inX + x;
                    const bool inside = whole || (row >= 0 && row < tile.inRows && column >= 0 && column < tile.inColumns);
                    d[y * 6 + x] = inside ? load(from + static_cast<long>(y) * call.inPitch + static_cast<long>(x) * call.inChannels)
                                          : Vector{};
                }
            for (int x = 0; x < 6; ++x) {
                Vector column[6];
                inputTransform(d + x, 6, column);
                for (int y = 0; y < 6; ++y)
                    half[y * 6 + x] = column[y];
            }
            float* to = call.transformed + static_cast<long>(t) * call.inChannels + c;
            for (int y = 0; y < 6; ++y) {
                Vector row[6];
                inputTransform(half + y * 6, 1, row);
                for (int x = 0; x < 6; ++x)
                    store(to + (y * 6 + x) * plane, row[x]);
            }
        }
    }
}

/// Aᵀ·m of six values.
inline void outputTransform(const Vector* m, int step, Vector* result) {
    const Vector a = m[step] + m[2 * step], b = m[step] - m[2 * step];
    const Vector c = m[3 * step] + m[4 * step], d = m[3 * step] - m[4 * step];
    result[0] = m[0] + a + c;
    result[1] = b + 2.0f * d;
    result[2] = a + 4.0f * c;
    result[3] = b + 8.0f * d + m[5 * step];
}

void winogradOutput(const WinogradCall& call, const WinogradTile* tiles) {
    const long plane = call.plane;
    for (int t = 0; t < call.tiles; ++t) {
        const WinogradTile& tile = tiles[t];
        for (int c = 0; c < call.outChannels; c += lanes) {
            Vector m[36], half[24];
            const float* from = call.transformed + static_cast<long>(t) * call.outChannels + c;
            for (int i = 0; i < 36; ++i)
                m[i] = load(from + i * plane);
            for (int x = 0; x < 6; ++x) {
                Vector column[4];
                outputTransform(m + x, 6, column);
                for (int y = 0; y < 4; ++y)
                    half[y * 6 + x] = column[y];
            }
            for (int y = 0; y < tile.outRows; ++y) {
                Vector row[4];
                outputTransform(half + y * 6, 1, row);
                for (int x = 0; x < tile.outColumns; ++x) {
                    Vector sum = row[x];
                    const int residualY = tile.residualY + y, residualX = tile.residualX + x;
                    if (call.residual && residualY >= 0 && residualY < tile.residualRows && residualX >= 0 &&
                        residualX < tile.residualColumns)
                        sum += load(call.residual + tile.residual + static_cast<long>(residualY) * call.residualPitch +
                                    static_cast<long>(residualX) * call.outChannels + c);
                    if (call.relu)
                        sum = reluChange(load(call.base + tile.base + static_cast<long>(y) * call.basePitch +
                                              static_cast<long>(x) * call.outChannels + c),
                                         sum);
                    store(call.out + tile.out + static_cast<long>(y) * call.outPitch +
                              static_cast<long>(x) * call.outChannels + c,
                          sum);
                }
            }
        }
    }
}

void firstConv(const FirstConvCall& call) {
    Vector* products = reinterpret_cast<Vector*>(call.scratch);
    Vector* alongX = products + call.tapsXCount;
    const long stride = static_cast<long>(call.vectors) * lanes;
    for (int v = 0; v < call.vectors; ++v) {
        for (int u = 0; u < call.tapsYCount; ++u) {
            const float* line = call.change + static_cast<long>(call.pixelsY[u]) * call.width * call.channels;
            const float* weights = call.weights + static_cast<long>(call.tapsY[u]) * call.kernelX * call.channels * stride + v * lanes;
            for (int t = 0; t < call.tapsXCount; ++t) {
                const float* pixel = line + static_cast<long>(call.pixelsX[t]) * call.channels;
                const float* w = weights + static_cast<long>(call.tapsX[t]) * call.channels * stride;
                Vector sum{};
                for (int c = 0; c < call.channels; ++c)
                    sum += pixel[c] * load(w + c * stride);
                products[t] = sum;
            }
            for (int j = 0; j < call.columnPlaces; ++j) {
                const float* mask = call.columnMasks + static_cast<long>(j) * call.columnMaskStride;
                Vector sum{};
                for (int t = 0; t < call.tapsXCount; ++t)
                    sum += mask[call.pixelsX[t]] * products[t];
                alongX[j * call.tapsYCount + u] = sum;
            }
        }
        const Vector base = call.relu ? load(call.base + v * lanes) : Vector{};
        for (int i = 0; i < call.rowPlaces; ++i) {
            const float* mask = call.rowMasks + static_cast<long>(i) * call.rowMaskStride;
            for (int j = 0; j < call.columnPlaces; ++j) {
                Vector sum{};
                for (int u = 0; u < call.tapsYCount; ++u)
                    sum += mask[call.pixelsY[u]] * alongX[j * call.tapsYCount + u];
                if (call.relu)
                    sum = reluChange(base, sum);
                store(call.result + call.outRows[i] + call.outColumns[j] + v * lanes, sum);
            }
        }
    }
}

void relu(const float* base, const float* change, float* result, std::int64_t n) {
    std::int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        store(result + i, reluChange(load(base + i), load(change + i)));
    for (; i < n; ++i) {
        const float reached = base[i] + change[i];
        result[i] = base[i] > 0 && reached > 0 ? change[i] : (reached > 0 ? reached : 0) - (base[i] > 0 ? base[i] : 0);
    }
}

}  // namespace

extern const DeltaKernels SQIL_KERNEL_TABLE = {SQIL_KERNEL_NAME, lanes,         panel,          rowsPerTile, rows,
                                               winogradInput,    winogradOutput, firstConv,      relu};

}  // namespace sqil
