#include "core/analysis/incremental/WinogradConv.h"

#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

constexpr std::int64_t products = 36, tileSide = 4;
/// Between planes, so that the 36 of them do not fall on the same lines of the cache.
constexpr std::int64_t planeGap = 16;
/// Transformed tiles of one thread: written and read once, so they may fill a share of the last cache.
constexpr std::int64_t blockFloats = (4 << 20) / 4;
constexpr std::int64_t largeWeights = (16 << 20) / 4;
/// What the transforms cost, in multiplications a channel and tile.
constexpr double transformCost = 300;

constexpr double weightTransform[6][3] = {{1.0 / 4, 0, 0},
                                          {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                          {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                          {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                          {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                          {0, 0, 1}};

double tilesAlong(const std::vector<PixelRange>& ranges) {
    double sum = 0;
    for (const PixelRange& range : ranges)
        sum += static_cast<double>((range.size() + tileSide - 1) / tileSide);
    return sum;
}

}  // namespace

bool WinogradConv::applies(const ConvSpec& spec, const DeltaMap& in, const DeltaKernels& kernels) {
    const auto plainAxis = [](const WindowAxis& axis) {
        return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1;
    };
    return plainAxis(spec.y) && plainAxis(spec.x) && in.stride % kernels.vector == 0;
}

bool WinogradConv::pays(const ConvSpec& spec, const DeltaMap& in, const DeltaMap& out) {
    const double tiles = tilesAlong(out.rows) * tilesAlong(out.columns);
    const auto inChannels = static_cast<double>(spec.inChannels), outChannels = static_cast<double>(spec.outChannels);
    const double cost = tiles * (products * inChannels * outChannels + transformCost * (inChannels + outChannels));
    return cost < DirectConv::multiplications(spec, in);
}

WinogradConv::WinogradConv(const DeltaKernels& kernels, ConvSpec spec, int threads)
    : kernels_(kernels), spec_(std::move(spec)), threads_(std::max(threads, 1)) {
    const std::int64_t channels = spec_.inChannels * spec_.outChannels;
    std::vector<float> matrix(static_cast<std::size_t>(channels));
    for (std::int64_t e = 0; e < products; ++e) {
        const double* gy = weightTransform[e / 6];
        const double* gx = weightTransform[e % 6];
        for (std::int64_t c = 0; c < channels; ++c) {
            double sum = 0;
            for (std::int64_t tap = 0; tap < 9; ++tap)
                sum += gy[tap / 3] * gx[tap % 3] * spec_.weights[static_cast<std::size_t>(tap * channels + c)];
            matrix[static_cast<std::size_t>(c)] = static_cast<float>(sum);
        }
        weights_.emplace_back(kernels, matrix, spec_.inChannels, spec_.outChannels);
    }
    spec_.weights = {};
}

std::vector<int> WinogradConv::reads() const {
    return spec_.residual < 0 ? std::vector{spec_.in} : std::vector{spec_.in, spec_.residual};
}

std::size_t WinogradConv::scratchFloats() const {
    return static_cast<std::size_t>(products * (mostTiles_ * (inStride_ + outStride_) + 2 * planeGap));
}

std::vector<RowTile> WinogradConv::rowTiles(std::int64_t tiles) const {
    const std::int64_t most = kernels_.rowsPerTile(weights_.front().vectors());
    const std::int64_t count = (tiles + most - 1) / most;
    std::vector<RowTile> result;
    for (std::int64_t t = 0; t < count; ++t) {
        RowTile rows;
        for (std::int64_t i = tiles * t / count; i < tiles * (t + 1) / count; ++i, ++rows.rows) {
            rows.in[rows.rows] = static_cast<std::int32_t>(i * inStride_);
            rows.out[rows.rows] = static_cast<std::int32_t>(i * outStride_);
            rows.residual[rows.rows] = -1;
        }
        result.push_back(rows);
    }
    return result;
}

void WinogradConv::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    const DeltaMap& in = maps[static_cast<std::size_t>(spec_.in)];
    const DeltaMap& out = maps[static_cast<std::size_t>(spec_.out)];
    const DeltaMap* residual = spec_.residual < 0 ? nullptr : &maps[static_cast<std::size_t>(spec_.residual)];
    inStride_ = in.stride;
    outStride_ = out.stride;
    ChunkPlan plan;
    forEachPlace(chunk, [&](std::int64_t row, std::int64_t column) {
        const PlaceMap from(in, chunk, row, column), to(out, chunk, row, column);
        for (std::int64_t y = to.rows.begin; y < to.rows.end; y += tileSide)
            for (std::int64_t x = to.columns.begin; x < to.columns.end; x += tileSide) {
                WinogradTile tile;
                tile.in = static_cast<std::int32_t>(from.offset);
                tile.inY = static_cast<std::int16_t>(y - spec_.y.padding - from.rows.begin);
                tile.inX = static_cast<std::int16_t>(x - spec_.x.padding - from.columns.begin);
                tile.inRows = static_cast<std::int16_t>(from.rows.size());
                tile.inColumns = static_cast<std::int16_t>(from.columns.size());
                tile.outRows = static_cast<std::int16_t>(std::min(tileSide, to.rows.end - y));
                tile.outColumns = static_cast<std::int16_t>(std::min(tileSide, to.columns.end - x));
                tile.out = static_cast<std::int32_t>(to.at(y, x, out.stride));
                tile.base = static_cast<std::int32_t>((y * out.width + x) * out.stride);
                if (residual) {
                    const PlaceMap added(*residual, chunk, row, column);
                    tile.residual = static_cast<std::int32_t>(added.offset);
                    tile.residualY = static_cast<std::int16_t>(y - added.rows.begin);
                    tile.residualX = static_cast<std::int16_t>(x - added.columns.begin);
                    tile.residualRows = static_cast<std::int16_t>(added.rows.size());
                    tile.residualColumns = static_cast<std::int16_t>(added.columns.size());
                }
                plan.tiles.push_back(tile);
            }
    });
    const auto tiles = std::max<std::int64_t>(1, static_cast<std::int64_t>(plan.tiles.size()));
    // Weights that do not fit into the last cache should pass through it few times.
    const std::int64_t least = products * inStride_ * outStride_ > largeWeights ? 128 : 8;
    const std::int64_t fitting = std::max(least, blockFloats / (products * (inStride_ + outStride_)));
    // As many blocks as there are threads, or a multiple: none should wait for the last block.
    const std::int64_t blocks = paddedTo(threads_, (tiles + fitting - 1) / fitting);
    plan.blockTiles = (tiles + blocks - 1) / blocks;
    mostTiles_ = std::max(mostTiles_, plan.blockTiles);
    plan.rows = rowTiles(plan.blockTiles);
    plan.call.inChannels = static_cast<std::int32_t>(in.stride);
    plan.call.outChannels = static_cast<std::int32_t>(out.stride);
    plan.call.inPitch = static_cast<std::int32_t>(in.pitch(chunk) * in.stride);
    plan.call.outPitch = static_cast<std::int32_t>(out.pitch(chunk) * out.stride);
    plan.call.basePitch = static_cast<std::int32_t>(out.width * out.stride);
    plan.call.residualPitch = residual ? static_cast<std::int32_t>(residual->pitch(chunk) * residual->stride) : 0;
    chunks_.push_back(std::move(plan));
}

void WinogradConv::run(const StageRun& run, std::size_t chunk) const {
    const ChunkPlan& plan = chunks_[chunk];
    const auto tiles = static_cast<std::int64_t>(plan.tiles.size());
    const std::int64_t blocks = (tiles + plan.blockTiles - 1) / plan.blockTiles;
    forEachItem(run.threads, blocks, [&](int thread, std::int64_t block) {
        const std::int64_t first = block * plan.blockTiles, count = std::min(plan.blockTiles, tiles - first);
        float* transformed = run.scratch[static_cast<std::size_t>(thread)];
        float* sums = transformed + products * (plan.blockTiles * inStride_ + planeGap);
        WinogradCall call = plan.call;
        call.in = run.maps[static_cast<std::size_t>(spec_.in)];
        call.out = run.maps[static_cast<std::size_t>(spec_.out)];
        call.residual = spec_.residual < 0 ? nullptr : run.maps[static_cast<std::size_t>(spec_.residual)];
        call.relu = spec_.reluBase >= 0;
        call.base = call.relu ? run.bases[static_cast<std::size_t>(spec_.reluBase)] : nullptr;
        call.tiles = static_cast<std::int32_t>(count);
        call.transformed = transformed;
        call.plane = count * inStride_ + planeGap;
        const std::int64_t sumPlane = count * outStride_ + planeGap;
        kernels_.winogradInput(call, plan.tiles.data() + first);

        const std::vector<RowTile> shorter = count < plan.blockTiles ? rowTiles(count) : std::vector<RowTile>{};
        const std::vector<RowTile>& rows = shorter.empty() ? plan.rows : shorter;
        const Segment segment{0, static_cast<std::int32_t>(spec_.inChannels), 0};
        RowsCall product;
        product.segments = &segment;
        product.segmentCount = 1;
        for (std::int64_t e = 0; e < products; ++e) {
            const PackedWeights& weights = weights_[static_cast<std::size_t>(e)];
            product.in = transformed + e * call.plane;
            product.out = sums + e * sumPlane;
            product.weights = weights.data();
            product.weightRows = weights.rows();
            product.vectors = weights.vectors();
            product.lastPanel = weights.panels();
            kernels_.rows(product, rows.data(), static_cast<std::int32_t>(rows.size()));
        }
        call.transformed = sums;
        call.plane = sumPlane;
        kernels_.winogradOutput(call, plan.tiles.data() + first);
    });
}

}  // namespace sqil
