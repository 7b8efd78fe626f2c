#include "widgets/timeline/LanePainter.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "widgets/timeline/TimelineLayout.h"

namespace sqil {
namespace {

constexpr qint64 kMostRoundJoins = 300;  ///< they are drawn slowly, and cannot be seen where points are close
constexpr qint64 kMostPoints = 600;      ///< on a screen: more are drawn by columns of pixels

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
    const auto [first, last] = visibleSteps();
    const bool isLine = !isDense() && (last - first <= kMostPoints || !isOnScreen());
    isLine ? points(values, scale, colour, filled) : columns(values, scale, colour, filled);
}

/// A point a step, joined where neighbours are known.
void LanePainter::points(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled) {
    const double base = laneY(lane_, scale, std::clamp(0.f, scale.low, scale.high));
    const double u = theme_.unit;
    const bool hasDots = axis_.pixelsPerStep() > 14 * u;
    const auto [firstStep, endStep] = visibleSteps();
    const bool isRound = endStep - firstStep < kMostRoundJoins || !isOnScreen();
    const QPen pen(colour, 1.5 * u, Qt::SolidLine, isRound ? Qt::RoundCap : Qt::FlatCap,
                   isRound ? Qt::RoundJoin : Qt::BevelJoin);
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
    for (qint64 step = firstStep; step < endStep; ++step) {
        const float value = values.at(std::size_t(step));
        if (std::isfinite(value))
            line << QPointF(axis_.pixelOf(double(step)), laneY(lane_, scale, double(value)));
        else
            flush();
    }
    flush();
}

/// The smallest and the largest value of each column as an envelope: of lines on a screen, where they are drawn in no
/// time; of polygons in a figure.
void LanePainter::columns(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled) {
    const double base = laneY(lane_, scale, std::clamp(0.f, scale.low, scale.high));
    std::vector<Column> columns;
    const auto flush = [&] {
        if (!columns.empty())
            isOnScreen() ? drawLines(columns, base, colour, filled) : drawPolygons(columns, base, colour, filled);
        columns.clear();
    };
    for (double x = lane_.left(); x < lane_.right(); ++x) {
        if (x + 1 < axis_.pixelOf(0) || x > axis_.pixelOf(double(axis_.steps() - 1)))
            continue;
        const Extent extent = isDense() ? extentOf(values, x) : courseOf(values, x);
        if (extent.isEmpty())
            flush();
        else
            columns.push_back({x, laneY(lane_, scale, double(extent.high)), laneY(lane_, scale, double(extent.low))});
    }
    flush();
}

Extent LanePainter::extentOf(const SeriesPyramid& values, double x) const {
    const auto [first, last] = stepsOf(x);
    return values.extent(std::size_t(first), std::size_t(last));
}

/// Of the straight lines between the steps, where a column is narrower than a step.
Extent LanePainter::courseOf(const SeriesPyramid& values, double x) const {
    const auto at = [&](double step) {
        const double left = std::clamp(std::floor(step), 0.0, double(axis_.steps() - 1));
        const double share = std::clamp(step - left, 0.0, 1.0);
        const float a = values.at(std::size_t(left)), b = values.at(std::size_t(left) + (share > 0 ? 1 : 0));
        return float(double(a) + share * (double(b) - double(a)));
    };
    Extent course = extentOf(values, x);
    course.include(at(axis_.stepOf(x)));
    course.include(at(axis_.stepOf(x + 1)));
    return course;
}

bool LanePainter::isOnScreen() const {
    return painter_.paintEngine() && painter_.paintEngine()->type() == QPaintEngine::Raster;
}

void LanePainter::drawLines(const std::vector<Column>& columns, double base, const QColor& colour, bool filled) {
    QList<QLineF> fill, envelope;
    fill.reserve(qsizetype(columns.size()));
    envelope.reserve(qsizetype(columns.size()));
    for (std::size_t index = 0; index < columns.size(); ++index) {
        Column column = columns[index];
        if (index > 0) {  // steep courses stay in one piece
            column.top = std::min(column.top, columns[index - 1].bottom);
            column.bottom = std::max(column.bottom, columns[index - 1].top);
        }
        fill << QLineF(column.x + 0.5, column.bottom, column.x + 0.5, base);
        envelope << QLineF(column.x + 0.5, column.top - 0.75, column.x + 0.5, column.bottom + 0.75);
    }
    painter_.save();
    painter_.setRenderHint(QPainter::Antialiasing, false);
    if (filled) {
        painter_.setPen(QPen(translucent(colour, theme_.dark ? 0.22 : 0.17), 1, Qt::SolidLine, Qt::FlatCap));
        painter_.drawLines(fill);
    }
    painter_.setPen(QPen(translucent(colour, 0.8), 1, Qt::SolidLine, Qt::FlatCap));
    painter_.drawLines(envelope);
    painter_.restore();
}

void LanePainter::drawPolygons(const std::vector<Column>& columns, double base, const QColor& colour, bool filled) {
    QPolygonF area, envelope;
    for (const Column& column : columns)
        envelope << QPointF(column.x + 0.5, column.top);
    area = envelope;
    area << QPointF(columns.back().x + 0.5, base) << QPointF(columns.front().x + 0.5, base);
    for (auto column = columns.crbegin(); column != columns.crend(); ++column)
        envelope << QPointF(column->x + 0.5, column->bottom);
    if (filled) {
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(translucent(colour, theme_.dark ? 0.22 : 0.17));
        painter_.drawPolygon(area);
    }
    painter_.setPen(QPen(translucent(colour, 0.9), theme_.unit, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
    painter_.setBrush(translucent(colour, 0.55));
    painter_.drawPolygon(envelope);
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
