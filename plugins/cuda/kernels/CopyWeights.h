#pragma once
#include "plugins/cuda/index/Fragments.h"
#include "plugins/cuda/kernels/Device.h"

namespace sqil::cuda {

/// Starts the copies of one step's weights into shared memory: of the block's `Tiles` output tiles, those of input
/// block `block`. Tiles beyond the last of `tiles` become zeros. `Vectors`: 16-byte pieces that a lane has of a tile;
/// `Threads` of the block share the work.
template<int Tiles, int Vectors, int Threads>
SQIL_GPU void copyWeights(const Words4* weights, int inputBlocks, int tiles, int block, char* to) {
    constexpr int perTile = Vectors * kLanesOfWarp, pieces = Tiles * perTile;
    SQIL_UNROLL
    for (int i = 0; i < (pieces + Threads - 1) / Threads; ++i) {
        const int piece = i * Threads + gpu::thread();
        if (pieces % Threads != 0 && piece >= pieces)
            break;
        const int tile = gpu::blockX() * Tiles + piece / perTile;
        const bool valid = tile < tiles;
        const std::int64_t from = (std::int64_t{valid ? tile : 0} * inputBlocks + block) * perTile;
        gpu::copyAsync<16>(to + piece * 16, weights + from + piece % perTile, valid);
    }
}

}  // namespace sqil::cuda
