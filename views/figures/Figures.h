#pragma once
#include <QStringList>

#include "core/base/Result.h"
#include "views/session/StudioSession.h"
#include "widgets/ColourMap.h"

namespace sqil {

/// How the figures look beyond what is selected.
struct FigureOptions {
    const ColourMap* colours = &ColourMap::viridis();
    double opacity = 0.75;
    bool episodeScale = true;
};

/// Draws what is selected as figures for a paper: the frame under both policies' saliency and their
/// difference, the timeline, and the action's dimensions; each as PDF, SVG and PNG, 88 or 180 mm
/// wide with 8-pt text, and `recipe.json`, which says how to draw them again. The step's frames and maps
/// must be there. Returns the files written. Takes under a second; GUI thread.
Result<QStringList> exportFigures(StudioSession& session, const QString& folder, const FigureOptions& options);

}  // namespace sqil
