#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Result.h"
#include "core/project/Project.h"

/// From an Analyzer into a project file: which records and series an analysis becomes.
namespace sqil {

/// The files that an analysis is of.
struct AnalysisFiles {
    std::filesystem::path policy;
    std::filesystem::path quantized;  ///< empty: none
    std::filesystem::path rollouts;
};

/// The analysis of these files with these parameters; policies, rollouts and analysis are added where they are missing.
Result<RecordId> findOrAddAnalysis(Project& project, const AnalysisFiles& files, const std::string& parametersJson);

/// The project's record of this file, where it has one: the same path, or another name of the same file.
std::optional<RecordId> findPolicy(const std::vector<PolicyRecord>& known, const std::filesystem::path& path);
std::optional<RecordId> findRollouts(const std::vector<RolloutsRecord>& known, const std::filesystem::path& path);

/// One episode's analysis: its series (SeriesNames.h), and the steps that could not be computed.
struct EpisodeAnalysis {
    std::vector<Series> series;
    std::vector<std::pair<std::int64_t, std::string>> problems;
};

struct EpisodeAnalysisOptions {
    bool hasQuantized = false;  ///< of the analyzer: series of the gap, and of the quantized policy's actions
    bool maps = false;          ///< also the quantized policy's maps, and their divergence
};

/// Called after every step, with its maps; an Error ends the analysis.
using StepDone = std::function<Result<void>(std::int64_t step, const StepResult& result)>;

Result<EpisodeAnalysis> analyzeEpisode(Analyzer& analyzer, const RolloutsInfo& info, std::size_t episode,
                                       const EpisodeAnalysisOptions& options, const StepDone& stepDone);

/// A step's maps as the project keeps them.
std::vector<MapRecord> mapRecords(const StepResult& result);

}  // namespace sqil
