#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/jobs/JobSpec.h"

namespace sqil {

/// What a job will take, measured on a part of it.
struct JobEstimate {
    double seconds = 0;       ///< of the whole job
    double setupSeconds = 0;  ///< of it, before the first step
    double unitSeconds = 0;   ///< a training step, a recorded step, an episode
    std::int64_t units = 0;
    std::string unit;              ///< "training steps", "recorded steps", "episodes"
    std::int64_t memoryBytes = 0;  ///< the most that this process had resident
};

/// Runs a few steps (episodes) of the job in this process, writing into a temporary folder only. SIS that the project
/// does not have yet is part of a training's time. Unsupported where a kind cannot be measured in part.
Result<JobEstimate> estimateJob(const std::filesystem::path& project, const JobSpec& spec,
                                const Progress& progress = {});

nlohmann::json toJson(const JobEstimate& estimate);

}  // namespace sqil
