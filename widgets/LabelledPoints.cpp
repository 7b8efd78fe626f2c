#include "widgets/LabelledPoints.h"

#include <QToolTip>
#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr double kReach = 10;  // pixels around a point

void setLogarithmic(QCPAxis* axis, bool on) {
    axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (on)
        axis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    else
        axis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    axis->setNumberFormat(QStringLiteral("gb"));
    axis->setNumberPrecision(on ? 4 : 3);
}

/// The values with some room around them.
QCPRange around(double least, double most, bool logarithmic) {
    if (!(most >= least))
        return logarithmic ? QCPRange(0.1, 10) : QCPRange(0, 1);
    if (logarithmic)
        return {least / 1.6, most * 1.9};
    const double room = std::max(most - least, 1e-9) * 0.15;
    return {least - room, most + room};
}

}  // namespace

LabelledPoints::LabelledPoints(QWidget* parent) : ThemedPlot(parent) {
    setMinimumSize(160, 110);
    setMouseTracking(true);
    setNoAntialiasingOnDrag(false);
    rebuild();
}

void LabelledPoints::setAxes(const QString& x, const QString& y, bool logarithmicX, bool logarithmicY) {
    x_ = x;
    y_ = y;
    logarithmicX_ = logarithmicX;
    logarithmicY_ = logarithmicY;
    rebuild();
}

void LabelledPoints::setPoints(std::vector<LabelledPoint> points, std::vector<LabelledLine> lines) {
    points_ = std::move(points);
    lines_ = std::move(lines);
    rebuild();
}

void LabelledPoints::fitRanges() {
    double left = INFINITY, right = -INFINITY, bottom = INFINITY, top = -INFINITY;
    for (const LabelledPoint& point : points_) {
        left = std::min(left, point.x);
        right = std::max(right, point.x);
        bottom = std::min({bottom, point.y, std::isfinite(point.low) ? point.low : point.y});
        top = std::max({top, point.y, std::isfinite(point.high) ? point.high : point.y});
    }
    for (const LabelledLine& line : lines_)
        for (qsizetype index = 0; index < line.x.size(); ++index) {
            left = std::min(left, line.x[index]);
            right = std::max(right, line.x[index]);
            top = std::max(top, line.y[index]);
            bottom = std::min(bottom, line.y[index]);
        }
    xAxis->setRange(around(left, right, logarithmicX_));
    yAxis->setRange(around(bottom, top, logarithmicY_));
}

void LabelledPoints::rebuild() {
    clearPlottables();
    clearItems();
    const double u = theme().unit;
    setBackground(theme().background);
    setLogarithmic(xAxis, logarithmicX_);
    setLogarithmic(yAxis, logarithmicY_);
    styleAxes(*axisRect(), theme());
    xAxis->setLabel(x_);
    yAxis->setLabel(y_);
    fitRanges();
    const QFont small = theme().scaled(0.86);
    QColor backdrop = theme().background;
    backdrop.setAlpha(200);
    const auto label = [&](const QString& name, double x, double y, Qt::Alignment alignment, const QColor& colour) {
        auto* text = new QCPItemText(this);
        text->setText(name);
        text->setFont(small);
        text->setColor(colour);
        text->setBrush(backdrop);
        text->setPadding(QMargins(qRound(7 * u), qRound(u), qRound(7 * u), qRound(2 * u)));
        text->setPositionAlignment(alignment);
        text->position->setCoords(x, y);
        text->setSelectable(false);
        text->setLayer(QStringLiteral("grid"));  // under points and lines
    };
    for (const LabelledLine& line : lines_) {
        QCPGraph* graph = addGraph();
        graph->setData(line.x, line.y, true);
        graph->setPen(QPen(line.isStrong ? theme().text : theme().muted, (line.isStrong ? 1.5 : 1.25) * u,
                           line.isStrong ? Qt::SolidLine : Qt::DashLine));
        if (!line.name.isEmpty() && !line.x.isEmpty())
            label(line.name, line.x.last(), line.y.last(), Qt::AlignRight | Qt::AlignBottom, theme().muted);
    }
    const auto share = [](double value, const QCPRange& range, bool logarithmic) {
        return logarithmic ? std::log(value / range.lower) / std::log(range.upper / range.lower)
                           : (value - range.lower) / range.size();
    };
    const auto placeOf = [&](const LabelledPoint& point) {
        return QPointF(share(point.x, xAxis->range(), logarithmicX_), share(point.y, yAxis->range(), logarithmicY_));
    };
    const auto alignmentOf = [&](const LabelledPoint& point) {
        const QPointF own = placeOf(point);
        Qt::Alignment vertical = Qt::AlignVCenter;
        for (const LabelledPoint& other : points_) {
            const QPointF place = placeOf(other);
            if (&other != &point && (place.x() < 0.5) == (own.x() < 0.5) && std::abs(place.y() - own.y()) < 0.06 &&
                std::abs(place.x() - own.x()) < 0.25)
                vertical =
                    own.y() > place.y() || (own.y() == place.y() && &point < &other) ? Qt::AlignBottom : Qt::AlignTop;
        }
        return (own.x() < 0.5 ? Qt::AlignLeft : Qt::AlignRight) | vertical;
    };
    for (const LabelledPoint& point : points_) {
        QCPGraph* graph = addGraph();
        graph->setLineStyle(QCPGraph::lsNone);
        const QColor colour = point.series == 0 ? theme().first : theme().compared(std::size_t(point.series - 1));
        graph->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme().background, u), QBrush(colour), 9 * u));
        graph->addData(point.x, point.y);
        if (std::isfinite(point.low) && std::isfinite(point.high)) {
            auto* errors = new QCPErrorBars(xAxis, yAxis);
            errors->setDataPlottable(graph);
            errors->addData(std::max(0.0, point.y - point.low), std::max(0.0, point.high - point.y));
            errors->setPen(QPen(colour, 1.25 * u));
            errors->setWhiskerWidth(6 * u);
        }
        label(point.name, point.x, point.y, alignmentOf(point), theme().text);
    }
    replot(rpQueuedReplot);
}

QString LabelledPoints::textAt(const QPointF& pixel) const {
    const LabelledPoint* nearest = nullptr;
    double least = kReach * kReach * theme().unit * theme().unit;
    for (const LabelledPoint& point : points_) {
        const double dx = xAxis->coordToPixel(point.x) - pixel.x(), dy = yAxis->coordToPixel(point.y) - pixel.y();
        if (dx * dx + dy * dy < least) {
            least = dx * dx + dy * dy;
            nearest = &point;
        }
    }
    return nearest ? nearest->details : QString();
}

void LabelledPoints::mouseMoveEvent(QMouseEvent* event) {
    QCustomPlot::mouseMoveEvent(event);
    if (const QString text = textAt(event->position()); text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

}  // namespace sqil
