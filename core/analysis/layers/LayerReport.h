#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/analysis/layers/LayerSensitivity.h"
#include "core/project/Project.h"

namespace sqil {

/// `kind` of the project's results that hold a BlameReport.
inline constexpr const char* kBlameResult = "layer-blame";

/// A report as JSON: one object a layer, in the order of the graph. And back; Error: not such a report, or of other
/// layers than these.
std::string toJson(const BlameReport& report, std::span<const SensitiveLayer> layers);
Result<BlameReport> parseBlameReport(std::string_view json, std::span<const SensitiveLayer> layers);

/// Everything that a report depends on, as the project identifies it: the files (with size and time of change), the
/// widths, the recipe, the number of steps.
std::string blameSpecification(const PolicyPaths& paths, const std::filesystem::path& rollouts,
                               const LayerSensitivity& sensitivity, std::span<const LayerBits> bits,
                               std::int64_t steps);

}  // namespace sqil
