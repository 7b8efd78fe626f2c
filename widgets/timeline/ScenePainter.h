#pragma once
#include <optional>

#include "widgets/timeline/TimelineLayout.h"

class QPainter;

namespace sqil {

/// Everything but the cursor. Vectors only, so that the same call draws the screen and a figure.
void paintTimeline(QPainter& painter, const TimelineScene& scene, const QRectF& area);

/// The cursor through all lanes, and the values at it.
void paintTimelineCursor(QPainter& painter, const TimelineScene& scene, const QRectF& area);

/// The values at a step under the mouse.
void paintTimelineHover(QPainter& painter, const TimelineScene& scene, const QRectF& area, qint64 step);

}  // namespace sqil
