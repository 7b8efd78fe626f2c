#include "views/scatter/StepRelation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/Analysis.h"

namespace sqil {
namespace {

StepPoints pointsOf(const EpisodeValues& sis, const EpisodeValues& gap) {
    StepPoints points;
    const float most = std::numeric_limits<float>::max();
    float lowX = most, lowY = most, highX = 0, highY = 0;
    for (std::size_t episode = 0; episode < std::min(sis.size(), gap.size()); ++episode) {
        const auto& first = *sis[episode];
        const auto& second = *gap[episode];
        for (std::size_t step = 0; step < std::min(first.size(), second.size()); ++step) {
            const float x = first[step], y = second[step];
            if (!std::isfinite(x) || !std::isfinite(y))
                continue;
            points.x.push_back(x);
            points.y.push_back(y);
            points.episode.push_back(static_cast<qint32>(episode));
            points.step.push_back(static_cast<qint32>(step));
            lowX = x > 0 ? std::min(lowX, x) : lowX;
            lowY = y > 0 ? std::min(lowY, y) : lowY;
            highX = std::max(highX, x);
            highY = std::max(highY, y);
        }
    }
    if (highX > 0 && highY > 0)
        points.limits = QRectF(QPointF(double(lowX), double(lowY)), QPointF(double(highX), double(highY)));
    return points;
}

}  // namespace

StepSet StepPoints::within(const QRectF& values) const {
    std::vector<StepSet::Stretch> stretches;
    for (std::size_t point = 0; point < count(); ++point) {
        const double right = double(x[point]), up = double(y[point]);
        if (right < values.left() || right > values.right() || up < values.top() || up > values.bottom())
            continue;
        if (!stretches.empty() && stretches.back().episode == episode[point] &&
            stretches.back().last == step[point] - 1)
            ++stretches.back().last;
        else
            stretches.push_back({episode[point], step[point], step[point]});
    }
    return StepSet(std::move(stretches));
}

std::vector<std::size_t> StepPoints::indicesOf(const StepSet& steps) const {
    std::vector<std::size_t> indices;
    if (steps.isEmpty())
        return indices;
    for (std::size_t point = 0; point < count(); ++point)
        if (steps.contains(episode[point], step[point]))
            indices.push_back(point);
    return indices;
}

std::optional<std::size_t> StepPoints::nearest(double right, double up, double reach, double aspect,
                                               const ScatterAxis& horizontal, const ScatterAxis& vertical) const {
    std::optional<std::size_t> best;
    double smallest = reach * reach;
    for (std::size_t point = 0; point < count(); ++point) {
        const double dx = (horizontal.positionOf(double(x[point])) - right) * aspect;
        const double dy = vertical.positionOf(double(y[point])) - up;
        const double distance = dx * dx + dy * dy;
        if (distance <= smallest) {  // false for NaN
            smallest = distance;
            best = point;
        }
    }
    return best;
}

StepRelation relate(const EpisodeValues& sis, const EpisodeValues& gap, const LargeGapChoice& large, double threshold) {
    StepRelation relation;
    auto points = std::make_shared<StepPoints>(pointsOf(sis, gap));
    std::vector<PairedSeries> pairs;
    for (std::size_t episode = 0; episode < std::min(sis.size(), gap.size()); ++episode)
        pairs.push_back({*sis[episode], *gap[episode]});
    const double above = large.byShare ? criticalThreshold(points->y, large.topPercent) : large.above;
    relation.correlation = correlate(pairs);
    relation.detector = detectLargeGaps(pairs, above, threshold);
    relation.points = std::move(points);
    return relation;
}

}  // namespace sqil
