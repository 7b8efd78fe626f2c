#pragma once
#include <algorithm>
#include <cstdint>

#include "plugins/cuda/index/WeightLayout.h"

namespace sqil::cuda {

struct Range {
    int first = 0, last = 0;
    constexpr bool operator==(const Range&) const = default;
};

/// Part `part` of `count` blocks cut into `parts` that differ by one block at most.
constexpr Range splitRange(int count, int parts, int part) {
    return {static_cast<int>(std::int64_t{count} * part / parts),
            static_cast<int>(std::int64_t{count} * (part + 1) / parts)};
}

/// Warps of the kernel for up to eight rows; they take blocks of 64 inputs in turns.
inline constexpr int kDirectWarps = 8;
inline constexpr int kDirectRows = 8;
/// The kernel for more rows: 4 warps of 32 outputs each.
inline constexpr int kTiledWarps = 4;
inline constexpr int kTiledOutputs = 128;

/// How a product of float activations is cut.
struct FloatSchedule {
    bool direct = true;
    int rowTiles = 1;   ///< of 8 rows, in a block: 1 where direct; else 2, 4 or 8
    int rowBlocks = 1;  ///< blocks along the rows
    int outputBlocks = 1;
    int splits = 1;  ///< of the inputs, over blocks

    constexpr int sums() const { return direct ? kTileOutputs * 8 : kTiledOutputs * 8 * rowTiles; }  ///< of a block
};

/// As many parts as give every multiprocessor `wanted` blocks, each with `least` blocks of inputs at least.
constexpr int splitsFor(std::int64_t blocks, int inputBlocks, std::int64_t wanted, int least) {
    const std::int64_t splits = (wanted + blocks - 1) / blocks;
    return static_cast<int>(std::clamp<std::int64_t>(splits, 1, std::max(1, inputBlocks / least)));
}

constexpr FloatSchedule floatSchedule(std::int64_t rows, std::int64_t outputs, std::int64_t inputs,
                                      int multiprocessors) {
    FloatSchedule schedule;
    const int inputBlocks = static_cast<int>(inputTiles(inputs));
    schedule.direct = rows <= kDirectRows;
    if (schedule.direct) {
        schedule.outputBlocks = static_cast<int>(outputTiles(outputs));
        schedule.splits = splitsFor(schedule.outputBlocks, inputBlocks, 2 * multiprocessors, 2 * kDirectWarps);
        return schedule;
    }
    schedule.rowTiles = rows <= 16 ? 2 : rows <= 32 ? 4 : 8;
    schedule.rowBlocks = static_cast<int>((rows + 8 * schedule.rowTiles - 1) / (8 * schedule.rowTiles));
    schedule.outputBlocks = static_cast<int>((outputs + kTiledOutputs - 1) / kTiledOutputs);
    schedule.splits =
        splitsFor(std::int64_t{schedule.outputBlocks} * schedule.rowBlocks, inputBlocks, 2 * multiprocessors, 8);
    return schedule;
}

/// A block for products of integers: warps along outputs × along rows, tiles of 16 outputs × 8 rows a warp.
struct BlockShape {
    int outputTiles, rowTiles, outputWarps, rowWarps;

    constexpr int outputs() const { return kTileOutputs * outputTiles * outputWarps; }
    constexpr int rows() const { return 8 * rowTiles * rowWarps; }
    constexpr int threads() const { return kLanesOfWarp * outputWarps * rowWarps; }
};

enum class IntegerShape { Small, Narrow, Wide };

constexpr BlockShape shapeOf(IntegerShape shape) {
    switch (shape) {
        case IntegerShape::Small:  // 64 outputs × 16 rows
            return {1, 2, 4, 1};
        case IntegerShape::Narrow:  // 64 outputs × 128 rows
            return {1, 8, 4, 2};
        default:  // 128 outputs × 128 rows
            return {2, 8, 4, 2};
    }
}

struct IntegerSchedule {
    IntegerShape shape = IntegerShape::Small;
    int rowBlocks = 1, outputBlocks = 1, splits = 1;
};

/// With `grouped` scales the inputs are not split: their floats are added in the groups' order, like the reference.
/// Rows that are `gathered` four bytes at a time (a convolution whose channels are no multiple of 16) take registers
/// that the wide shape has not.
constexpr IntegerSchedule integerSchedule(std::int64_t rows, std::int64_t outputs, std::int64_t inputs, bool grouped,
                                          bool gathered, int multiprocessors) {
    IntegerSchedule schedule;
    const auto rowBlocks = [&](IntegerShape shape) {
        return (rows + shapeOf(shape).rows() - 1) / shapeOf(shape).rows();
    };
    const auto outputBlocks = [&](IntegerShape shape) {
        return (outputs + shapeOf(shape).outputs() - 1) / shapeOf(shape).outputs();
    };
    const auto fills = [&](IntegerShape shape) { return rowBlocks(shape) * outputBlocks(shape) >= multiprocessors; };
    if (!grouped && !gathered && outputs > shapeOf(IntegerShape::Narrow).outputs() && fills(IntegerShape::Wide))
        schedule.shape = IntegerShape::Wide;
    else if (!grouped && fills(IntegerShape::Narrow))
        schedule.shape = IntegerShape::Narrow;
    schedule.rowBlocks = static_cast<int>(rowBlocks(schedule.shape));
    schedule.outputBlocks = static_cast<int>(outputBlocks(schedule.shape));
    if (schedule.shape == IntegerShape::Small && !grouped)
        schedule.splits = splitsFor(std::int64_t{schedule.rowBlocks} * schedule.outputBlocks,
                                    static_cast<int>(inputTiles(inputs)), 2 * multiprocessors, 4);
    return schedule;
}

/// Where 16-byte chunk `chunk` of row `row` lies in a shared tile of rows of 128 bytes (halves) or 64 bytes (codes), so
/// that neither the copies into it nor a warp's loads from it meet in a bank: eight lanes read two rows' halves,
/// sixteen read four rows' codes.
constexpr int halfChunk(int row, int chunk) {
    return row * 8 + (chunk ^ (row & 1) << 2);
}
constexpr int codeChunk(int row, int chunk) {
    return row * 4 + (chunk ^ (row >> 1 & 1) << 1);
}

}  // namespace sqil::cuda
