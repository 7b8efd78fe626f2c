#include "widgets/timeline/ScenePainter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/Numbers.h"
#include "widgets/timeline/LanePainter.h"
#include "widgets/timeline/MinimapPainter.h"
#include "widgets/timeline/Ticks.h"

namespace sqil {
namespace {

QColor colourOf(const PlotTheme& theme, const LaneSeries& series) {
    return series.colour == 0 ? theme.first : theme.compared(series.colour - 1);
}

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Timeline)
};

/// One drawing of a scene: what all parts of it need.
struct Drawing {
    QPainter& painter;
    const TimelineScene& scene;
    TimelineLayout layout;
    StepAxis axis;
    QFont small;
    double u;

    Drawing(QPainter& on, const TimelineScene& what, const QRectF& area)
        : painter(on),
          scene(what),
          layout(TimelineLayout::of(what, area)),
          axis(what.axis),
          small(what.theme.scaled(0.92)),
          u(what.theme.unit) {
        axis.setPixels(layout.top.left(), layout.top.right());
    }

    void text(const QRectF& box, int flags, const QString& what, const QColor& colour) {
        painter.setPen(colour);
        painter.drawText(box, flags | Qt::TextSingleLine, what);
    }
    double widthOf(const QString& what) const { return QFontMetricsF(small).horizontalAdvance(what); }
};

void paintScale(Drawing& d, const QRectF& lane, const Extent& scale) {
    const double line = QFontMetricsF(d.small).height();
    for (const double tick : niceTicks(double(scale.low), double(scale.high), lane.height() / (line * 1.9))) {
        const double y = laneY(lane, scale, tick);
        d.painter.setPen(QPen(d.scene.theme.grid, d.u));
        d.painter.drawLine(QPointF(lane.left(), y), QPointF(lane.right(), y));
        if (y - line / 2 < lane.top() - 4 * d.u)  // it would touch the lowest number of the lane above
            continue;
        d.text(QRectF(lane.left() - 54 * d.u, y - line / 2, 48 * d.u, line), Qt::AlignRight | Qt::AlignVCenter,
               tick == 0 ? QStringLiteral("0") : inRange(tick, double(scale.high - scale.low)), d.scene.theme.muted);
    }
}

void paintThreshold(Drawing& d, const TimelineLane& lane, const QRectF& box, const Extent& scale) {
    if (!lane.threshold || !std::isfinite(*lane.threshold))
        return;
    const double y = laneY(box, scale, *lane.threshold);
    d.painter.setPen(QPen(lane.hasHandle ? d.scene.theme.bandEdge : d.scene.theme.muted, 1.25 * d.u, Qt::DashLine));
    d.painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    if (lane.hasHandle) {  // something to take hold of, on the scale
        d.painter.setPen(Qt::NoPen);
        d.painter.setBrush(d.scene.theme.bandEdge);
        d.painter.drawPolygon(QPolygonF({QPointF(box.left(), y), QPointF(box.left() - 7 * d.u, y - 4.5 * d.u),
                                         QPointF(box.left() - 7 * d.u, y + 4.5 * d.u)}));
    }
    if (lane.thresholdLabel.isEmpty())
        return;
    // On the line, which stops for it: it is never crossed, however near the line is to an edge or a curve.
    const double line = QFontMetricsF(d.small).height(), width = d.widthOf(lane.thresholdLabel) + 10 * d.u;
    const double top = std::clamp(y - line / 2, box.top() + d.u, std::max(box.top() + d.u, box.bottom() - line - d.u));
    const QRectF label(box.right() - width - 8 * d.u, top, width, line);
    QColor behind = d.scene.theme.background;
    behind.setAlphaF(0.85F);
    d.painter.setPen(Qt::NoPen);
    d.painter.setBrush(behind);
    d.painter.drawRoundedRect(label, 3 * d.u, 3 * d.u);
    d.text(label, Qt::AlignCenter, lane.thresholdLabel, d.scene.theme.muted);
}

