#pragma once
#include <QRectF>
#include <vector>

#include "widgets/timeline/TimelineScene.h"

namespace sqil {

/// Where everything of a scene lies in an area: from top to bottom a strip with flags and seconds or episodes, the
/// lanes, the ruler with the steps, the minimap; at the left the scales, at the right the values at the cursor.
struct TimelineLayout {
    QRectF top, ruler, minimap;
    std::vector<QRectF> lanes;
    double readout = 0;  ///< width of the column at the right

    static TimelineLayout of(const TimelineScene& scene, const QRectF& area);
    /// So much height do these lanes need to be read.
    static double smallestHeight(const TimelineScene& scene);

    int laneAt(const QPointF& position) const;  ///< −1: none
    QRectF allLanes() const;
};

/// y of a value in a lane with this scale, and back.
double laneY(const QRectF& lane, const Extent& scale, double value);
double laneValue(const QRectF& lane, const Extent& scale, double y);

/// x of a step in the minimap, which shows all steps.
double minimapX(const QRectF& minimap, qint64 steps, double step);
double minimapStep(const QRectF& minimap, qint64 steps, double x);

}  // namespace sqil
