#include "core/analysis/incremental/DeltaKernels.h"

#include <cstdlib>
#include <string_view>

namespace sqil {
namespace {

const DeltaKernels& best() {
    const char* wanted = std::getenv("SQIL_KERNELS");
    const std::string_view limit = wanted ? wanted : "";
    if (limit == "portable")
        return deltaKernelsPortable;
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    if (avx512 && limit != "avx2")
        return deltaKernelsAvx512;
    if (avx2)
        return deltaKernelsAvx2;
#endif
    return deltaKernelsPortable;
}

}  // namespace

const DeltaKernels& deltaKernels() {
    static const DeltaKernels& chosen = best();
    return chosen;
}

}  // namespace sqil
