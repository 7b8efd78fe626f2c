#pragma once
#include "widgets/SpaceAxes.h"

class QPainter;

namespace sqil {

/// Whether drawSpace() gives what the 3-D view shows: paths and balls, few enough for a file that opens at once. Solids
/// and crowds need a picture of the renderer's.
bool isDrawable(const SpaceScene& scene);

/// The scene's lines, paths and balls as strokes and discs, from the farthest to the nearest: sharp at every size, and
/// to be edited. `pixel`: a screen pixel in the painter's units.
void drawSpace(QPainter& painter, const QSizeF& size, const SpaceScene& scene, const SpaceCamera& camera, double pixel);

}  // namespace sqil
