#pragma once
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/project/Project.h"

namespace sqil::cli {

/// One episode of an analysis: its series, and the steps that could not be computed.
struct EpisodeReport {
    std::string name;
    std::vector<Series> series;
    std::vector<std::pair<std::int64_t, std::string>> problems;

    const Series* find(const std::string& series) const;  ///< null where there is none
};

/// An analysis as `sqil analyze` and `sqil export` print it: fresh, or read from a project.
struct AnalysisReport {
    nlohmann::json about;  ///< files and parameters
    double topPercent = 20;
    double threshold = 0;  ///< T of SIS; NaN where no step has a score
    std::vector<EpisodeReport> episodes;

    void updateThreshold();                     ///< over all episodes
    nlohmann::json toJson() const;              ///< numbers that are not finite become null
    void writeCsv(std::ostream& stream) const;  ///< one row a step
};

}  // namespace sqil::cli