void paintBars(Drawing& d, LanePainter& lanePainter, const TimelineLane& lane, const QRectF& box) {
    const double height = box.height() / double(std::max<std::size_t>(1, lane.series.size()));
    for (std::size_t index = 0; index < lane.series.size(); ++index)
        if (lane.series[index].values)
            lanePainter.bars(*lane.series[index].values, lane.threshold.value_or(0),
                             colourOf(d.scene.theme, lane.series[index]), box.top() + height * double(index) + d.u,
                             height - 2 * d.u);
}

void paintLane(Drawing& d, std::size_t index) {
    const TimelineLane& lane = d.scene.lanes[index];
    const QRectF& box = d.layout.lanes[index];
    LanePainter lanePainter(d.painter, d.axis, d.scene.theme, box);
    d.painter.save();
    d.painter.setClipRect(box);
    if (d.scene.critical)
        lanePainter.shade(*d.scene.critical, d.scene.theme.band);
    if (d.scene.picked)
        LanePainter(d.painter, d.axis, d.scene.theme, QRectF(box.topLeft(), QSizeF(box.width(), 4 * d.u)))
            .shade(*d.scene.picked, d.scene.theme.second);
    if (!lane.series.empty() && lane.series.front().values)
        lanePainter.missing(*lane.series.front().values);
    d.painter.restore();

    const Extent scale = lane.scale();
    const bool isCurve = lane.kind == TimelineLane::Kind::Curve;
    if (isCurve)
        paintScale(d, box, scale);
    d.painter.save();
    d.painter.setClipRect(box.adjusted(0, -d.u, 0, d.u));
    if (isCurve)
        for (std::size_t one = lane.series.size(); one-- > 0;)  // the first on top
            if (lane.series[one].values)
                lanePainter.curve(*lane.series[one].values, scale, colourOf(d.scene.theme, lane.series[one]),
                                  lane.fromZero && lane.series.size() == 1);
    if (!isCurve)
        paintBars(d, lanePainter, lane, box);
    d.painter.restore();
    if (isCurve)
        paintThreshold(d, lane, box, scale);
    d.painter.setPen(QPen(d.scene.theme.grid, d.u));
    d.painter.setBrush(Qt::NoBrush);
    d.painter.drawRect(box);
}

/// Ticks with numbers: steps below the lanes, seconds above them.
void paintRuler(Drawing& d, const QRectF& strip, double rate, bool below, const QString& unit) {
    const StepRange& visible = d.axis.visible();
    const double widest = d.widthOf(QLocale().toString(qint64(visible.upper))) + 26 * d.u;
    double step = niceStep(visible.size() / rate * widest / strip.width());
    if (below)
        step = std::max(1.0, step);
    const double edge = below ? strip.top() : strip.bottom();
    const int decimals = std::max(0, -int(std::floor(std::log10(step) + 1e-9)));
    for (double tick = std::ceil(visible.lower / rate / step) * step; tick * rate <= visible.upper; tick += step) {
        if (tick < -step * 1e-6)
            continue;
        const double x = d.axis.pixelOf(tick * rate);
        d.painter.setPen(QPen(d.scene.theme.muted, d.u));
        d.painter.drawLine(QPointF(x, edge), QPointF(x, edge + (below ? 3 : -3) * d.u));
        d.text(QRectF(x - widest, strip.top() + (below ? 3 * d.u : 0), 2 * widest, strip.height() - 3 * d.u),
               Qt::AlignHCenter | Qt::AlignVCenter, QLocale().toString(std::abs(tick), 'f', decimals),
               d.scene.theme.muted);
    }
    d.text(QRectF(strip.right() + 9 * d.u, strip.top() + (below ? 3 * d.u : 0), d.layout.readout, strip.height()),
           Qt::AlignLeft | Qt::AlignVCenter, unit, d.scene.theme.muted);
}

