#pragma once
#include <cuda_runtime.h>

#include "plugins/cuda/Launch.h"
#include "plugins/cuda/kernels/Dispatch.h"

namespace sqil::cuda {

/// Dispatch.h's launch: starts a kernel on a stream and says what went wrong.
struct StartKernel {
    cudaStream_t stream;

    template<class... Arguments, class... Given>
    void operator()(void (*kernel)(Arguments...), const Grid& grid, int threads, int sharedBytes,
                    const Given&... given) const {
        kernel<<<dim3(static_cast<unsigned>(grid.x), static_cast<unsigned>(grid.y), static_cast<unsigned>(grid.z)),
                 static_cast<unsigned>(threads), static_cast<std::size_t>(sharedBytes), stream>>>(given...);
        if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess)
            throw LaunchError{cudaGetErrorString(error)};
    }
};

inline StartKernel on(void* stream) {
    return {static_cast<cudaStream_t>(stream)};
}

}  // namespace sqil::cuda
