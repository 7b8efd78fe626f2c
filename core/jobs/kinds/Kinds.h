#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/AnalyzerFactory.h"
#include "core/bench/SaliencyBench.h"
#include "core/bench/TrainBench.h"
#include "core/compare/Compare.h"
#include "core/compare/Takeover.h"
#include "core/jobs/JobKind.h"
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

TrainBenchOptions trainBenchOptions(const nlohmann::json& parameters);
SaliencyBenchOptions saliencyBenchOptions(const nlohmann::json& parameters);

}  // namespace sqil::kinds
