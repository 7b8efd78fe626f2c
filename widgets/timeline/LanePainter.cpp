#include "widgets/timeline/LanePainter.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "widgets/timeline/TimelineLayout.h"

namespace sqil {
namespace {

QColor translucent(QColor colour, double share) {
    colour.setAlphaF(float(colour.alphaF() * share));
    return colour;
}

}  // namespace

std::pair<qint64, qint64> LanePainter::stepsOf(double x) const {
    const auto first = qint64(std::ceil(axis_.stepOf(x))), last = qint64(std::ceil(axis_.stepOf(x + 1)));
    return {std::clamp<qint64>(first, 0, axis_.steps()), std::clamp<qint64>(last, 0, axis_.steps())};
}

std::pair<qint64, qint64> LanePainter::visibleSteps() const {
    return {std::clamp<qint64>(qint64(std::floor(axis_.visible().lower)), 0, axis_.steps()),
            std::clamp<qint64>(qint64(std::ceil(axis_.visible().upper)) + 1, 0, axis_.steps())};
}

void LanePainter::curve(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled) {
    isDense() ? columns(values, scale, colour, filled) : points(values, scale, colour, filled);
}

/// A point a step, joined where neighbours are known.
void LanePainter::points(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled) {
    const double base = laneY(lane_, scale, std::clamp(0.f, scale.low, scale.high));
    const double u = theme_.unit;
    const bool hasDots = axis_.pixelsPerStep() > 14 * u;
    const QPen pen(colour, 1.5 * u, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    QPolygonF line;
    const auto flush = [&] {
        if (filled && line.size() > 1) {
            QPolygonF area = line;
            area << QPointF(line.last().x(), base) << QPointF(line.first().x(), base);
            painter_.setPen(Qt::NoPen);
            painter_.setBrush(translucent(colour, theme_.dark ? 0.22 : 0.17));
            painter_.drawPolygon(area);
        }
        painter_.setPen(pen);
        painter_.setBrush(Qt::NoBrush);
        if (line.size() > 1)
            painter_.drawPolyline(line);
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(colour);
        if (hasDots || line.size() == 1)
            for (const QPointF& point : line)
                painter_.drawEllipse(point, 2.2 * u, 2.2 * u);
        line.clear();
    };
    const auto [first, last] = visibleSteps();
    for (qint64 step = first; step < last; ++step) {
        const float value = values.at(std::size_t(step));
        if (std::isfinite(value))
            line << QPointF(axis_.pixelOf(double(step)), laneY(lane_, scale, double(value)));
        else
            flush();
    }
    flush();
}

/// The smallest and the largest value of each column as an envelope.
void LanePainter::columns(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled) {
    const double base = laneY(lane_, scale, std::clamp(0.f, scale.low, scale.high));
    QPolygonF high, low;
    const auto flush = [&] {
        if (high.isEmpty())
            return;
        if (filled) {
            QPolygonF area = high;
            area << QPointF(high.last().x(), base) << QPointF(high.first().x(), base);
            painter_.setPen(Qt::NoPen);
            painter_.setBrush(translucent(colour, theme_.dark ? 0.22 : 0.17));
            painter_.drawPolygon(area);
        }
        QPolygonF envelope = high;
        for (auto point = low.crbegin(); point != low.crend(); ++point)
            envelope << *point;
        painter_.setPen(QPen(translucent(colour, 0.9), theme_.unit, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter_.setBrush(translucent(colour, 0.55));
        painter_.drawPolygon(envelope);
        high.clear();
        low.clear();
    };
    for (double x = lane_.left(); x < lane_.right(); ++x) {
        const auto [first, last] = stepsOf(x);
        if (first == last)
            continue;
        const Extent extent = values.extent(std::size_t(first), std::size_t(last));
        if (extent.isEmpty()) {
            flush();
            continue;
        }
        high << QPointF(x + 0.5, laneY(lane_, scale, double(extent.high)));
        low << QPointF(x + 0.5, laneY(lane_, scale, double(extent.low)));
    }
    flush();
}

/// Rectangles over the columns, or steps, for which `holds(first, last)`; neighbours are joined.
template<class Holds>
void LanePainter::runs(Holds holds, double top, double height) {
    double left = 0, right = -1;
    const auto add = [&](double from, double to) {
        if (right >= left && from - right < 0.5) {
            right = to;
            return;
        }
        if (right > left)
            painter_.drawRect(QRectF(left, top, right - left, height));
        left = from;
        right = to;
    };
    if (isDense()) {
        for (double x = lane_.left(); x < lane_.right(); ++x) {
            const auto [first, last] = stepsOf(x);
            if (first < last && holds(first, last))
                add(x, std::min(x + 1, lane_.right()));
        }
    } else {
        const auto [first, last] = visibleSteps();
        for (qint64 step = first; step < last; ++step)
            if (holds(step, step + 1)) {
                const double from = std::max(lane_.left(), axis_.pixelOf(double(step) - 0.5));
                const double to = std::min(lane_.right(), axis_.pixelOf(double(step) + 0.5));
                if (from < to)
                    add(from, to);
            }
    }
    if (right > left)
        painter_.drawRect(QRectF(left, top, right - left, height));
}

void LanePainter::bars(const SeriesPyramid& values, double threshold, const QColor& colour, double top, double height) {
    painter_.setPen(Qt::NoPen);
    painter_.setBrush(colour);
    runs([&](qint64 first,
             qint64 last) { return double(values.extent(std::size_t(first), std::size_t(last)).high) > threshold; },
         top, height);
}

void LanePainter::missing(const SeriesPyramid& values) {
    painter_.setPen(Qt::NoPen);
    painter_.setBrush(QBrush(theme_.missing, Qt::BDiagPattern));
    runs([&](qint64 first, qint64 last) { return values.extent(std::size_t(first), std::size_t(last)).isEmpty(); },
         lane_.top(), lane_.height());
}

void LanePainter::shade(const StepCounts& counts, const QColor& colour) {
    painter_.setPen(Qt::NoPen);
    if (!isDense()) {
        painter_.setBrush(colour);
        runs([&](qint64 first, qint64 last) { return counts.count(first, last) > 0; }, lane_.top(), lane_.height());
        return;
    }
    // A column that stands for many steps is shaded by the share that counts; equal neighbours are joined.
    constexpr int kLevels = 16;
    double from = lane_.left();
    int current = 0;
    const auto flush = [&](double to) {
        if (current > 0)
            painter_.fillRect(QRectF(from, lane_.top(), to - from, lane_.height()),
                              translucent(colour, double(current) / kLevels));
    };
    for (double x = lane_.left(); x < lane_.right(); ++x) {
        const auto [first, last] = stepsOf(x);
        int level = current;
        if (first < last)
            level = int(std::ceil(double(counts.count(first, last)) / double(last - first) * kLevels));
        if (level == current)
            continue;
        flush(x);
        from = x;
        current = level;
    }
    flush(lane_.right());
}

}  // namespace sqil
