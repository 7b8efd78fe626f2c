#pragma once
#include <array>
#include <string>

#include "core/analysis/incremental/PackedWeights.h"
#include "core/analysis/incremental/Stage.h"
#include "core/analysis/incremental/WindowAxis.h"

namespace sqil {

/// What a convolution stage is made of. Weights: [kernel y][kernel x][in channel][out channel].
struct ConvSpec {
    std::string name;
    int in = -1, out = -1;  ///< maps
    WindowAxis y, x;
    std::int64_t inChannels = 0, outChannels = 0;
    std::vector<float> weights;
    int residual = -1;  ///< map that is added before the ReLU
    int reluBase = -1;  ///< base of the ReLU's argument; −1: no ReLU
};

/// A convolution of the Δ maps, position by position: only taps that meet a changed input are
/// computed. Positions of all places that use the same taps share tiles of the matrix kernel.
/// Addition of a residual and a ReLU follow in registers. A linear layer is its 1×1 case.
class DirectConv final : public Stage {
public:
    DirectConv(const DeltaKernels& kernels, ConvSpec spec);
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) override;
    void run(const StageRun& run, std::size_t chunk) const override;
    std::vector<int> reads() const override;
    int writes() const override { return spec_.out; }
    std::string describe() const override { return spec_.name + ": convolution where inputs change"; }

    /// Multiplications of the whole grid, to compare with other ways.
    static double multiplications(const ConvSpec& spec, const DeltaMap& in);

private:
    struct Item {
        std::int32_t firstSegment = 0, segments = 0;
        std::int32_t firstTile = 0, tiles = 0;
    };
    struct ChunkPlan {
        std::vector<Segment> segments;
        std::vector<RowTile> tiles;
        std::vector<Item> items;
    };
    struct Position {
        std::int64_t in, out, base, residual;
    };
    using Taps = std::array<std::int64_t, 4>;  ///< y from, to; x from, to
    void addSegments(ChunkPlan& plan, const Taps& taps, std::int64_t pitch, std::int64_t stride) const;
    void addTiles(ChunkPlan& plan, const std::vector<Position>& positions, Item item) const;

    const DeltaKernels& kernels_;
    ConvSpec spec_;
    PackedWeights weights_;
    std::vector<ChunkPlan> chunks_;
};

}  // namespace sqil
