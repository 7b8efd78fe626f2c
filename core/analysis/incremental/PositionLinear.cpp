#include "core/analysis/incremental/PositionLinear.h"

#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

/// [output][channel][y][x] → [y][x][channel][output].
std::vector<float> byPosition(const PositionLinear::Spec& spec) {
    const std::int64_t pixels = spec.height * spec.width, rows = pixels * spec.channels;
    std::vector<float> result(spec.weights.size());
    for (std::int64_t o = 0; o < spec.outputs; ++o)
        for (std::int64_t c = 0; c < spec.channels; ++c)
            for (std::int64_t p = 0; p < pixels; ++p)
                result[static_cast<std::size_t>((p * spec.channels + c) * spec.outputs + o)] =
                    spec.weights[static_cast<std::size_t>(o * rows + c * pixels + p)];
    return result;
}

/// Spreads rows evenly over tiles of at most `most`.
void addTiles(std::vector<RowTile>& tiles, const std::vector<std::pair<std::int64_t, std::int64_t>>& inAndOut,
              std::int64_t most) {
    const auto count = static_cast<std::int64_t>(inAndOut.size());
    const std::int64_t parts = (count + most - 1) / most;
    for (std::int64_t t = 0; t < parts; ++t) {
        RowTile tile;
        for (std::int64_t i = count * t / parts; i < count * (t + 1) / parts; ++i, ++tile.rows) {
            tile.in[tile.rows] = static_cast<std::int32_t>(inAndOut[static_cast<std::size_t>(i)].first);
            tile.out[tile.rows] = static_cast<std::int32_t>(inAndOut[static_cast<std::size_t>(i)].second);
            tile.base[tile.rows] = 0;
            tile.residual[tile.rows] = -1;
        }
        tiles.push_back(tile);
    }
}

}  // namespace

PositionLinear::PositionLinear(const DeltaKernels& kernels, Spec spec, int threads)
    : kernels_(kernels),
      spec_(std::move(spec)),
      threads_(std::max(threads, 1)),
      weights_(kernels, byPosition(spec_), spec_.height * spec_.width * spec_.channels, spec_.outputs) {
    spec_.weights = {};
}

PositionLinear::Group PositionLinear::groupOf(const std::vector<DeltaMap>& maps, const Chunk& chunk,
                                              const Chunk& among) const {
    const DeltaMap& in = maps[static_cast<std::size_t>(spec_.in)];
    const DeltaMap& out = maps[static_cast<std::size_t>(spec_.out)];
    const std::int64_t most = kernels_.rowsPerTile(weights_.vectors());
    Group group;
    using Rows = std::vector<std::pair<std::int64_t, std::int64_t>>;
    std::vector<Rows> byPixel(static_cast<std::size_t>(in.height * in.width));
    Rows all;
    forEachPlace(among, [&](std::int64_t row, std::int64_t column) {
        const PlaceMap from(in, chunk, row, column), to(out, chunk, row, column);
        all.emplace_back(0, to.offset);
        for (std::int64_t y = from.rows.begin; y < from.rows.end; ++y)
            for (std::int64_t x = from.columns.begin; x < from.columns.end; ++x)
                byPixel[static_cast<std::size_t>(y * in.width + x)].emplace_back(from.at(y, x, in.stride), to.offset);
    });
    addTiles(group.rows, all, most);
    for (std::size_t pixel = 0; pixel < byPixel.size(); ++pixel) {
        Position position;
        position.firstTile = static_cast<std::int32_t>(group.tiles.size());
        position.weightRow = static_cast<std::int32_t>(static_cast<std::int64_t>(pixel) * spec_.channels);
        addTiles(group.tiles, byPixel[pixel], most);
        position.tiles = static_cast<std::int32_t>(group.tiles.size()) - position.firstTile;
        if (position.tiles > 0)
            group.positions.push_back(position);
    }
    return group;
}

void PositionLinear::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    // A work item is a panel of outputs for a group of places; split the places where panels are few.
    const std::int64_t wanted = (2 * threads_ + weights_.panels() - 1) / weights_.panels();
    const std::int64_t parts = std::clamp<std::int64_t>(wanted, 1, chunk.rows.size());
    std::vector<Group> groups;
    for (std::int64_t part = 0; part < parts; ++part) {
        Chunk among = chunk;
        among.rows = {chunk.rows.begin + chunk.rows.size() * part / parts,
                      chunk.rows.begin + chunk.rows.size() * (part + 1) / parts};
        groups.push_back(groupOf(maps, chunk, among));
    }
    chunks_.push_back(std::move(groups));
}

void PositionLinear::run(const StageRun& run, std::size_t chunk) const {
    const std::vector<Group>& groups = chunks_[chunk];
    const std::int64_t panels = weights_.panels();
    RowsCall common;
    common.in = run.maps[static_cast<std::size_t>(spec_.in)];
    common.out = run.maps[static_cast<std::size_t>(spec_.out)];
    common.weights = weights_.data();
    common.weightRows = weights_.rows();
    common.vectors = weights_.vectors();
    forEachItem(run.threads, panels * static_cast<std::int64_t>(groups.size()), [&](int, std::int64_t item) {
        const Group& group = groups[static_cast<std::size_t>(item / panels)];
        RowsCall call = common;
        call.firstPanel = static_cast<std::int32_t>(item % panels);
        call.lastPanel = call.firstPanel + 1;
        kernels_.rows(call, group.rows.data(), static_cast<std::int32_t>(group.rows.size()));  // no segments: zero
        call.accumulate = true;
        call.segmentCount = 1;
        for (const Position& position : group.positions) {
            const Segment segment{0, static_cast<std::int32_t>(spec_.channels), position.weightRow};
            call.segments = &segment;
            kernels_.rows(call, group.tiles.data() + position.firstTile, position.tiles);
        }
        if (spec_.reluBase < 0)
            return;
        call.segmentCount = 0;
        call.relu = true;
        call.base = run.bases[static_cast<std::size_t>(spec_.reluBase)];
        kernels_.rows(call, group.rows.data(), static_cast<std::int32_t>(group.rows.size()));
    });
}

}  // namespace sqil
