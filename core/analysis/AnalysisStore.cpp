#include "core/analysis/AnalysisStore.h"

#include <limits>

#include "core/project/SeriesNames.h"

namespace sqil {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

bool isSameFile(const std::filesystem::path& stored, const std::filesystem::path& path) {
    std::error_code ignored;
    return stored == std::filesystem::weakly_canonical(path, ignored) ||
           std::filesystem::equivalent(stored, path, ignored);
}

template<class Record>
std::optional<RecordId> findFile(const std::vector<Record>& known, const std::filesystem::path& path) {
    for (const Record& record : known)
        if (isSameFile(record.path, path))
            return record.id;
    return std::nullopt;
}

Result<RecordId> policyId(Project& project, const std::filesystem::path& path, std::optional<RecordId> parent) {
    auto known = project.policies();
    if (!known)
        return tl::unexpected(known.error());
    if (const auto found = findPolicy(*known, path))
        return *found;
    return project.addPolicy({.name = path.stem().string(),
                              .path = std::filesystem::weakly_canonical(path),
                              .cardJson = {},
                              .quantizationJson = {},
                              .parent = parent});
}

Result<RecordId> rolloutsId(Project& project, const std::filesystem::path& path) {
    auto known = project.rollouts();
    if (!known)
        return tl::unexpected(known.error());
    if (const auto found = findRollouts(*known, path))
        return *found;
    return project.addRollouts({.name = path.stem().string(), .path = std::filesystem::weakly_canonical(path)});
}

/// Collects step results into the series of an episode.
class EpisodeSeries {
public:
    EpisodeSeries(const std::vector<std::string>& modalities, const EpisodeAnalysisOptions& options)
        : hasGap_(options.hasQuantized), hasDivergence_(options.hasQuantized && options.maps) {
        sis_.name = series::kSis;
        for (const auto& modality : modalities)
            modalities_.push_back({series::sisOf(modality), 1, {}});
        gap_.name = series::kGap;
        divergence_.name = series::kDivergence;
        action_.name = series::kAction;
        quantizedAction_.name = series::kQuantizedAction;
    }

    void append(const StepResult& result, std::int64_t actionWidth) {
        sis_.values.push_back(result.sis);
        for (std::size_t index = 0; index < modalities_.size(); ++index)
            modalities_[index].values.push_back(index < result.sisOfModality.size() ? result.sisOfModality[index]
                                                                                    : kMissing);
        gap_.values.push_back(result.gap);
        divergence_.values.push_back(result.divergence);
        appendAction(action_, result.action, actionWidth);
        appendAction(quantizedAction_, result.quantizedAction, actionWidth);
    }

    std::vector<Series> take() && {
        std::vector<Series> all{std::move(sis_)};
        if (modalities_.size() > 1)
            all.insert(all.end(), modalities_.begin(), modalities_.end());
        if (hasGap_)
            all.push_back(std::move(gap_));
        if (hasDivergence_)
            all.push_back(std::move(divergence_));
        all.push_back(std::move(action_));
        if (hasGap_)
            all.push_back(std::move(quantizedAction_));
        return all;
    }

private:
    static void appendAction(Series& series, const std::vector<float>& action, std::int64_t width) {
        series.width = width;
        std::vector<float> values = action;
        values.resize(static_cast<std::size_t>(width), kMissing);
        series.values.insert(series.values.end(), values.begin(), values.end());
    }

    bool hasGap_, hasDivergence_;
    Series sis_, gap_, divergence_, action_, quantizedAction_;
    std::vector<Series> modalities_;
};

std::int64_t actionWidth(const std::vector<StepResult>& results) {
    for (const auto& result : results)
        if (!result.action.empty())
            return static_cast<std::int64_t>(result.action.size());
    return 1;
}

}  // namespace

std::optional<RecordId> findPolicy(const std::vector<PolicyRecord>& known, const std::filesystem::path& path) {
    return findFile(known, path);
}

std::optional<RecordId> findRollouts(const std::vector<RolloutsRecord>& known, const std::filesystem::path& path) {
    return findFile(known, path);
}

Result<RecordId> findOrAddAnalysis(Project& project, const AnalysisFiles& files, const std::string& parametersJson) {
    AnalysisRecord record;
    auto policy = policyId(project, files.policy, {});
    if (!policy)
        return policy;
    record.policy = *policy;
    if (!files.quantized.empty()) {
        auto quantized = policyId(project, files.quantized, record.policy);
        if (!quantized)
            return quantized;
        record.quantized = *quantized;
    }
    auto rollouts = rolloutsId(project, files.rollouts);
    if (!rollouts)
        return rollouts;
    record.rollouts = *rollouts;
    record.parametersJson = parametersJson;
    return project.findOrAddAnalysis(record);
}

std::vector<MapRecord> mapRecords(const StepResult& result) {
    std::vector<MapRecord> records;
    for (const auto& map : result.saliency)
        records.push_back({"fp", map.input, map.rows, map.columns, map.scores});
    for (const auto& map : result.quantizedSaliency)
        records.push_back({"quantized", map.input, map.rows, map.columns, map.scores});
    return records;
}

Result<EpisodeAnalysis> analyzeEpisode(Analyzer& analyzer, const RolloutsInfo& info, std::size_t episode,
                                       const EpisodeAnalysisOptions& options, const StepDone& stepDone) {
    EpisodeAnalysis analysis;
    std::vector<StepResult> results;
    for (std::int64_t step = 0; step < info.episodes[episode].steps; ++step) {
        auto result = analyzer.step(episode, step, options.maps);
        if (!result)
            return tl::unexpected(result.error());
        if (!result->problem.empty())
            analysis.problems.emplace_back(step, result->problem);
        if (auto done = stepDone(step, *result); !done)
            return tl::unexpected(done.error());
        result->saliency.clear();
        result->quantizedSaliency.clear();
        results.push_back(std::move(*result));
    }
    EpisodeSeries series(analyzer.modalities(), options);
    const std::int64_t width = actionWidth(results);
    for (const auto& result : results)
        series.append(result, width);
    analysis.series = std::move(series).take();
    return analysis;
}

}  // namespace sqil
