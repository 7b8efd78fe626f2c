#pragma once
#include <memory>

#include "core/analysis/incremental/DirectConv.h"

namespace sqil {

/// The convolution that reads the perturbed image itself. It is linear in M_k·D and M_k is a product
/// of a factor along y and one along x, so D meets the weights once for all places:
///   Δ[o, p, (i, j)] = Σ_u g_i(y_u) Σ_v g_j(x_v) Σ_c W[o, c, u, v]·D[c, y_u, x_v].
class FirstConv final : public Stage {
public:
    /// False where the reach of the places does not move one way along each axis.
    static bool applies(const DeltaMap& out);

    FirstConv(const DeltaKernels& kernels, ConvSpec spec, std::shared_ptr<const ImagePerturbation> perturbation);
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) override;
    void run(const StageRun& run, std::size_t chunk) const override;
    std::vector<int> reads() const override { return {}; }
    int writes() const override { return spec_.out; }
    std::size_t scratchFloats() const override;
    std::string describe() const override {
        return spec_.name + ": convolution of the change once, then of the masks' factors along x and y";
    }

private:
    /// One output row or column: the taps inside the image, the places that reach it, and what its
    /// coordinate adds to the offset of each place's result.
    struct Line {
        std::vector<std::int32_t> taps, pixels;
        PixelRange places;
        std::vector<std::int64_t> offsets;
    };
    struct ChunkPlan {
        std::vector<Line> rows, columns;
    };
    static Line lineOf(const WindowAxis& axis, std::int64_t output, const std::vector<PixelRange>& reach,
                       const PixelRange& places, std::int64_t placeStep, std::int64_t pixelStep);
    void computeRow(const StageRun& run, const ChunkPlan& plan, std::int64_t y, float* scratch) const;

    const DeltaKernels& kernels_;
    ConvSpec spec_;
    std::shared_ptr<const ImagePerturbation> perturbation_;
    std::int64_t stride_ = 0;
    std::size_t mostPlaces_ = 0;
    std::vector<ChunkPlan> chunks_;
};

}  // namespace sqil
