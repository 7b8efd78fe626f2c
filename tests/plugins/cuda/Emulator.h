#pragma once
#include <cstddef>
#include <functional>

#include "plugins/cuda/kernels/Dispatch.h"

namespace sqil::cuda {

/// Runs a kernel (plugins/cuda/kernels) on the host, as a GPU would: block after block, every thread a fiber with its
/// own registers, meeting at barriers; tensor cores' products as the PTX manual defines them; asynchronous copies done
/// no sooner than they are waited for; shared memory filled with garbage first. Throws std::runtime_error where a
/// kernel could not run on a GPU: addresses that are not aligned, more shared memory than asked for, threads of a warp
/// that part at a product.
void emulate(const Grid& grid, int threads, int sharedBytes, const std::function<void()>& kernel);

/// Whether the GPU's tensor cores multiply nibbles (Turing to Ada do).
void setMultipliesNibbles(bool yes);

/// Dispatch.h's launch.
struct EmulateKernel {
    int launches = 0;

    template<class... Arguments, class... Given>
    void operator()(void (*kernel)(Arguments...), const Grid& grid, int threads, int sharedBytes,
                    const Given&... given) {
        ++launches;
        emulate(grid, threads, sharedBytes, [&] { kernel(given...); });
    }
};

}  // namespace sqil::cuda
