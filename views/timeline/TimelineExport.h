#pragma once
#include <optional>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/session/StudioSession.h"
#include "widgets/timeline/TimelineScene.h"

namespace sqil {

/// What is shown, at its zoom; none where there is no lane. The drawing keeps its numbers: it is the same whenever it
/// is drawn.
std::optional<Figure> timelineFigure(const TimelineScene& shown);

/// The episode step by step: time, SIS in all and by modality, critical or not, every compared policy's gap,
/// divergence, bookmarks.
std::optional<DataTable> timelineTable(const StudioSession& session);

}  // namespace sqil
