#pragma once
#include "views/layers/LayersWorker.h"

/// What takes longer than an edit, in a sensitivity of its own. Off the GUI thread.
namespace sqil {

/// Every layer's blame at these widths; the project keeps it.
Result<BlameReport> blameLayers(const LayersSource& source, const std::vector<LayerBits>& bits,
                                const Progress& progress);
Result<BitSuggestion> suggestLayerBits(const LayersSource& source, const std::vector<LayerBits>& bits, double budget,
                                       const Progress& progress);
Result<void> saveLayers(const LayersSource& source, const std::vector<LayerBits>& bits,
                        const std::filesystem::path& path, const Progress& progress);

}  // namespace sqil
