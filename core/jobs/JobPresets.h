#pragma once
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/Result.h"

namespace sqil {

/// A named beginning for a job: parameters of its kind (METHOD "The policies and tasks named"). What it leaves out
/// keeps its standard value.
struct JobPreset {
    std::string name;   ///< "quick-look"
    std::string title;  ///< "Quick look"
    std::string note;   ///< where its numbers are from, what it leaves to the user
    std::string kind;
    nlohmann::json parameters;
};

std::span<const JobPreset> jobPresets();
/// Error: names the presets that the kind has.
Result<JobPreset> findPreset(std::string_view kind, std::string_view name);

}  // namespace sqil
