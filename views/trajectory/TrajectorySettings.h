#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// What a project keeps of the 3-D view.
struct TrajectorySettings {
    static constexpr const char* kPosition = "studio/trajectory/position";  ///< toJson(PositionSource)
    static constexpr const char* kModel = "studio/trajectory/model";        ///< path of an MJCF file; empty: none
    static constexpr const char* kOver = "studio/trajectory/over";          ///< JSON: paths of rollouts laid over

    std::optional<std::string> position, model;
    std::vector<std::filesystem::path> over;

    /// Off the GUI thread, as storing is.
    static Result<TrajectorySettings> read(const std::filesystem::path& project);
    static Result<void> store(const std::filesystem::path& project, const char* setting, const std::string& value);
    static std::string toJson(const std::vector<std::filesystem::path>& over);
};

}  // namespace sqil
