#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/quant/QuantSpec.h"
#include "core/sim/Evaluate.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// The whole experiment as data. Every trained recipe gets the same data, steps and learning rate; every policy is
/// rolled out on the same seeds. METHOD "QRD and the total loss".
struct CompareSpec {
    std::filesystem::path policy;  ///< full precision
    std::filesystem::path card;    ///< empty: found
    std::filesystem::path rollouts;
    std::filesystem::path project;                                               ///< rows, and SIS, are kept here
    std::filesystem::path folder;                                                ///< of the policies made
    std::vector<std::string> recipes{"fp", "ptq", "awq", "qat", "qrd", "sqil"};  ///< also smoothquant, nf4, quarot
    int seeds = 3;           ///< training seeds of qat, qrd and sqil: training.seed, training.seed + 1, …
    TrainSpec training;      ///< its recipe and quantization are set by the comparison
    QuantSpec quantization;  ///< its method is set by the recipe
    /// How the SIS of recipe sqil is computed; none: the SIS that the project has, or else by the policy's inputs.
    std::optional<AnalysisSpec> sis;
    std::uint64_t memoryBytes = std::uint64_t{8} << 30;  ///< for the recorded steps, while training
    EvaluationSpec evaluation;
};

/// One policy of the table.
struct ComparisonRow {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    std::string recipe;
    std::optional<std::uint64_t> seed;  ///< of training; none where nothing is trained
    std::filesystem::path policy;
    Evaluation evaluation;
    double gap = kNone;  ///< mean ‖a_FP − a_Q‖₂ over the rollouts' states, normalized units
    double gapCritical = kNone, gapOther = kNone;  ///< at the top p % of SIS, and elsewhere
    double trainSeconds = 0;
    bool fromProject = false;  ///< it was there already
};

/// Called for every row as soon as it is there.
using RowDone = std::function<void(const ComparisonRow&)>;

/// Makes what is missing of the table, one row at a time, each kept in the project when it is done: a comparison that
/// was stopped goes on where it stood, and rows whose files or parameters have changed are made again.
Result<std::vector<ComparisonRow>> compareRecipes(const CompareSpec& spec, const Progress& progress = {},
                                                  const RowDone& rowDone = {});

Result<void> check(const CompareSpec& spec);

}  // namespace sqil
