#pragma once
#include <optional>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/session/StudioSession.h"

namespace sqil {

class TimelinePlot;

/// What the plot shows, at its zoom; none where it has no curve.
std::optional<Figure> timelineFigure(const TimelinePlot& shown, double stepsPerSecond);

/// The episode step by step: time, SIS in all and by modality, critical or not, gap, divergence.
std::optional<DataTable> timelineTable(const StudioSession& session);

}  // namespace sqil
