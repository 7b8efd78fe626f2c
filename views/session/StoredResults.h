#pragma once
#include "views/session/Comparison.h"
#include "views/session/EpisodeResults.h"

namespace sqil {

/// Where in a project the numbers of a comparison are.
struct StoredAnalyses {
    std::optional<AnalysisRecord> primary;
    std::vector<std::optional<RecordId>> others;  ///< as Comparison::others
    /// The same reference, rollouts and parameters with other compared policies: its SIS is theirs.
    std::vector<RecordId> sameReference;
};

StoredAnalyses findAnalyses(const Project& project, const Comparison& comparison);

/// Everything the project has of one episode but the maps.
Result<EpisodeResults> readNumbers(const Project& project, const StoredAnalyses& analyses, const std::string& episode,
                                   std::size_t steps);

}  // namespace sqil
