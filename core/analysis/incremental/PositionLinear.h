#pragma once
#include "core/analysis/incremental/PackedWeights.h"
#include "core/analysis/incremental/Stage.h"

namespace sqil {

/// A linear layer over a flattened map: sums W[:, position]·Δ[position] over the positions that a
/// place reaches. All places that reach a position meet its weights together, so that the weights,
/// often the policy's largest, pass through the cache once.
class PositionLinear final : public Stage {
public:
    struct Spec {
        std::string name;
        int in = -1, out = -1;
        std::int64_t channels = 0, height = 0, width = 0, outputs = 0;
        std::vector<float> weights;  ///< [output][channel][y][x], as PyTorch's
        int reluBase = -1;
    };
    PositionLinear(const DeltaKernels& kernels, Spec spec, int threads);
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) override;
    void run(const StageRun& run, std::size_t chunk) const override;
    std::vector<int> reads() const override { return {spec_.in}; }
    int writes() const override { return spec_.out; }
    std::string describe() const override { return spec_.name + ": linear layer over the positions that change"; }

private:
    struct Position {
        std::int32_t firstTile = 0, tiles = 0, weightRow = 0;
    };
    struct Group {  ///< places of one work item
        std::vector<Position> positions;
        std::vector<RowTile> tiles;
        std::vector<RowTile> rows;  ///< of the results, for the start and the ReLU
    };
    Group groupOf(const std::vector<DeltaMap>& maps, const Chunk& chunk, const Chunk& among) const;

    const DeltaKernels& kernels_;
    Spec spec_;
    int threads_;
    PackedWeights weights_;
    std::vector<std::vector<Group>> chunks_;
};

}  // namespace sqil
