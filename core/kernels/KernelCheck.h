#pragma once
#include <string>
#include <vector>

#include "core/kernels/LowBitKernels.h"

namespace sqil {

/// How one kernel did against the scalar reference (LowBitCalls.h).
struct KernelCheckResult {
    std::string kernel;  ///< "linear_w4a16"
    int cases = 0, failures = 0;
    double worst = 0;          ///< largest error as a share of its bound; 0 for integers, which must agree bit for bit
    std::string firstFailure;  ///< its sizes; empty: none
};

/// Runs every kernel on `cases` random shapes each: odd sizes, all epilogues, groups, zero points, borders, dilation.
/// The same cases for the same number, on every machine.
std::vector<KernelCheckResult> checkKernels(const LowBitKernels& kernels, int cases = 80);

}  // namespace sqil
