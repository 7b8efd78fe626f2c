#include "views/layers/LayerJobs.h"

namespace sqil {

Result<BlameReport> blameLayers(const LayersSource& source, const std::vector<LayerBits>& bits,
                                const Progress& progress) {
    const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
    if (!sensitivity)
        return tl::unexpected(sensitivity.error());
    auto report = (*sensitivity)->blame(bits, source.blameSteps, BlameRuns::AloneAndAllBut, progress);
    if (!report)
        return report;
    auto project = Project::open(source.project);
    if (!project)
        return tl::unexpected(project.error());
    if (!(*project)->readOnly()) {
        const auto kept = (*project)->putResult(
            {0,
             kBlameResult,
             blameSpecification(source.paths, source.rollouts->info().path, **sensitivity, bits, source.blameSteps),
             toJson(*report, (*sensitivity)->layers()),
             {}});
        if (!kept)
            return tl::unexpected(kept.error());
    }
    return report;
}

Result<BitSuggestion> suggestLayerBits(const LayersSource& source, const std::vector<LayerBits>& bits, double budget,
                                       const Progress& progress) {
    const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
    if (!sensitivity)
        return tl::unexpected(sensitivity.error());
    return suggestBits(**sensitivity, bits, budget, source.blameSteps, progress);
}

Result<void> saveLayers(const LayersSource& source, const std::vector<LayerBits>& bits,
                        const std::filesystem::path& path, const Progress& progress) {
    const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
    if (!sensitivity)
        return tl::unexpected(sensitivity.error());
    return (*sensitivity)->save(bits, path, progress);
}

}  // namespace sqil