/// Boundaries and names of episodes, as many as there is room for.
void paintSegments(Drawing& d) {
    const auto first = std::max<qint64>(0, d.scene.segmentOf(qint64(std::ceil(d.axis.visible().lower))));
    const QRectF lanes = d.layout.allLanes();
    double free = d.layout.top.left();
    const double pixels = d.axis.pixelsPerStep();
    // At most some hundred are looked at: with less than a few pixels each, boundaries say nothing.
    const double average = double(std::max<qint64>(1, d.axis.steps())) / double(d.scene.segments.size()) * pixels;
    const auto stride = std::max<qint64>(1, qint64(std::ceil(8 * d.u / std::max(1e-9, average))));
    for (qint64 index = first - first % stride; index < qint64(d.scene.segments.size()); index += stride) {
        const TimelineSegment& segment = d.scene.segments[std::size_t(index)];
        const double x = d.axis.pixelOf(double(segment.first) - 0.5);
        if (x > d.layout.top.right())
            break;
        if (stride == 1 && x > d.layout.top.left() + 1) {
            d.painter.setPen(QPen(d.scene.theme.grid, d.u));
            d.painter.drawLine(QPointF(x, lanes.top()), QPointF(x, lanes.bottom()));
        }
        const double left = std::max(x, d.layout.top.left());
        const double width = d.widthOf(segment.name) + 8 * d.u;
        const double end = d.axis.pixelOf(double(d.scene.segmentEnd(std::size_t(index))) - 0.5);
        if (left < free || left + width > d.layout.top.right() || (stride == 1 && end - left < width))
            continue;
        d.painter.setPen(QPen(d.scene.theme.muted, d.u));
        d.painter.drawLine(QPointF(left, d.layout.top.bottom() - 3 * d.u), QPointF(left, d.layout.top.bottom()));
        d.text(QRectF(left + 4 * d.u, d.layout.top.top(), width, d.layout.top.height() - 3 * d.u),
               Qt::AlignLeft | Qt::AlignVCenter, segment.name, d.scene.theme.muted);
        free = left + width + 4 * d.u;
    }
    d.text(QRectF(d.layout.top.right() + 9 * d.u, d.layout.top.top(), d.layout.readout, d.layout.top.height()),
           Qt::AlignLeft | Qt::AlignVCenter, Words::tr("episode"), d.scene.theme.muted);
}

/// A pennant at each marked step; those that would cover each other are drawn as one.
void paintFlags(Drawing& d) {
    double last = -1e9;
    const auto first = std::lower_bound(d.scene.flags.begin(), d.scene.flags.end(), d.axis.visible().lower,
                                        [](const TimelineFlag& flag, double step) { return double(flag.step) < step; });
    const QRectF lanes = d.layout.allLanes();
    for (auto flag = first; flag != d.scene.flags.end() && double(flag->step) <= d.axis.visible().upper; ++flag) {
        const double x = d.axis.pixelOf(double(flag->step));
        if (x - last < 2 * d.u)
            continue;
        last = x;
        QColor pole = d.scene.theme.flag;
        pole.setAlphaF(0.55f);
        d.painter.setPen(QPen(pole, d.u, Qt::DotLine));
        d.painter.drawLine(QPointF(x, d.layout.top.bottom()), QPointF(x, lanes.bottom()));
        const double top = d.layout.top.bottom() - 12 * d.u, h = 4 * d.u;
        d.painter.setPen(Qt::NoPen);
        d.painter.setBrush(d.scene.theme.flag);
        d.painter.drawRect(QRectF(x - 0.6 * d.u, top, 1.2 * d.u, 12 * d.u));
        d.painter.drawPolygon(QPolygonF({QPointF(x, top), QPointF(x + 9 * d.u, top + h), QPointF(x, top + 2 * h)}));
        if (!flag->text.isEmpty()) {  // a note is told by a dot
            d.painter.setBrush(d.scene.theme.background);
            d.painter.drawEllipse(QPointF(x + 3 * d.u, top + h), 1.4 * d.u, 1.4 * d.u);
        }
    }
}

