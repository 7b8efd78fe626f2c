#include "core/train/SisWeights.h"

#include <cmath>
#include <limits>
#include <set>

#include "core/analysis/AnalysisStore.h"
#include "core/analysis/AnalyzerFactory.h"
#include "core/project/SeriesNames.h"

namespace sqil {
namespace {

std::string quoted(const std::filesystem::path& path) {
    std::string text = path.string();
    if (text.find(' ') != std::string::npos) {
        text.insert(text.begin(), '"');
        text += '"';
    }
    return text;
}

std::string commandFor(const SisFiles& files, const std::filesystem::path& project) {
    std::string command = "sqil analyze --policy " + quoted(files.policy) + " --rollouts " + quoted(files.rollouts);
    if (!files.card.empty())
        command += " --card " + quoted(files.card);
    return command + " --project " + quoted(project);
}

bool hasScore(const std::vector<float>& scores, std::int64_t step) {
    return step >= 0 && static_cast<std::size_t>(step) < scores.size() &&
           std::isfinite(scores[static_cast<std::size_t>(step)]);
}

/// Scores of one analysis fill the gaps of those that came before.
void complete(std::vector<float>& scores, const std::vector<float>& more) {
    if (scores.size() < more.size())
        scores.resize(more.size(), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t step = 0; step < more.size(); ++step)
        if (!std::isfinite(scores[step]))
            scores[step] = more[step];
}

}  // namespace

Result<StoredSis> storedSis(const Project& project, const SisFiles& files, const RolloutsInfo& info,
                            std::optional<RecordId> wanted) {
    const auto policies = project.policies();
    const auto rollouts = project.rollouts();
    const auto analyses = project.analyses();
    if (!policies)
        return tl::unexpected(policies.error());
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    if (!analyses)
        return tl::unexpected(analyses.error());
    const auto policy = findPolicy(*policies, files.policy);
    const auto data = findRollouts(*rollouts, files.rollouts);
    std::vector<AnalysisRecord> candidates;
    std::set<std::string> parameters;
    for (const AnalysisRecord& record : *analyses)
        if (policy && data && record.policy == *policy && record.rollouts == *data &&
            (!wanted || record.id == *wanted)) {
            candidates.push_back(record);
            parameters.insert(record.parametersJson);
        }
    if (candidates.empty())
        return fail(ErrorKind::NotFound, project.path().string() + ": has no SIS of " + files.policy.string() + " on " +
                                             files.rollouts.string() +
                                             (wanted ? " in analysis " + std::to_string(*wanted) : "") +
                                             "; compute it with `" + commandFor(files, project.path()) + "`");
    if (parameters.size() > 1) {
        std::string list;
        for (const AnalysisRecord& record : candidates)
            list += "\n  " + std::to_string(record.id) + ": " + record.parametersJson;
        return fail(
            ErrorKind::BadInput,
            project.path().string() + ": has SIS with different parameters; choose one with --analysis ID:" + list);
    }
    StoredSis sis{candidates.front().id, candidates.front().parametersJson, {}};
    sis.byEpisode.resize(info.episodes.size());
    for (const AnalysisRecord& record : candidates) {
        const auto series = project.seriesOfAll(record.id, series::kSis);
        if (!series)
            return tl::unexpected(series.error());
        for (const auto& [episode, values] : *series)
            if (const auto index = info.episodeIndex(episode))
                complete(sis.byEpisode[*index], values);
    }
    return sis;
}

Result<RecordId> computeMissingSis(Project& project, const SisFiles& files, std::shared_ptr<Rollouts> rollouts,
                                   const AnalysisSpec& spec, std::span<const StepPlace> needed,
                                   const Progress& progress) {
    const RolloutsInfo& info = rollouts->info();
    auto analyzer = openAnalyzer(PolicyPaths{files.policy, {}, files.card}, rollouts, spec);
    if (!analyzer)
        return tl::unexpected(analyzer.error());
    auto analysis = findOrAddAnalysis(project, {files.policy, {}, files.rollouts}, (*analyzer)->parametersJson());
    if (!analysis)
        return analysis;
    const auto known = storedSis(project, files, info, *analysis);
    if (!known)
        return tl::unexpected(known.error());
    std::set<std::size_t> episodes;
    for (const StepPlace& place : needed)
        if (!hasScore(known->byEpisode[place.episode], place.step))
            episodes.insert(place.episode);
    long long total = 0, done = 0;
    for (const std::size_t episode : episodes)
        total += info.episodes[episode].steps;
    for (const std::size_t episode : episodes) {
        auto result =
            analyzeEpisode(**analyzer, info, episode, {}, [&](std::int64_t, const StepResult&) -> Result<void> {
                if (!report(progress, "Analysing", ++done, total))
                    return fail(ErrorKind::Cancelled,
                                "cancelled; the episodes analysed so far are in " + project.path().string());
                return {};
            });
        if (!result)
            return tl::unexpected(result.error());
        if (auto stored = project.putSeries(*analysis, info.episodes[episode].name, result->series); !stored)
            return tl::unexpected(stored.error());
    }
    return analysis;
}

Result<SisWeights> sisWeights(const StoredSis& sis, std::span<const StepPlace> places, const RolloutsInfo& info,
                              const SisFiles& files, const std::filesystem::path& project, double beta,
                              double topPercent) {
    for (const StepPlace& place : places)
        if (!hasScore(sis.byEpisode.at(place.episode), place.step))
            return fail(ErrorKind::NotFound, project.string() + ": has no SIS of " + info.episodes[place.episode].name +
                                                 ", step " + std::to_string(place.step) +
                                                 "; compute what is missing with `" + commandFor(files, project) + "`");
    std::vector<float> all;
    for (const auto& episode : sis.byEpisode)
        all.insert(all.end(), episode.begin(), episode.end());
    SisWeights weights;
    weights.threshold = criticalThreshold(all, topPercent);
    for (const StepPlace& place : places) {
        const bool critical = sis.byEpisode[place.episode][static_cast<std::size_t>(place.step)] > weights.threshold;
        weights.critical.push_back(critical);
        weights.alpha.push_back(critical ? static_cast<float>(beta) : 1.0f);
    }
    return weights;
}

}  // namespace sqil
