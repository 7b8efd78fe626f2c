#pragma once
#include <cstdint>
#include <filesystem>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// How large a project is made.
struct LargeProjectSize {
    std::int64_t episodes = 5000;
    std::int64_t steps = 200;  ///< of each
};

/// Makes a project as large as people's largest, to measure the window with: `large.sqil` with SIS, gap and actions of
/// every step, `large.hdf5` with low-dimensional observations, a small policy on them and its 4-bit version, all in
/// `folder`, replacing what an earlier call has made there. The numbers are made up (bumps and
/// noise, the same at every call), their form is that of a finished analysis. Returns the project's path. Cancelled:
/// nothing that could be opened is left.
Result<std::filesystem::path> makeLargeProject(const std::filesystem::path& folder, const LargeProjectSize& size,
                                               const Progress& progress);

}  // namespace sqil
