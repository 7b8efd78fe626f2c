#include "widgets/timeline/TimelineScene.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace sqil {

float LaneSeries::at(qint64 step) const {
    return values && step >= 0 ? values->at(std::size_t(step)) : std::numeric_limits<float>::quiet_NaN();
}

Extent TimelineLane::scale() const {
    Extent all;
    for (const LaneSeries& one : series)
        if (one.values)
            all.include(one.values->extent());
    if (threshold && std::isfinite(*threshold))
        all.include(float(*threshold));
    if (fromZero)
        all.include(0.f);
    if (all.isEmpty() || (all.low == 0 && all.high == 0)) {
        all.low = fromZero ? 0.f : -1.f;
        all.high = 1;
    }
    const float room = all.high > all.low ? (all.high - all.low) * 0.12f : std::max(1e-6f, std::abs(all.high) * 0.1f);
    if (all.high > 0 || !fromZero)
        all.high += room;
    if (all.low < 0 || !fromZero)
        all.low -= room;
    return all;
}

qint64 TimelineScene::segmentOf(qint64 step) const {
    const auto next = std::upper_bound(segments.begin(), segments.end(), step,
                                       [](qint64 at, const TimelineSegment& one) { return at < one.first; });
    return std::distance(segments.begin(), next) - 1;
}

qint64 TimelineScene::segmentEnd(std::size_t segment) const {
    return segment + 1 < segments.size() ? segments[segment + 1].first : axis.steps();
}

bool TimelineScene::hasOutcomes() const {
    return std::any_of(segments.begin(), segments.end(), [](const auto& one) { return one.success.has_value(); });
}

QString TimelineScene::describe(qint64 step) const {
    QString text;
    qint64 inSegment = step;
    if (const qint64 segment = segmentOf(step); hasManySegments() && segment >= 0) {
        inSegment = step - segments[std::size_t(segment)].first;
        text = segments[std::size_t(segment)].name + QStringLiteral(" · ");
    }
    text += QCoreApplication::translate("Timeline", "step %1").arg(inSegment);
    if (stepsPerSecond > 0)
        text += QCoreApplication::translate("Timeline", " · %1 s")
                    .arg(QLocale().toString(double(inSegment) / stepsPerSecond, 'f', 2));
    return text;
}

}  // namespace sqil
