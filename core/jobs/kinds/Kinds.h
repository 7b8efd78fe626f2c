#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/AnalyzerFactory.h"
#include "core/analysis/layers/LayerSensitivity.h"
#include "core/compare/Compare.h"
#include "core/compare/Takeover.h"
#include "core/jobs/JobKind.h"
#include "core/project/Project.h"
#include "core/quant/QuantSpec.h"
#include "core/sim/Evaluate.h"
#include "core/train/TrainFile.h"

/// The kinds of jobs, one file each: its parameters, what they mean to the core, and how it runs. The command line uses
/// the same parameters and the same meaning.
namespace sqil::kinds {

JobKind train();
JobKind evaluate();
JobKind analyze();
JobKind quantize();
JobKind compare();
JobKind takeover();
JobKind benchTrain();
JobKind benchSaliency();
JobKind benchPolicy();
JobKind benchKernels();
JobKind benchRollouts();
JobKind layers();

Result<TrainFileOptions> trainOptions(const nlohmann::json& parameters);

struct QuantizeOptions {
    std::filesystem::path policy, card, rollouts, out;
    QuantSpec spec;
};
Result<QuantizeOptions> quantizeOptions(const nlohmann::json& parameters);

struct AnalyzeOptions {
    PolicyPaths policies;
    std::filesystem::path rollouts, csv, project;
    std::string json;  ///< file, or "-"
    AnalysisSpec spec;
    std::vector<std::string> episodes;  ///< empty: all
    bool maps = false;
};
Result<AnalyzeOptions> analyzeOptions(const nlohmann::json& parameters);

struct EvaluateOptions {
    std::filesystem::path policy, card, out;
    EvaluationSpec evaluation;
};
Result<EvaluateOptions> evaluateOptions(const nlohmann::json& parameters);

struct CompareOptions {
    CompareSpec spec;
    std::filesystem::path csv, latex, out;
};
Result<CompareOptions> compareOptions(const nlohmann::json& parameters);

struct TakeoverOptions {
    TakeoverFiles files;
    TakeoverSpec takeover;
    EvaluationSpec evaluation;
    std::filesystem::path out;
};
Result<TakeoverOptions> takeoverOptions(const nlohmann::json& parameters);

/// Runs a benchmark. Its report, with the command that repeats it.
Result<nlohmann::json> measure(const std::string& kind, const nlohmann::json& parameters, const JobContext& context);

struct LayersOptions {
    PolicyPaths policies;
    std::filesystem::path rollouts, out;
    QuantSpec spec;  ///< where no quantized policy is given
    std::int64_t steps = 64;
    double budget = 0;  ///< 0: no widths are suggested
};
Result<LayersOptions> layersOptions(const nlohmann::json& parameters);

/// The blame of each layer, and the widths within the budget.
struct LayersAnswer {
    std::vector<SensitiveLayer> layers;
    BlameReport blame;
    std::optional<BitSuggestion> suggestion;
    nlohmann::json report;  ///< all of it, for machines
};
/// `project`: null, or where the blame is kept and found again.
Result<LayersAnswer> blameLayers(const LayersOptions& options, Project* project, const Progress& progress);

}  // namespace sqil::kinds
