#pragma once
#include "core/analysis/incremental/DirectConv.h"

namespace sqil {

/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): a quarter of the multiplications where
/// the changed rectangle is large. On Δ its rounding is relative to the change, not to the values.
class WinogradConv final : public Stage {
public:
    static bool applies(const ConvSpec& spec, const DeltaMap& in, const DeltaKernels& kernels);
    /// True where it takes less time than DirectConv.
    static bool pays(const ConvSpec& spec, const DeltaMap& in, const DeltaMap& out);

    WinogradConv(const DeltaKernels& kernels, ConvSpec spec, int threads);
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) override;
    void run(const StageRun& run, std::size_t chunk) const override;
    std::vector<int> reads() const override;
    int writes() const override { return spec_.out; }
    std::size_t scratchFloats() const override;
    std::string describe() const override { return spec_.name + ": Winograd convolution where inputs change"; }

private:
    struct ChunkPlan {
        std::vector<WinogradTile> tiles;
        std::vector<RowTile> rows;  ///< of a full block
        std::int64_t blockTiles = 1;
        WinogradCall call;  ///< the parts that no frame changes
    };
    std::vector<RowTile> rowTiles(std::int64_t tiles) const;

    const DeltaKernels& kernels_;
    ConvSpec spec_;
    int threads_;
    std::int64_t inStride_ = 0, outStride_ = 0, mostTiles_ = 1;
    std::vector<PackedWeights> weights_;  ///< of the 36 products
    std::vector<ChunkPlan> chunks_;
};

}  // namespace sqil
