#include "core/quant/LearnedStepKernels.h"

#include <cstdlib>
#include <string_view>

namespace sqil {
namespace {

const LearnedStepKernels& best() {
    const char* wanted = std::getenv("SQIL_KERNELS");
    const std::string_view limit = wanted ? wanted : "";
    if (limit == "portable")
        return learnedStepPortable;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && limit != "avx2")
        return learnedStepAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return learnedStepAvx2;
#endif
    return learnedStepPortable;
}

}  // namespace

const LearnedStepKernels& learnedStepKernels() {
    static const LearnedStepKernels& chosen = best();
    return chosen;
}

}  // namespace sqil
