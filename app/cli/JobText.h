#pragma once
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "core/jobs/Estimate.h"
#include "core/project/JobRecord.h"

namespace sqil::cli {

std::string tableOf(std::span<const JobRecord> jobs);  ///< one line a job, a group's below it
std::string textOf(const JobRecord& job);              ///< a few lines
std::string textOf(const JobLogLine& line);
std::string textOf(const JobEstimate& estimate);
nlohmann::json jsonOf(const JobRecord& job);

}  // namespace sqil::cli
