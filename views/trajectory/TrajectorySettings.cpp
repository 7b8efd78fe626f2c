#include "views/trajectory/TrajectorySettings.h"

#include <nlohmann/json.hpp>

#include "core/project/Project.h"

namespace sqil {

Result<TrajectorySettings> TrajectorySettings::read(const std::filesystem::path& path) {
    const auto project = Project::open(path);
    if (!project)
        return tl::unexpected(project.error());
    TrajectorySettings settings;
    if (auto position = (*project)->setting(kPosition))
        settings.position = *position;
    if (auto model = (*project)->setting(kModel))
        settings.model = *model;
    if (const auto over = (*project)->setting(kOver); over && *over) {
        const auto files = nlohmann::json::parse(**over, nullptr, /*allow_exceptions=*/false);
        if (files.is_array())
            for (const auto& file : files)
                if (file.is_string())
                    settings.over.emplace_back(file.get<std::string>());
    }
    return settings;
}

Result<void> TrajectorySettings::store(const std::filesystem::path& path, const char* setting,
                                       const std::string& value) {
    const auto project = Project::open(path);
    if (!project)
        return tl::unexpected(project.error());
    if ((*project)->readOnly())
        return {};
    if (auto put = (*project)->putSetting(setting, value); !put)
        return tl::unexpected(put.error());
    return {};
}

std::string TrajectorySettings::toJson(const std::vector<std::filesystem::path>& over) {
    auto files = nlohmann::json::array();
    for (const std::filesystem::path& file : over)
        files.push_back(file.string());
    return files.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);  // names are bytes
}

}  // namespace sqil
