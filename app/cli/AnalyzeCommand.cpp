#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/AnalysisReport.h"
#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/analysis/AnalysisStore.h"
#include "core/analysis/AnalyzerFactory.h"
#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/project/SeriesNames.h"

namespace sqil::cli {
namespace {

struct Options : kinds::AnalyzeOptions {
    LargeGaps largeGaps;
};

/// The episodes to analyse: those named, or all.
std::vector<std::size_t> chosenEpisodes(const RolloutsInfo& info, const std::vector<std::string>& names) {
    std::vector<std::size_t> chosen;
    for (const std::string& name : names) {
        const auto index = info.episodeIndex(name);
        if (!index)
            throw CommandFailed{{ErrorKind::NotFound,
                                 info.path.string() + ": has no episode \"" + name + "\"; `sqil info` lists them"}};
        chosen.push_back(*index);
    }
    if (names.empty())
        for (std::size_t index = 0; index < info.episodes.size(); ++index)
            chosen.push_back(index);
    return chosen;
}

/// The project side of an analysis: records found or added, results stored episode by episode.
class ProjectStore {
public:
    ProjectStore(const Options& options, const Analyzer& analyzer) {
        const auto& path = options.project;
        project_ = valueOrThrow(std::filesystem::exists(path) ? Project::open(path) : Project::create(path));
        analysis_ = valueOrThrow(
            findOrAddAnalysis(*project_, {options.policies.policy, options.policies.quantized, options.rollouts},
                              analyzer.parametersJson()));
    }