/// How an episode ended, at its last step.
void paintOutcomes(Drawing& d) {
    if (!d.scene.hasOutcomes() || d.layout.lanes.empty())
        return;
    const double average =
        double(std::max<qint64>(1, d.axis.steps())) / double(d.scene.segments.size()) * d.axis.pixelsPerStep();
    if (average < 10 * d.u)
        return;
    const auto first = std::max<qint64>(0, d.scene.segmentOf(qint64(std::ceil(d.axis.visible().lower))));
    for (auto index = std::size_t(first); index < d.scene.segments.size(); ++index) {
        const TimelineSegment& segment = d.scene.segments[index];
        const double x = d.axis.pixelOf(double(d.scene.segmentEnd(index)) - 0.5);
        if (d.axis.pixelOf(double(segment.first) - 0.5) > d.layout.top.right())
            break;
        if (!segment.success || x > d.layout.top.right() + 1)
            continue;
        const double y = d.layout.ruler.top() + d.layout.ruler.height() / 2, r = 3.6 * d.u;
        const QPointF centre(std::min(x - r - d.u, d.layout.top.right() - r), y);
        d.painter.setPen(
            QPen(*segment.success ? d.scene.theme.good : d.scene.theme.bad, 1.8 * d.u, Qt::SolidLine, Qt::RoundCap));
        d.painter.setBrush(Qt::NoBrush);
        if (*segment.success) {
            d.painter.drawPolyline(QPolygonF(
                {centre + QPointF(-r, 0), centre + QPointF(-r / 4, r * 0.75), centre + QPointF(r, -r * 0.8)}));
        } else {
            d.painter.drawLine(centre + QPointF(-r, -r) * 0.75, centre + QPointF(r, r) * 0.75);
            d.painter.drawLine(centre + QPointF(-r, r) * 0.75, centre + QPointF(r, -r) * 0.75);
        }
    }
}

void paintReadout(Drawing& d, const TimelineLane& lane, const QRectF& box) {
    const double left = box.right() + 9 * d.u, width = d.layout.readout - 11 * d.u;
    const double line = QFontMetricsF(d.small).height();
    d.painter.setFont(d.small);
    const QString name = QFontMetricsF(d.small).elidedText(lane.name, Qt::ElideRight, width);
    d.text(QRectF(left, box.top() - d.u, width, line), Qt::AlignLeft | Qt::AlignVCenter, name, d.scene.theme.text);
    const double unitLeft = left + d.widthOf(name) + 5 * d.u;
    if (unitLeft + d.widthOf(lane.unit) <= left + width)
        d.text(QRectF(unitLeft, box.top() - d.u, left + width - unitLeft, line), Qt::AlignLeft | Qt::AlignVCenter,
               lane.unit, d.scene.theme.muted);
    if (lane.kind == TimelineLane::Kind::Bars || lane.series.empty())
        return;
    const bool one = lane.series.size() == 1;
    const QFont font = d.scene.theme.scaled(one ? 1.15 : 1.0, true);
    d.painter.setFont(font);
    const double row = QFontMetricsF(font).height();
    const auto rows = std::max<std::size_t>(1, std::size_t((box.height() - line + 2 * d.u) / row));
    const std::size_t columns = (lane.series.size() + rows - 1) / rows;
    const double column = width / double(std::max<std::size_t>(1, columns));
    for (std::size_t index = 0; index < lane.series.size(); ++index)
        d.text(QRectF(left + column * double(index / rows), box.top() + line - d.u + row * double(index % rows), column,
                      row),
               Qt::AlignLeft | Qt::AlignVCenter, significant(double(lane.series[index].at(d.scene.cursor))),
               colourOf(d.scene.theme, lane.series[index]));
    d.painter.setFont(d.small);
}

}  // namespace

