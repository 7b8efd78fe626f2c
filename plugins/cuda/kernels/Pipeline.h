#pragma once
#include "plugins/cuda/index/Schedule.h"
#include "plugins/cuda/kernels/Device.h"

namespace sqil::cuda {

/// The inputs of `range`, block by block: while one is multiplied, the next Stages − 1 are on their way into shared
/// memory. kernel.copy(block, last, stage) starts the copies of a block (none from `last` on), kernel.multiply(block,
/// stage) uses them.
template<class Kernel>
SQIL_GPU void runPipeline(Kernel& kernel, const Range& range) {
    constexpr int stages = Kernel::kStages;
    SQIL_UNROLL
    for (int ahead = 0; ahead < stages - 1; ++ahead) {
        kernel.copy(range.first + ahead, range.last, ahead);
        gpu::commitCopies();
    }
    int stage = 0;
    for (int block = range.first; block < range.last; ++block) {
        gpu::waitForCopies<stages - 2>();
        gpu::syncBlock();  // all copies of this step are there, and nobody reads the step before any more
        kernel.copy(block + stages - 1, range.last, stage == 0 ? stages - 1 : stage - 1);
        gpu::commitCopies();
        kernel.multiply(block, stage);
        stage = stage + 1 == stages ? 0 : stage + 1;
    }
    gpu::waitForCopies<0>();
}

}  // namespace sqil::cuda
