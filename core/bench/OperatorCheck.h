#pragma once
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "core/kernels/KernelCheck.h"

namespace sqil {

/// Runs every sqil:: operator that `device` has kernels for on `cases` random inputs each (odd sizes, groups, zero
/// points, epilogues, borders, residual sums) and compares with the CPU's: integers bit for bit, sums of floats within
/// their rounding. The same cases for the same number, on every machine. Throws c10::Error where the device fails.
std::vector<KernelCheckResult> checkOperators(at::Device device, int cases);

}  // namespace sqil