void paintTimeline(QPainter& painter, const TimelineScene& scene, const QRectF& area) {
    Drawing d(painter, scene, area);
    painter.fillRect(area, scene.theme.background);
    painter.setFont(d.small);
    for (std::size_t index = 0; index < scene.lanes.size(); ++index)
        paintLane(d, index);
    paintRuler(d, d.layout.ruler, 1, true, Words::tr("step"));
    if (scene.hasManySegments())
        paintSegments(d);
    else if (scene.stepsPerSecond > 0)
        paintRuler(d, d.layout.top, scene.stepsPerSecond, false, Words::tr("seconds"));
    paintOutcomes(d);
    paintFlags(d);
    if (scene.hasMinimap)
        paintMinimap(painter, scene, d.layout.minimap);
}

void paintTimelineCursor(QPainter& painter, const TimelineScene& scene, const QRectF& area) {
    Drawing d(painter, scene, area);
    painter.setFont(d.small);
    for (std::size_t index = 0; index < scene.lanes.size(); ++index)
        paintReadout(d, scene.lanes[index], d.layout.lanes[index]);
    if (scene.axis.steps() == 0)
        return;
    if (scene.hasMinimap)
        paintMinimapCursor(painter, scene, d.layout.minimap);
    const double x = d.axis.pixelOf(double(scene.cursor));
    if (!d.axis.visible().contains(double(scene.cursor)))
        return;
    painter.setPen(QPen(scene.theme.cursor, 1.25 * d.u));
    for (const QRectF& lane : d.layout.lanes)
        painter.drawLine(QPointF(x, lane.top()), QPointF(x, lane.bottom()));
    for (std::size_t index = 0; index < scene.lanes.size(); ++index) {
        const TimelineLane& lane = scene.lanes[index];
        if (lane.kind != TimelineLane::Kind::Curve)
            continue;
        const Extent scale = lane.scale();
        for (std::size_t one = lane.series.size(); one-- > 0;) {
            const double value = double(lane.series[one].at(scene.cursor));
            if (!std::isfinite(value))
                continue;
            painter.setPen(QPen(scene.theme.background, 1.25 * d.u));
            painter.setBrush(colourOf(scene.theme, lane.series[one]));
            painter.drawEllipse(QPointF(x, laneY(d.layout.lanes[index], scale, value)), 3.5 * d.u, 3.5 * d.u);
        }
    }
}

void paintTimelineHover(QPainter& painter, const TimelineScene& scene, const QRectF& area, qint64 step) {
    Drawing d(painter, scene, area);
    painter.setFont(d.small);
    const double x = d.axis.pixelOf(double(step));
    const bool rightHalf = x > (d.layout.top.left() + d.layout.top.right()) / 2;
    for (std::size_t index = 0; index < scene.lanes.size(); ++index) {
        const TimelineLane& lane = scene.lanes[index];
        const QRectF& box = d.layout.lanes[index];
        painter.setPen(QPen(scene.theme.muted, d.u, Qt::DotLine));
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        if (lane.kind == TimelineLane::Kind::Bars && index > 0)
            continue;
        QStringList parts;
        if (index == 0)
            parts << scene.describe(step);
        if (lane.kind == TimelineLane::Kind::Curve)
            for (const LaneSeries& one : lane.series)
                parts << (lane.series.size() == 1 ? lane.name : one.name) + QLatin1Char(' ') +
                             significant(double(one.at(step)));
        const QString label = parts.join(QStringLiteral(" · "));
        const double width = d.widthOf(label) + 8 * d.u, height = QFontMetricsF(d.small).height() + 2 * d.u;
        const QRectF back(rightHalf ? x - width : x, box.top(), width, std::min(height, box.height()));
        QColor fill = scene.theme.panel;
        fill.setAlpha(230);
        painter.setPen(QPen(scene.theme.grid, d.u));
        painter.setBrush(fill);
        painter.drawRect(back);
        d.text(back, Qt::AlignCenter, label, scene.theme.text);
    }
}

}  // namespace sqil
