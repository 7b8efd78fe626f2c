#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/quant/QuantizeFile.h"
#include "core/train/TrainMetrics.h"
#include "core/train/TrainSpec.h"

namespace sqil {

class Ranks;

/// Name of the archive's extra file that says how the policy was trained: the spec, the seeds, the last values of the
/// curves, the files' fingerprints.
inline constexpr const char* kTrainingFile = "sqil_training.json";

/// A training run as files. Beside `out` (OUT.pt2) it keeps OUT.checkpoint while it runs, and OUT.train.jsonl.
struct TrainFileOptions {
    std::filesystem::path policy;  ///< full precision: teacher, and where the student starts
    std::filesystem::path card;    ///< empty: as Policy::load() finds it
    std::filesystem::path rollouts;
    std::filesystem::path out;             ///< .pt2
    std::filesystem::path project;         ///< with SIS, for recipe sqil; empty: OUT.sqil, where it is computed
    std::optional<std::int64_t> analysis;  ///< of the project, where it has SIS with different parameters
    bool computeMissingSis = false;        ///< also in a given project
    std::optional<AnalysisSpec>
        sisSpec;  ///< of the SIS that is used or computed; none: what is there, else by the inputs
    TrainSpec spec;
    /// Go on from the checkpoint where there is one. Without it, a checkpoint that is there is an error.
    bool resume = false;
    std::uint64_t memoryBytes = std::uint64_t{8} << 30;  ///< for the rollouts' steps
    std::int64_t metricsEvery = 10;                      ///< steps
    const Ranks* ranks = nullptr;                        ///< processes that train together; null: this one alone
};

struct TrainReport {
    std::filesystem::path out, checkpoint, log;
    std::int64_t stepsDone = 0;
    std::int64_t bestStep = 0;  ///< whose weights were exported, where the spec keeps the best
    std::int64_t resumedAt = 0;
    bool stoppedEarly = false;
    std::int64_t usedSteps = 0, heldOutSteps = 0, leftOutSteps = 0;  ///< recorded steps
    bool evaluatedOnTraining = false;                                ///< no episode could be held out
    std::optional<double> sisThreshold;
    TrainMetrics last, lastEvaluation, bestEvaluation;
    double exportedGap = TrainMetrics::kNone;  ///< of the written policy, on the same steps as the evaluations
    /// With adapters: mean distance between the trained policy's actions and the written one's, normalized units.
    double mergedError = TrainMetrics::kNone;
    double seconds = 0;
    std::vector<QuantizedLayerReport> layers;
    std::vector<std::string> notes;  ///< for the user: what changed on resuming, what was left out
};

/// Trains a policy by the spec's recipe and writes it with its card in the archive. The rollouts are read into memory
/// once. Same files, same spec, same number of threads: the same weights, bit by bit, on the CPU; also where the run
/// was killed at any instant and resumed. Progress is reported in the stages "Reading rollouts", "Analysing",
/// "Calibrating", "Training"; a stop writes a checkpoint first. A loss that is not finite stops the run with the step's
/// name; the last checkpoint stays. Of several ranks, rank 0 alone writes files, the policy's too.
Result<TrainReport> trainPolicyFile(const TrainFileOptions& options, const Progress& progress = {},
                                    const MetricsCallback& metrics = {});

/// Where a run with this output keeps its checkpoint.
std::filesystem::path checkpointPath(const std::filesystem::path& out);

std::string toJson(const TrainReport& report);

}  // namespace sqil