    void putMaps(const std::string& episode, std::int64_t step, const StepResult& result) {
        valueOrThrow(project_->putMaps(analysis_, episode, step, mapRecords(result)));
    }
    void putSeries(const EpisodeReport& episode) {
        valueOrThrow(project_->putSeries(analysis_, episode.name, episode.series));
    }

private:
    std::unique_ptr<Project> project_;
    RecordId analysis_ = 0;
};

EpisodeReport analyzeOne(Analyzer& analyzer, const RolloutsInfo& info, std::size_t episode, const Options& options,
                         ProjectStore* store, const std::function<void()>& stepDone) {
    EpisodeReport report{info.episodes[episode].name, {}, {}};
    auto analysis = valueOrThrow(analyzeEpisode(
        analyzer, info, episode, {.hasQuantized = !options.policies.quantized.empty(), .maps = options.maps},
        [&](std::int64_t step, const StepResult& result) -> Result<void> {
            if (store && options.maps)
                store->putMaps(report.name, step, result);
            stepDone();
            return {};
        }));
    report.series = std::move(analysis.series);
    report.problems = std::move(analysis.problems);
    return report;
}

void printRelation(const SisAndGap& relation) {
    const auto text = [](const Interval& interval) {
        std::ostringstream stream;
        stream.precision(3);
        stream << interval.value;
        if (std::isfinite(interval.low))
            stream << " [" << interval.low << ", " << interval.high << "]";
        return stream.str();
    };
    const Detector& detector = relation.detector;
    std::cout << "SIS and gap: Pearson " << text(relation.correlation.pearsonOverEpisodes) << ", Spearman "
              << text(relation.correlation.spearmanOverEpisodes) << " (95 % interval over "
              << relation.correlation.episodes << " episodes)\n"
              << "SIS as a detector of the " << detector.large << " gaps above " << detector.gapAbove
              << ": average precision " << detector.averagePrecision << " (chance " << detector.baseRate
              << "); at the threshold precision " << detector.atThreshold.precision << ", recall "
              << detector.atThreshold.recall << '\n';
}

void printSummary(const AnalysisReport& report) {
    std::size_t steps = 0, critical = 0, problems = 0;
    double gapCritical = 0, gapOther = 0;
    std::size_t countCritical = 0, countOther = 0;
    for (const auto& episode : report.episodes) {
        const Series* sis = episode.find(series::kSis);
        const Series* gap = episode.find(series::kGap);
        problems += episode.problems.size();
        for (std::size_t step = 0; sis && step < sis->values.size(); ++step) {
            ++steps;
            const bool isCritical = sis->values[step] > report.threshold;
            critical += isCritical;
            if (!gap || !std::isfinite(gap->values[step]))
                continue;
            (isCritical ? gapCritical : gapOther) += gap->values[step];
            ++(isCritical ? countCritical : countOther);
        }
    }
    std::cout << report.episodes.size() << " episodes, " << steps << " steps, " << critical << " critical (SIS above "
              << report.threshold << ", the top " << report.topPercent << " %)\n";
    if (countCritical && countOther)
        std::cout << "mean action gap: " << gapCritical / static_cast<double>(countCritical) << " at critical states, "
                  << gapOther / static_cast<double>(countOther) << " elsewhere (normalized units)\n";
    if (const auto relation = report.sisAndGap())
        printRelation(*relation);
    if (problems)
        std::cout << problems << (problems == 1 ? " step" : " steps") << " could not be analysed\n";
}

void writeOutputs(const AnalysisReport& report, const Options& options) {
    if (options.json == "-")
        std::cout << report.toJson().dump(1) << '\n';
    else if (!options.json.empty())
        valueOrThrow(writeTextFile(options.json, report.toJson().dump(1) + "\n"));
    if (!options.csv.empty()) {
        std::ostringstream text;
        report.writeCsv(text);
        valueOrThrow(writeTextFile(options.csv, text.str()));
    }
}

void run(const Options& options) {
    const auto rollouts = valueOrThrow(Rollouts::open(options.rollouts));
    const auto& info = rollouts->info();
    const auto episodes = chosenEpisodes(info, options.episodes);
    const auto analyzer = valueOrThrow(openAnalyzer(options.policies, rollouts, options.spec));
    std::optional<ProjectStore> store;
    if (!options.project.empty())
        store.emplace(options, *analyzer);

    AnalysisReport analysis;
    analysis.topPercent = options.spec.topPercent;
    analysis.largeGaps = options.largeGaps;
    analysis.about = {{"format", "sqil-analysis"},
                      {"version", 1},
                      {"policy", options.policies.policy.string()},
                      {"rollouts", options.rollouts.string()},
                      {"parameters", nlohmann::json::parse(analyzer->parametersJson())}};
    if (!options.policies.quantized.empty())
        analysis.about["quantized"] = options.policies.quantized.string();

    long long total = 0, done = 0;
    for (const std::size_t episode : episodes)
        total += info.episodes[episode].steps;
    const Progress progress = terminalProgress();
    const auto stepDone = [&] {
        if (!report(progress, "Analysing", ++done, total))
            throw CommandFailed{
                {ErrorKind::Cancelled, "cancelled; episodes finished so far are in the project, if one was given"}};
    };
    for (const std::size_t episode : episodes) {
        analysis.episodes.push_back(analyzeOne(*analyzer, info, episode, options, store ? &*store : nullptr, stepDone));
        if (store)
            store->putSeries(analysis.episodes.back());
    }
    finishProgress();
    analysis.updateThreshold();
    for (const auto& episode : analysis.episodes)
        for (const auto& [step, message] : episode.problems)
            std::cerr << "sqil: " << message << '\n';
    writeOutputs(analysis, options);
    if (options.json != "-")
        printSummary(analysis);
}

}  // namespace

void addAnalyzeCommand(CLI::App& program) {
    auto* command =
        program.add_subcommand("analyze", "SIS, critical states, saliency and action gap over recorded rollouts");
    const auto job = addJobOptions(*command, "analyze");
    const auto largeGaps = std::make_shared<LargeGaps>();
    addLargeGapOptions(*command, *largeGaps);
    command->footer(
        "Examples:\n"
        "  sqil analyze --policy P.pt2 --quantized Q.pt2 --rollouts R.hdf5 --perturbation greydanus --json OUT.json\n"
        "  sqil analyze --policy P.pt2 --rollouts R.hdf5 --perturbation patch-mean,state --patch 8 --csv OUT.csv");
    command->callback([job, largeGaps] { run({valueOrThrow(kinds::analyzeOptions(job->parameters)), *largeGaps}); });
}

}  // namespace sqil::cli
