#pragma once
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/PlotTheme.h"
#include "widgets/timeline/SeriesPyramid.h"
#include "widgets/timeline/StepAxis.h"
#include "widgets/timeline/StepCounts.h"

namespace sqil {

/// One curve of a lane. `colour` 0: the reference's; 1, 2, …: PlotTheme::compared(colour − 1).
struct LaneSeries {
    QString name;
    std::size_t colour = 0;
    std::shared_ptr<const SeriesPyramid> values;  ///< one a step; null: nothing known yet

    float at(qint64 step) const;
};

/// A row of the timeline: curves on one scale, or bars where the values are above the threshold.
struct TimelineLane {
    enum class Kind { Curve, Bars };

    QString key;   ///< tells it from the others: "sis", "gap", "action/2"
    QString name;  ///< "SIS"
    QString unit;
    QString toolTip;
    Kind kind = Kind::Curve;
    std::vector<LaneSeries> series;
    bool fromZero = true;             ///< the scale starts at zero, and the curve is filled down to it
    std::optional<double> threshold;  ///< a dashed line; of bars: what is above is shown
    QString thresholdLabel;
    bool hasHandle = false;  ///< the user may drag the threshold

    /// The scale: all that is known, the threshold, and a little room.
    Extent scale() const;
};

/// A marked step.
struct TimelineFlag {
    qint64 step = 0;
    QString text;
    bool operator==(const TimelineFlag&) const = default;
};

/// A stretch with a name of its own (an episode among all), from `first` to the next one's.
struct TimelineSegment {
    qint64 first = 0;
    QString name;
    std::optional<bool> success;  ///< told at its last step
};

/// Everything that a timeline shows. Drawn by paintTimeline() on a screen as well as in a figure.
struct TimelineScene {
    StepAxis axis;
    double stepsPerSecond = 0;  ///< 0: no seconds are shown
    std::vector<TimelineLane> lanes;
    std::shared_ptr<const StepCounts> critical;  ///< shaded behind the lanes
    std::shared_ptr<const StepCounts> picked;    ///< marked along the lanes' upper edge
    std::vector<TimelineFlag> flags;             ///< sorted by step
    std::vector<TimelineSegment> segments;       ///< sorted; empty or one: no boundaries
    qint64 cursor = 0;
    PlotTheme theme;
    bool hasMinimap = true;

    bool hasManySegments() const { return segments.size() > 1; }
    /// The segment of a step; −1: none.
    qint64 segmentOf(qint64 step) const;
    qint64 segmentEnd(std::size_t segment) const;  ///< one past its last step
    bool hasOutcomes() const;                      ///< some segment says whether it succeeded
    QString describe(qint64 step) const;           ///< "demo_4 · step 84 · 1.05 s"
};

}  // namespace sqil
