#pragma once
#include <QStringList>

#include "core/base/Result.h"
#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/frames/SaliencyFigure.h"
#include "views/session/StudioSession.h"

namespace sqil {

/// What the views have to give at this moment.
struct FigureSet {
    std::vector<Figure> figures;
    std::vector<DataTable> tables;
};

/// Writes figures as PDF, SVG and PNG (576 dots an inch), tables as CSV, and `recipe.json`, which says
/// how to make them again. The step's frames and maps must be there. Returns the files written. GUI thread.
Result<QStringList> exportFigures(StudioSession& session, const QString& folder, const FigureSet& set,
                                  const SaliencyStyle& style);

}  // namespace sqil
