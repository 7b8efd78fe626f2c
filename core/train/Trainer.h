#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/quant/TrainableGraph.h"
#include "core/train/SisWeights.h"
#include "core/train/TrainMetrics.h"
#include "core/train/TrainSpec.h"
#include "core/train/TrainingData.h"

namespace sqil {

class Ranks;

/// What is trained: a graph whose leaves are `tensors`; training writes into them.
struct StudentGraph {
    const PolicyGraph* graph = nullptr;
    const PolicyGraph* evaluation = nullptr;  ///< without dropout, over the same tensors; null: `graph`
    std::vector<TrainableTensor> tensors;
    bool usesGenerator = false;  ///< `graph` draws from LibTorch's generator: it is seeded for every pass
};

/// Where a run keeps itself.
struct TrainingFiles {
    std::filesystem::path checkpoint;
    std::filesystem::path log;
    std::string fingerprintsJson;  ///< of what the run was started from; must be the same to resume it
    const Ranks* ranks = nullptr;  ///< processes that train together; null: this one alone
};

struct TrainingResult {
    std::int64_t stepsDone = 0, bestStep = 0, resumedAt = 0;
    bool stoppedEarly = false;
    bool evaluatedOnTraining = false;
    TrainMetrics last, lastEvaluation, bestEvaluation;
    std::vector<std::string> notes;
};

/// The loop of all recipes: L = qatWeight·L_QAT + qrdWeight·α·D, the mean over the batch, in `accumulation` passes.
/// On success the student's tensors hold what is to be exported (the best evaluation's, or the last; their
/// moving average where the spec has one). One run an object.
///
/// Several ranks are as one with a batch so many times larger, up to rounding: each takes its part of it, and gradients
/// are averaged before the optimizer's step. All of them hold the same weights, bit by bit; rank 0 alone writes files,
/// and its curves are of its own part.
class Trainer {
public:
    /// `weights` may be null: α = 1. The data, the student and the weights must outlive the trainer.
    static Result<Trainer> create(const TrainSpec& spec, const TrainingData& data, StudentGraph student,
                                  const SisWeights* weights, TrainingFiles files);
    Trainer(Trainer&&) noexcept;
    ~Trainer();

    Result<TrainingResult> run(bool resume, std::int64_t metricsEvery, const Progress& progress,
                               const MetricsCallback& metrics);

    /// The student's (or another graph's of the same policy) normalized actions on the evaluated steps, M×A.
    Result<at::Tensor> evaluatedActions(const GraphExecutor& executor) const;
    /// Mean ‖a_FP − a‖₂ of such actions.
    double gapOf(const at::Tensor& actions) const;

private:
    struct State;
    explicit Trainer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sqil
