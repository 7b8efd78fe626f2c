#pragma once
#include <string>
#include <vector>

#include "core/analysis/incremental/DeltaKernels.h"
#include "core/analysis/incremental/DeltaMap.h"

namespace sqil {

/// What one frame's stages share: the places' buffers, the unperturbed values.
struct StageRun {
    const DeltaKernels& kernels;
    int threads = 1;
    std::vector<float*> maps;         ///< by map; valid from the map's stage to its last reader
    std::vector<const float*> bases;  ///< by base: unperturbed values, channels last, padded as maps are
    const float* change = nullptr;    ///< D of the perturbed image, height×width×channels
    std::vector<float*> scratch;      ///< by thread, of the largest stage's size
};

/// One step of the incremental run: writes one map's Δ at all places of a chunk. Planned once
/// for every chunk, run for every frame; run() may be called from several threads at once.
class Stage {
public:
    virtual ~Stage() = default;
    virtual void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) = 0;
    /// `chunk`: number of the plan() call that prepared it.
    virtual void run(const StageRun& run, std::size_t chunk) const = 0;
    virtual std::vector<int> reads() const = 0;  ///< maps
    virtual int writes() const = 0;
    virtual std::size_t scratchFloats() const { return 0; }  ///< a thread
    virtual std::string describe() const = 0;
};

}  // namespace sqil
