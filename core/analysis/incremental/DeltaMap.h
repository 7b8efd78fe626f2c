#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/analysis/ImagePerturbation.h"

namespace sqil {

/// Places that are computed together: a rectangle of the grid.
struct Chunk {
    PixelRange rows, columns;
    std::int64_t places() const { return rows.size() * columns.size(); }
};

/// Δ of one value of the graph at every place: only the rectangle that the place's perturbation can
/// reach is stored, rows and columns being independent. Channels last; a vector of features is a
/// map of 1×1. In memory every place of a chunk has a slot of the same size, its rectangle at the
/// slot's beginning.
struct DeltaMap {
    std::int64_t channels = 0;
    std::int64_t stride = 0;  ///< floats from pixel to pixel: channels, padded to whole vectors
    std::int64_t height = 1, width = 1;
    std::vector<PixelRange> rows, columns;  ///< reach, by row and column of the grid of places

    std::int64_t pitch(const Chunk& chunk) const { return longest(columns, chunk.columns); }
    std::int64_t slot(const Chunk& chunk) const { return longest(rows, chunk.rows) * pitch(chunk) * stride; }
    std::int64_t floats(const Chunk& chunk) const { return slot(chunk) * chunk.places(); }

private:
    static std::int64_t longest(const std::vector<PixelRange>& ranges, const PixelRange& among) {
        std::int64_t most = 0;
        for (std::int64_t i = among.begin; i < among.end; ++i)
            most = std::max(most, ranges[static_cast<std::size_t>(i)].size());
        return most;
    }
};

/// One place's rectangle of a map.
struct PlaceMap {
    std::int64_t offset = 0;  ///< of its first pixel, in floats
    std::int64_t pitch = 0;   ///< pixels
    PixelRange rows, columns;

    PlaceMap(const DeltaMap& map, const Chunk& chunk, std::int64_t row, std::int64_t column)
        : offset(((row - chunk.rows.begin) * chunk.columns.size() + column - chunk.columns.begin) * map.slot(chunk)),
          pitch(map.pitch(chunk)),
          rows(map.rows[static_cast<std::size_t>(row)]),
          columns(map.columns[static_cast<std::size_t>(column)]) {}
    bool contains(std::int64_t y, std::int64_t x) const {
        return y >= rows.begin && y < rows.end && x >= columns.begin && x < columns.end;
    }
    /// Of the pixel at (y, x) of the whole image; meaningful inside the rectangle.
    std::int64_t at(std::int64_t y, std::int64_t x, std::int64_t stride) const {
        return offset + ((y - rows.begin) * pitch + x - columns.begin) * stride;
    }
};

template<class Visit>
void forEachPlace(const Chunk& chunk, const Visit& visit) {
    for (std::int64_t row = chunk.rows.begin; row < chunk.rows.end; ++row)
        for (std::int64_t column = chunk.columns.begin; column < chunk.columns.end; ++column)
            visit(row, column);
}

inline PixelRange hull(const PixelRange& one, const PixelRange& other) {
    if (one.size() <= 0)
        return other;
    if (other.size() <= 0)
        return one;
    return {std::min(one.begin, other.begin), std::max(one.end, other.end)};
}

}  // namespace sqil
