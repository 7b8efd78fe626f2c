#pragma once
#include "widgets/timeline/TimelineScene.h"

class QPainter;
class QRectF;

namespace sqil {

/// All steps at once: the first lane's curve, the critical states, the flags, and what the lanes show of it.
void paintMinimap(QPainter& painter, const TimelineScene& scene, const QRectF& box);
void paintMinimapCursor(QPainter& painter, const TimelineScene& scene, const QRectF& box);

/// The part of the minimap that stands for what is visible; never narrower than can be taken hold of.
QRectF minimapWindow(const TimelineScene& scene, const QRectF& box);

}  // namespace sqil
