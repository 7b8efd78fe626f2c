#pragma once
#include "plugins/cuda/kernels/Arguments.h"

namespace sqil::cuda {

/// Whether this block is the last of those that share `output` to have written its part; it may then read all parts.
/// `flag` is in shared memory.
SQIL_GPU bool isLast(const Meeting& meeting, int output, int splits, std::int32_t* flag) {
    gpu::fence();
    gpu::syncBlock();
    if (gpu::thread() == 0) {
        const std::int32_t drawn = gpu::draw(meeting.counters + output);
        *flag = drawn == splits - 1;
        if (drawn == splits - 1)
            meeting.counters[output] = 0;
    }
    gpu::syncBlock();
    gpu::fence();
    return *flag != 0;
}

/// Where number `index` of part `split` of an output block lies, of `count` a thread: threads side by side.
SQIL_GPU std::int64_t partialIndex(int output, int splits, int split, int count, int index, int threads, int thread) {
    return ((std::int64_t{output} * splits + split) * count + index) * threads + thread;
}

}  // namespace sqil::cuda
