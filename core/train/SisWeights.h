#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/project/Project.h"
#include "core/train/StepPlace.h"

namespace sqil {

/// The files that SIS belongs to. `card`: as Policy::load() takes it.
struct SisFiles {
    std::filesystem::path policy, card, rollouts;
};

/// SIS of a data set as a project holds it: by episode and step; NaN or a short row: not there.
struct StoredSis {
    RecordId analysis = 0;
    std::string parametersJson;
    std::vector<std::vector<float>> byEpisode;  ///< in the order of RolloutsInfo::episodes
};

/// The SIS that a project has of a full-precision policy over rollouts. Where it has some of several analyses with
/// different parameters, `analysis` must choose one; analyses that differ only in the quantized policy complete each
/// other. NotFound where there is none: the message names the command that computes it.
Result<StoredSis> storedSis(const Project& project, const SisFiles& files, const RolloutsInfo& info,
                            std::optional<RecordId> analysis = {});

/// Computes SIS with `sqil analyze`'s own code for episodes in which a step of `needed` has none, and stores it.
/// Gives the analysis that holds it. A stop (progress) keeps the episodes finished so far.
Result<RecordId> computeMissingSis(Project& project, const SisFiles& files, std::shared_ptr<Rollouts> rollouts,
                                   const AnalysisSpec& spec, std::span<const StepPlace> needed,
                                   const Progress& progress = {});

/// α_t of L_QRD (METHOD "QRD and the total loss").
struct SisWeights {
    double threshold = 0;        ///< T: the (100 − p) percentile of SIS over the whole data set
    std::vector<float> alpha;    ///< β where SIS > T, else 1: in the order of `places`
    std::vector<bool> critical;  ///< SIS > T
};

/// Weights of these steps. A missing score is an error that names its episode and step.
Result<SisWeights> sisWeights(const StoredSis& sis, std::span<const StepPlace> places, const RolloutsInfo& info,
                              const SisFiles& files, const std::filesystem::path& project, double beta,
                              double topPercent);

}  // namespace sqil
