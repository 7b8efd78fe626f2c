#include "core/analysis/incremental/DirectConv.h"

#include <map>

#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

/// Rows of one work item: few enough to stay in the cache while all panels of weights pass.
constexpr std::int64_t rowsPerItem = 96;

}  // namespace

DirectConv::DirectConv(const DeltaKernels& kernels, ConvSpec spec)
    : kernels_(kernels),
      spec_(std::move(spec)),
      weights_(kernels, spec_.weights, spec_.y.kernel * spec_.x.kernel * spec_.inChannels, spec_.outChannels) {
    spec_.weights = {};
}

std::vector<int> DirectConv::reads() const {
    return spec_.residual < 0 ? std::vector{spec_.in} : std::vector{spec_.in, spec_.residual};
}

double DirectConv::multiplications(const ConvSpec& spec, const DeltaMap& in) {
    const auto pairs = [](const WindowAxis& axis, const std::vector<PixelRange>& ranges) {
        double sum = 0;
        for (const PixelRange& range : ranges)
            for (std::int64_t o = 0; o < axis.out; ++o)
                sum += static_cast<double>(axis.taps(o, range).size());
        return sum;
    };
    return pairs(spec.y, in.rows) * pairs(spec.x, in.columns) * static_cast<double>(spec.inChannels * spec.outChannels);
}

void DirectConv::addSegments(ChunkPlan& plan, const Taps& taps, std::int64_t pitch, std::int64_t stride) const {
    const bool adjacent = spec_.x.dilation == 1 && stride == spec_.inChannels;
    const auto add = [&](std::int64_t y, std::int64_t x, std::int64_t length) {
        const std::int64_t offset = (y * spec_.y.dilation * pitch + x * spec_.x.dilation) * stride;
        plan.segments.push_back({static_cast<std::int32_t>(offset), static_cast<std::int32_t>(length),
                                 static_cast<std::int32_t>((y * spec_.x.kernel + x) * spec_.inChannels)});
    };
    for (std::int64_t y = taps[0]; y < taps[1]; ++y) {
        if (adjacent && taps[3] > taps[2])
            add(y, taps[2], (taps[3] - taps[2]) * spec_.inChannels);
        else
            for (std::int64_t x = taps[2]; x < taps[3]; ++x)
                add(y, x, spec_.inChannels);
    }
}

void DirectConv::addTiles(ChunkPlan& plan, const std::vector<Position>& positions, Item item) const {
    const std::int64_t most = kernels_.rowsPerTile(weights_.vectors());
    const auto count = static_cast<std::int64_t>(positions.size());
    const std::int64_t tiles = (count + most - 1) / most;
    const std::int64_t tilesPerItem = std::max<std::int64_t>(1, rowsPerItem / most);
    for (std::int64_t t = 0; t < tiles; ++t) {
        RowTile tile;
        // Even sizes: a tile of one row would wait for its own sums.
        for (std::int64_t i = count * t / tiles; i < count * (t + 1) / tiles; ++i, ++tile.rows) {
            const Position& position = positions[static_cast<std::size_t>(i)];
            tile.in[tile.rows] = static_cast<std::int32_t>(position.in);
            tile.out[tile.rows] = static_cast<std::int32_t>(position.out);
            tile.base[tile.rows] = static_cast<std::int32_t>(position.base);
            tile.residual[tile.rows] = static_cast<std::int32_t>(position.residual);
        }
        if (t % tilesPerItem == 0) {
            item.firstTile = static_cast<std::int32_t>(plan.tiles.size());
            item.tiles = 0;
            plan.items.push_back(item);
        }
        plan.tiles.push_back(tile);
        ++plan.items.back().tiles;
    }
}

void DirectConv::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    const DeltaMap& in = maps[static_cast<std::size_t>(spec_.in)];
    const DeltaMap& out = maps[static_cast<std::size_t>(spec_.out)];
    const DeltaMap* residual = spec_.residual < 0 ? nullptr : &maps[static_cast<std::size_t>(spec_.residual)];
    std::map<Taps, std::vector<Position>> classes;
    forEachPlace(chunk, [&](std::int64_t row, std::int64_t column) {
        const PlaceMap from(in, chunk, row, column), to(out, chunk, row, column);
        const PlaceMap added(residual ? *residual : out, chunk, row, column);
        for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y) {
            const PixelRange tapsY = spec_.y.taps(y, from.rows);
            for (std::int64_t x = to.columns.begin; x < to.columns.end; ++x) {
                const PixelRange tapsX = spec_.x.taps(x, from.columns);
                const bool any = tapsY.size() > 0 && tapsX.size() > 0;
                Position position{};
                position.in = any ? from.at(spec_.y.input(y, 0), spec_.x.input(x, 0), in.stride) : 0;
                position.out = to.at(y, x, out.stride);
                position.base = (y * out.width + x) * out.stride;
                position.residual = residual && added.contains(y, x) ? added.at(y, x, residual->stride) : -1;
                classes[any ? Taps{tapsY.begin, tapsY.end, tapsX.begin, tapsX.end} : Taps{}].push_back(position);
            }
        }
    });
    ChunkPlan plan;
    for (const auto& [taps, positions] : classes) {
        Item item;
        item.firstSegment = static_cast<std::int32_t>(plan.segments.size());
        addSegments(plan, taps, in.pitch(chunk), in.stride);
        item.segments = static_cast<std::int32_t>(plan.segments.size()) - item.firstSegment;
        addTiles(plan, positions, item);
    }
    chunks_.push_back(std::move(plan));
}

void DirectConv::run(const StageRun& run, std::size_t chunk) const {
    const ChunkPlan& plan = chunks_[chunk];
    RowsCall common;
    common.in = run.maps[static_cast<std::size_t>(spec_.in)];
    common.out = run.maps[static_cast<std::size_t>(spec_.out)];
    common.residual = spec_.residual < 0 ? nullptr : run.maps[static_cast<std::size_t>(spec_.residual)];
    common.relu = spec_.reluBase >= 0;
    common.base = common.relu ? run.bases[static_cast<std::size_t>(spec_.reluBase)] : nullptr;
    common.weights = weights_.data();
    common.weightRows = weights_.rows();
    common.vectors = weights_.vectors();
    common.lastPanel = weights_.panels();
    // A few microseconds of work are done before another thread wakes up.
    const double work = static_cast<double>(plan.tiles.size()) * RowTile::most * weights_.rows() * weights_.vectors();
    forEachItem(work > 1e5 ? run.threads : 1, static_cast<std::int64_t>(plan.items.size()),
                [&](int, std::int64_t index) {
                    const Item& item = plan.items[static_cast<std::size_t>(index)];
                    RowsCall call = common;
                    call.segments = plan.segments.data() + item.firstSegment;
                    call.segmentCount = item.segments;
                    kernels_.rows(call, plan.tiles.data() + item.firstTile, item.tiles);
                });
}

}  // namespace sqil
