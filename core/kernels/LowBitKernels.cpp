#include "core/kernels/LowBitKernels.h"

#include <cstdlib>
#include <string_view>

namespace sqil {
namespace {

const LowBitKernels& best() {
    const char* wanted = std::getenv("SQIL_KERNELS");
    const std::string_view limit = wanted ? wanted : "";
    if (limit == "portable")
        return lowBitPortable;
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512vnni");
    if (avx512 && limit != "avx2")
        return lowBitAvx512;
    if (avx2)
        return lowBitAvx2;
#endif
    return lowBitPortable;
}

}  // namespace

const LowBitKernels& lowBitKernels() {
    static const LowBitKernels& chosen = best();
    return chosen;
}

}  // namespace sqil
