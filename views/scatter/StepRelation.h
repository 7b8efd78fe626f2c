#pragma once
#include <QRectF>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/Correlation.h"
#include "core/analysis/Detector.h"
#include "views/session/StepSet.h"
#include "widgets/ScatterDensity.h"

namespace sqil {

/// The steps of a data set as points: SIS to the right, gap upwards. Only those with both.
struct StepPoints {
    std::vector<float> x, y;
    std::vector<qint32> episode, step;
    QRectF limits;  ///< of the values; left and top are the smallest that are above zero

    std::size_t count() const { return x.size(); }
    StepSet within(const QRectF& values) const;
    std::vector<std::size_t> indicesOf(const StepSet& steps) const;
    /// The point nearest to a place between the axes (0 to 1), as far as `reach`; lengths are measured after scaling
    /// the horizontal by `aspect` (width / height of the plot).
    std::optional<std::size_t> nearest(double right, double up, double reach, double aspect,
                                       const ScatterAxis& horizontal, const ScatterAxis& vertical) const;
};

/// Everything the scatter view says of two series. Value; made on any thread.
struct StepRelation {
    std::shared_ptr<const StepPoints> points;
    Correlation correlation;
    Detector detector;
};

/// Which gaps are large.
struct LargeGapChoice {
    bool byShare = true;
    double topPercent = 10, above = 1;
    bool operator==(const LargeGapChoice&) const = default;
};

using EpisodeValues = std::vector<std::shared_ptr<const std::vector<float>>>;

StepRelation relate(const EpisodeValues& sis, const EpisodeValues& gap, const LargeGapChoice& large, double threshold);

}  // namespace sqil
