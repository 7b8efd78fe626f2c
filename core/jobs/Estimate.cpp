#include "core/jobs/Estimate.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "core/analysis/AnalyzerFactory.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/project/Project.h"
#include "core/sim/EvaluateFile.h"
#include "core/train/SisWeights.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr std::int64_t kTrainingSteps = 13;  // the first is left out
constexpr std::int64_t kEvaluateEvery = 6;
constexpr int kAnalysedSteps = 4;
constexpr std::int64_t kEpisodes = 2;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::int64_t peakBytes() {
    std::ifstream stream("/proc/self/status");
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with("VmHWM:"))
            return std::atoll(line.c_str() + 6) * 1024;
    return 0;
}

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() / ("sqil-estimate-" + std::to_string(::getpid()))) {
        std::error_code ignored;
        std::filesystem::create_directories(path_, ignored);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Seconds of a recorded step's saliency, and how many steps there are.
Result<std::pair<double, std::int64_t>> measureAnalysis(const PolicyPaths& paths,
                                                        const std::filesystem::path& rolloutsPath,
                                                        const AnalysisSpec& spec, bool maps) {
    auto opened = Rollouts::open(rolloutsPath);
    if (!opened)
        return tl::unexpected(opened.error());
    const std::shared_ptr<Rollouts> rollouts = *opened;
    auto analyzer = openAnalyzer(paths, rollouts, spec);
    if (!analyzer)
        return tl::unexpected(analyzer.error());
    const auto& episodes = rollouts->info().episodes;
    std::vector<double> seconds;
    for (int step = 0; step < kAnalysedSteps && !episodes.empty() && step < episodes.front().steps; ++step) {
        const double start = now();
        if (auto result = (*analyzer)->step(0, step, maps); !result)
            return tl::unexpected(result.error());
        if (step > 0)
            seconds.push_back(now() - start);
    }
    return std::pair{median(seconds), rollouts->info().totalSteps()};
}

Result<JobEstimate> estimateTraining(const std::filesystem::path& project, const json& parameters,
                                     const Progress& progress) {
    auto options = kinds::trainOptions(parameters);
    if (!options)
        return tl::unexpected(options.error());
    const TemporaryFolder folder;
    const TrainSpec whole = options->spec;
    options->out = folder.path() / "policy.pt2";
    options->project.clear();
    options->metricsEvery = 1;
    TrainSpec& part = options->spec;
    if (part.recipe == Recipe::Sqil)
        part.recipe = Recipe::Qrd;  // a step of it takes the same time
    part.steps = std::min(whole.steps, kTrainingSteps);
    part.warmup = 0;
    part.evaluateEvery = kEvaluateEvery;
    part.checkpointEvery = part.steps;
    const double start = now();
    double before = start, setup = 0;
    std::vector<double> plain, evaluated;
    const auto report = trainPolicyFile(*options, progress, [&](const TrainMetrics& metrics) {
        const double at = now();
        if (metrics.step == 0)
            setup = at - start;
        else if (metrics.step > 1)
            (metrics.evaluated ? evaluated : plain).push_back(at - before);
        before = at;
    });
    if (!report)
        return tl::unexpected(report.error());
    const double ending = now() - before;
    JobEstimate estimate{.setupSeconds = setup,
                         .unitSeconds = plain.empty() ? median(evaluated) : median(plain),
                         .units = whole.steps,
                         .unit = "training steps"};
    const double evaluation = std::max(0.0, median(evaluated) - estimate.unitSeconds);
    estimate.seconds = setup + ending + static_cast<double>(whole.steps) * estimate.unitSeconds +
                       static_cast<double>(whole.steps / whole.evaluateEvery) * evaluation;
    if (whole.recipe == Recipe::Sqil) {
        auto stored = Project::open(project);
        auto rollouts = Rollouts::open(options->rollouts);
        if (!rollouts)
            return tl::unexpected(rollouts.error());
        const bool isThere = stored && storedSis(**stored, {options->policy, options->card, options->rollouts},
                                                 (*rollouts)->info(), options->analysis);
        if (!isThere) {
            AnalysisSpec spec = options->sisSpec.value_or(AnalysisSpec{});
            auto measured = measureAnalysis({options->policy, {}, options->card}, options->rollouts, spec, false);
            if (!measured) {  // no camera: places are the state's dimensions
                spec.perturbations.front().kind = PerturbationKind::State;
                measured = measureAnalysis({options->policy, {}, options->card}, options->rollouts, spec, false);
            }
            if (!measured)
                return tl::unexpected(measured.error());
            const double sis = measured->first * static_cast<double>(measured->second);
            estimate.setupSeconds += sis;
            estimate.seconds += sis;
        }
    }
    return estimate;
}

Result<JobEstimate> estimateAnalysis(const json& parameters) {
    const auto options = kinds::analyzeOptions(parameters);
    if (!options)
        return tl::unexpected(options.error());
    const double start = now();
    const auto measured = measureAnalysis(options->policies, options->rollouts, options->spec, options->maps);
    if (!measured)
        return tl::unexpected(measured.error());
    JobEstimate estimate{.unitSeconds = measured->first, .units = measured->second, .unit = "recorded steps"};
    estimate.setupSeconds = std::max(0.0, now() - start - kAnalysedSteps * measured->first);
    estimate.seconds = estimate.setupSeconds + static_cast<double>(estimate.units) * estimate.unitSeconds;
    return estimate;
}

Result<JobEstimate> estimateEvaluation(const json& parameters, const Progress& progress) {
    auto options = kinds::evaluateOptions(parameters);
    if (!options)
        return tl::unexpected(options.error());
    EvaluationSpec part = options->evaluation;
    part.record.clear();
    // As many at once as in the whole job, so that an episode takes as long as there.
    part.episodes = std::min(part.episodes, std::max<std::int64_t>(kEpisodes, part.environment.workers));
    const double start = now();
    const auto evaluation = evaluatePolicyFile(options->policy, options->card, part, progress);
    if (!evaluation)
        return tl::unexpected(evaluation.error());
    JobEstimate estimate{.unitSeconds = evaluation->seconds / static_cast<double>(part.episodes),
                         .units = options->evaluation.episodes,
                         .unit = "episodes"};
    estimate.setupSeconds = std::max(0.0, now() - start - evaluation->seconds);
    estimate.seconds = estimate.setupSeconds + static_cast<double>(estimate.units) * estimate.unitSeconds;
    return estimate;
}

}  // namespace

Result<JobEstimate> estimateJob(const std::filesystem::path& project, const JobSpec& spec, const Progress& progress) {
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    Result<JobEstimate> estimate =
        fail(ErrorKind::Unsupported, "how long " + spec.kind + " takes cannot be measured in part");
    if (spec.kind == "train")
        estimate = estimateTraining(project, spec.parameters, progress);
    else if (spec.kind == "analyze")
        estimate = estimateAnalysis(spec.parameters);
    else if (spec.kind == "evaluate")
        estimate = estimateEvaluation(spec.parameters, progress);
    if (estimate)
        estimate->memoryBytes = peakBytes();
    return estimate;
}

json toJson(const JobEstimate& estimate) {
    return {{"seconds", estimate.seconds},
            {"setup_seconds", estimate.setupSeconds},
            {"unit_seconds", estimate.unitSeconds},
            {"units", estimate.units},
            {"unit", estimate.unit},
            {"memory_bytes", estimate.memoryBytes}};
}

}  // namespace sqil
