#include <algorithm>
#include <cmath>

#include "core/analysis/AnalysisStore.h"
#include "core/data/Rollouts.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/jobs/kinds/PerturbationParameters.h"
#include "core/project/SeriesNames.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

std::vector<JobParameter> parameters() {
    const std::string group = "Perturbation";
    std::vector<JobParameter> all{policyParameter("Full-precision policy (.pt2, .pt, .zip)"),
                                  {.name = "quantized",
                                   .help = "Quantized policy; without it there is no gap",
                                   .type = ParameterType::File,
                                   .group = "Files",
                                   .file = FileKind::Quantized},
                                  cardParameter(),
                                  rolloutsParameter("Recorded rollouts (.hdf5)")};
    JobParameter episodes = textParameter("episodes", "Only these episodes, by name", "Files");
    episodes.isList = true;
    all.push_back(advanced(episodes));
    append(all, perturbationParameters(group, json::array({"greydanus"})));
    all.push_back(numberParameter("top", "Critical states: the top p % of SIS", 20, group, "%", 0, 100));
    all.push_back(flagParameter(
        "maps", "Also the quantized policy's saliency, its divergence, and with a project all maps", group));
    all.push_back(reportParameter("json", "Write everything here (-: standard output)"));
    all.push_back(reportParameter("csv", "Write one row a step here"));
    all.push_back({.name = "project",
                   .help = "Store the results in this project (made if missing)",
                   .type = ParameterType::File,
                   .group = "Files",
                   .file = FileKind::Project,
                   .advanced = true});
    return all;
}

Result<std::vector<std::size_t>> chosen(const RolloutsInfo& info, const std::vector<std::string>& names) {
    std::vector<std::size_t> result;
    for (const std::string& name : names) {
        const auto index = info.episodeIndex(name);
        if (!index)
            return fail(ErrorKind::NotFound, info.path.string() + ": has no episode \"" + name + "\"");
        result.push_back(*index);
    }
    for (std::size_t index = 0; names.empty() && index < info.episodes.size(); ++index)
        result.push_back(index);
    return result;
}

/// An earlier attempt has analysed this episode to its end.
bool isThere(const Project& project, RecordId analysis, const EpisodeInfo& episode) {
    const auto stored = project.series(analysis, episode.name);
    if (!stored)
        return false;
    return std::ranges::any_of(*stored, [&](const Series& one) {
        return one.name == series::kSis && static_cast<std::int64_t>(one.values.size()) == episode.steps &&
               std::ranges::none_of(one.values, [](float value) { return std::isnan(value); });
    });
}

Result<json> run(const json& given, const JobContext& context) {
    const auto options = analyzeOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    auto opened = Rollouts::open(options->rollouts);
    if (!opened)
        return tl::unexpected(opened.error());
    const std::shared_ptr<Rollouts> rollouts = *opened;
    const RolloutsInfo& info = rollouts->info();
    const auto episodes = chosen(info, options->episodes);
    if (!episodes)
        return tl::unexpected(episodes.error());
    auto analyzer = openAnalyzer(options->policies, rollouts, options->spec);
    if (!analyzer)
        return tl::unexpected(analyzer.error());
    auto project = Project::open(options->project.empty() ? context.project : options->project);
    if (!project)
        return tl::unexpected(project.error());
    auto analysis =
        findOrAddAnalysis(**project, {options->policies.policy, options->policies.quantized, options->rollouts},
                          (*analyzer)->parametersJson());
    if (!analysis)
        return tl::unexpected(analysis.error());
    long long total = 0, done = 0, problems = 0;
    for (const std::size_t episode : *episodes)
        total += info.episodes[episode].steps;
    for (const std::size_t episode : *episodes) {
        const EpisodeInfo& about = info.episodes[episode];
        if (context.resume && !options->maps && isThere(**project, *analysis, about)) {
            done += about.steps;
            continue;
        }
        auto result = analyzeEpisode(
            **analyzer, info, episode, {.hasQuantized = !options->policies.quantized.empty(), .maps = options->maps},
            [&](std::int64_t step, const StepResult& values) -> Result<void> {
                if (options->maps)
                    if (auto put = (*project)->putMaps(*analysis, about.name, step, mapRecords(values)); !put)
                        return put;
                if (!report(context.progress, "Analysing", ++done, total))
                    return fail(ErrorKind::Cancelled, "stopped; episodes finished so far are in the project");
                return {};
            });
        if (!result)
            return tl::unexpected(result.error());
        if (auto put = (*project)->putSeries(*analysis, about.name, result->series); !put)
            return tl::unexpected(put.error());
        for (const auto& [step, message] : result->problems)
            log(context, LogLevel::Warning, message);
        problems += static_cast<long long>(result->problems.size());
    }
    return json{{"outputs", json::object()},
                {"analysis", *analysis},
                {"summary", {{"episodes", episodes->size()}, {"steps", total}, {"problems", problems}}}};
}

}  // namespace

JobKind analyze() {
    return {.name = "analyze",
            .title = "Analyse",
            .purpose = "SIS, critical states, saliency and action gap over recorded rollouts",
            .parameters = parameters(),
            .check = [](const json& given) { return analyzeOptions(given).map([](const auto&) {}); },
            .run = run,
            .resumes = true};
}

Result<AnalyzeOptions> analyzeOptions(const json& given) {
    const Values values(*findJobKind("analyze"), given);
    AnalyzeOptions options;
    options.policies = {values.path("policy"), values.path("quantized"), values.path("card")};
    options.rollouts = values.path("rollouts");
    options.csv = values.path("csv");
    options.json = values.text("json");
    options.project = values.path("project");
    options.episodes = values.texts("episodes");
    options.maps = values.flag("maps");
    options.spec.topPercent = values.real("top");
    auto perturbations = perturbationsOf(values);
    if (!perturbations)
        return tl::unexpected(perturbations.error());
    options.spec.perturbations = std::move(*perturbations);
    if (auto valid = check(options.spec); !valid)
        return tl::unexpected(valid.error());
    return options;
}

}  // namespace sqil::kinds
