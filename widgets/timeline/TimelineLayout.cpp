#include "widgets/timeline/TimelineLayout.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace sqil {
namespace {

// In units of the theme.
constexpr double kScaleWidth = 56, kReadoutWidth = 104, kMinimap = 30, kBars = 12, kSmallestLane = 34, kBetween = 7;

double textHeight(const PlotTheme& theme) {
    return QFontMetricsF(theme.scaled(0.92)).height();
}

double barsHeight(const TimelineLane& lane, const PlotTheme& theme) {
    return std::max(textHeight(theme) + 2 * theme.unit,
                    (kBars / 2 + 1) * theme.unit * double(std::max<std::size_t>(2, lane.series.size())));
}

}  // namespace

TimelineLayout TimelineLayout::of(const TimelineScene& scene, const QRectF& area) {
    const double u = scene.theme.unit, line = textHeight(scene.theme);
    const double left = area.left() + kScaleWidth * u;
    const double readout = std::min(kReadoutWidth * u, area.width() / 4);
    const double right = std::max(left + 1, area.right() - readout);
    TimelineLayout layout;
    layout.readout = readout;
    layout.top = QRectF(left, area.top(), right - left, line + 5 * u);
    const double minimap = scene.hasMinimap ? kMinimap * u : 0;
    layout.minimap = QRectF(left, area.bottom() - minimap - 2 * u, right - left, minimap);
    layout.ruler = QRectF(left, layout.minimap.top() - line - 7 * u, right - left, line + 5 * u);

    double fixed = 0, shares = 0;
    for (std::size_t index = 0; index < scene.lanes.size(); ++index) {
        const TimelineLane& lane = scene.lanes[index];
        fixed += kBetween * u;
        if (lane.kind == TimelineLane::Kind::Bars)
            fixed += barsHeight(lane, scene.theme);
        else
            shares += index == 0 ? 1.4 : 1;
    }
    const double room = std::max(0.0, layout.ruler.top() - layout.top.bottom() - fixed);
    double y = layout.top.bottom();
    for (std::size_t index = 0; index < scene.lanes.size(); ++index) {
        const TimelineLane& lane = scene.lanes[index];
        const double height = lane.kind == TimelineLane::Kind::Bars ? barsHeight(lane, scene.theme)
                                                                    : room / shares * (index == 0 ? 1.4 : 1);
        layout.lanes.emplace_back(left, y, right - left, std::max(1.0, height));
        y += height + kBetween * u;
    }
    return layout;
}

double TimelineLayout::smallestHeight(const TimelineScene& scene) {
    const double u = scene.theme.unit;
    double height = 2 * textHeight(scene.theme) + 14 * u + (scene.hasMinimap ? kMinimap * u : 0);
    for (const TimelineLane& lane : scene.lanes)
        height +=
            kBetween * u + (lane.kind == TimelineLane::Kind::Bars ? barsHeight(lane, scene.theme) : kSmallestLane * u);
    return height;
}

int TimelineLayout::laneAt(const QPointF& position) const {
    for (std::size_t index = 0; index < lanes.size(); ++index)
        if (lanes[index].contains(position))
            return int(index);
    return -1;
}

QRectF TimelineLayout::allLanes() const {
    return lanes.empty() ? QRectF() : lanes.front().united(lanes.back());
}

double laneY(const QRectF& lane, const Extent& scale, double value) {
    return lane.bottom() - (value - double(scale.low)) / double(scale.high - scale.low) * lane.height();
}

double laneValue(const QRectF& lane, const Extent& scale, double y) {
    return double(scale.low) + (lane.bottom() - y) / lane.height() * double(scale.high - scale.low);
}

double minimapX(const QRectF& minimap, qint64 steps, double step) {
    return minimap.left() + (step + 0.5) / double(std::max<qint64>(1, steps)) * minimap.width();
}

double minimapStep(const QRectF& minimap, qint64 steps, double x) {
    return (x - minimap.left()) / minimap.width() * double(std::max<qint64>(1, steps)) - 0.5;
}

}  // namespace sqil
