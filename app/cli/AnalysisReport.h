#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/Correlation.h"
#include "core/analysis/Detector.h"
#include "core/project/Project.h"

namespace CLI {
class App;
}

namespace sqil::cli {

/// One episode of an analysis: its series, and the steps that could not be computed.
struct EpisodeReport {
    std::string name;
    std::vector<Series> series;
    std::vector<std::pair<std::int64_t, std::string>> problems;

    const Series* find(const std::string& series) const;  ///< null where there is none
};

/// Which gaps count as large: the top p % of the data set, or those above a value.
struct LargeGaps {
    double topPercent = 10;
    std::optional<double> above;
};

/// `--large-gaps`, `--gap-above`.
void addLargeGapOptions(CLI::App& command, LargeGaps& options);

/// How SIS and gap go together over all steps of an analysis.
struct SisAndGap {
    Correlation correlation;
    Detector detector;
};

/// An analysis as `sqil analyze` and `sqil export` print it: fresh, or read from a project.
struct AnalysisReport {
    nlohmann::json about;  ///< files and parameters
    double topPercent = 20;
    double threshold = 0;  ///< T of SIS; NaN where no step has a score
    LargeGaps largeGaps;
    std::vector<EpisodeReport> episodes;

    void updateThreshold();                      ///< over all episodes
    std::optional<SisAndGap> sisAndGap() const;  ///< none without a gap
    nlohmann::json toJson() const;               ///< numbers that are not finite become null
    void writeCsv(std::ostream& stream) const;   ///< one row a step
};

}  // namespace sqil::cli
