#include "views/session/StoredResults.h"

#include <algorithm>
#include <cmath>

namespace sqil {
namespace {

/// What depends on the reference policy alone.
EpisodeResults referenceOnly(EpisodeResults results) {
    results.gap.clear();
    results.divergence.clear();
    results.quantizedAction.clear();
    return results;
}

bool hasAllSis(const EpisodeResults& results) {
    return std::all_of(results.sis.begin(), results.sis.end(), [](float value) { return std::isfinite(value); });
}

}  // namespace

StoredAnalyses findAnalyses(const Project& project, const Comparison& comparison) {
    StoredAnalyses found;
    found.primary = findAnalysis(project, comparison);
    std::vector<AnalysisRecord> all;
    for (std::size_t index = 1; index < comparison.comparedCount(); ++index) {
        const auto other = findAnalysis(project, comparison.pair(index));
        found.others.push_back(other ? std::optional(other->id) : std::nullopt);
    }
    const auto analyses = project.analyses();
    if (!analyses)
        return found;
    for (const AnalysisRecord& record : *analyses) {
        if (record.policy != comparison.policy.id || record.rollouts != comparison.rolloutsRecord.id)
            continue;
        Comparison same = comparison;
        PolicyRecord compared;
        compared.id = record.quantized.value_or(0);
        same.quantized = record.quantized ? std::optional(compared) : std::nullopt;
        const auto newest = findAnalysis(project, same);  // also: the same perturbations
        const bool isPrimary = found.primary && found.primary->id == record.id;
        if (newest && newest->id == record.id && !isPrimary &&
            (!found.primary || found.primary->parametersJson == record.parametersJson))
            found.sameReference.push_back(record.id);
    }
    return found;
}

Result<EpisodeResults> readNumbers(const Project& project, const StoredAnalyses& analyses, const std::string& episode,
                                   std::size_t steps) {
    EpisodeResults results;
    if (analyses.primary) {
        const auto series = project.series(analyses.primary->id, episode);
        if (!series)
            return tl::unexpected(series.error());
        results = fromSeries(*series, steps);
    }
    results.resize(steps);
    for (const RecordId sibling : analyses.sameReference) {
        if (hasAllSis(results))
            break;
        const auto series = project.series(sibling, episode);
        if (!series)
            return tl::unexpected(series.error());
        results.merge(referenceOnly(fromSeries(*series, steps)));
    }
    results.others.resize(analyses.others.size());
    for (std::size_t index = 0; index < analyses.others.size(); ++index) {
        if (!analyses.others[index])
            continue;
        const auto series = project.series(*analyses.others[index], episode);
        if (!series)
            return tl::unexpected(series.error());
        results.others[index] = comparedFromSeries(*series, steps);
    }
    return results;
}

}  // namespace sqil
