#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/Result.h"
#include "core/project/Project.h"

namespace sqil {

/// `kind` of the project's results that hold a benchmark's report.
inline constexpr const char* kBenchmarkResult = "benchmark";

/// Adds where a report comes from: {"command": what one types to repeat it, "parameters_given", "made_at": ISO 8601,
/// UTC}.
void addOrigin(nlohmann::json& report, const std::string& command, const nlohmann::json& parameters);

/// Whether it is a report of `sqil bench`: its kind ("policy", "kernels", "saliency", "train", "rollouts"), its
/// machine, and finite positive numbers where a view draws them. Error: names the place.
Result<void> checkReport(const nlohmann::json& report);

/// The reports of a file: one, a list, or {"reports": […]}; at most 256 and 64 MiB. Error: names file and place.
Result<std::vector<nlohmann::json>> readReports(const std::filesystem::path& file);

/// Keeps a report in the project. The same benchmark with the same parameters on the same host replaces the one before;
/// imported ones are told apart by their contents.
Result<RecordId> keepReport(Project& project, const nlohmann::json& report);
/// The record that keepReport() would put.
ResultRecord recordOf(const nlohmann::json& report);

}  // namespace sqil
