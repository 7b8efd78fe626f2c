#include "widgets/PairedBars.h"

#include <qcustomplot.h>

#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr double kRowHeight = 15;   ///< screen pixels, as all lengths here
constexpr double kAxisHeight = 46;  ///< of the axis and the legend's first line
constexpr double kLongestName = 0.42;

double legendHeight(const PlotTheme& theme) {
    return QFontMetricsF(theme.font).height() * 1.4;
}

/// One swatch and its name; returns where the next may begin.
double drawEntry(QCPPainter& painter, double left, double middle, const QString& name, const QPen& pen,
                 double thickness, const PlotTheme& theme) {
    const double unit = theme.unit;
    if (thickness > 0) {
        painter.fillRect(QRectF(left, middle - thickness / 2, 14 * unit, thickness), pen.color());
    } else {
        painter.setPen(pen);
        painter.drawLine(QPointF(left, middle), QPointF(left + 14 * unit, middle));
    }
    left += 18 * unit;
    painter.setPen(theme.text);
    const QFontMetricsF metrics(theme.font);
    painter.drawText(QRectF(left, middle - metrics.height(), 4000, 2 * metrics.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, name);
    return left + metrics.horizontalAdvance(name) + 12 * unit;
}

}  // namespace

double heightOfPairedBars(const PairedBars& bars, const PlotTheme& theme) {
    return legendHeight(theme) + (kRowHeight * double(bars.rows.size()) + kAxisHeight) * theme.unit;
}

void drawPairedBars(QCPPainter& painter, const QRectF& area, const PairedBars& bars, const PlotTheme& theme) {
    const double unit = theme.unit, legend = legendHeight(theme);
    painter.setFont(theme.font);
    const QPen level(theme.muted, 1.2 * unit, Qt::DashLine);
    const double middle = area.top() + legend / 2;
    double left =
        drawEntry(painter, area.left() + 4 * unit, middle, bars.firstName, QPen(theme.second), 7 * unit, theme);
    left = drawEntry(painter, left, middle, bars.secondName, QPen(theme.first), 3 * unit, theme);
    if (std::isfinite(bars.level))
        drawEntry(painter, left, middle, bars.levelName, level, 0, theme);

    QCustomPlot plot;
    plot.setBackground(Qt::NoBrush);
    styleAxes(*plot.axisRect(), theme);
    plot.axisRect()->setMinimumMargins(QMargins(0, qRound(2 * unit), qRound(8 * unit), 0));
    const QFontMetricsF metrics(plot.yAxis->tickLabelFont());
    const auto names = QSharedPointer<QCPAxisTickerText>::create();
    QVector<double> places, first, second;
    double largest = std::isfinite(bars.level) ? bars.level : 0;
    for (std::size_t row = 0; row < bars.rows.size(); ++row) {
        const PairedBars::Row& each = bars.rows[row];
        names->addTick(double(row), (each.marked ? QStringLiteral("▸ ") : QString()) +
                                        metrics.elidedText(each.name, Qt::ElideMiddle, area.width() * kLongestName));
        for (const double value : {each.first, each.second})
            if (std::isfinite(value))
                largest = std::max(largest, value);
        places << double(row);
        first << each.first;
        second << each.second;
    }
    const auto addBars = [&](const QVector<double>& values, const QColor& colour, double width, double shift) {
        auto* made = new QCPBars(plot.yAxis, plot.xAxis);
        made->setWidth(width);
        made->setPen(Qt::NoPen);
        made->setBrush(colour);
        for (qsizetype row = 0; row < values.size(); ++row)
            if (std::isfinite(values[row]))
                made->addData(places[row] + shift, values[row]);
    };
    addBars(first, theme.second, 0.46, -0.12);
    addBars(second, theme.first, 0.18, 0.27);
    plot.yAxis->setTicker(names);
    plot.yAxis->setRange(-0.6, double(bars.rows.size()) - 0.4);
    plot.yAxis->setRangeReversed(true);
    plot.yAxis->setTickPen(Qt::NoPen);
    plot.yAxis->setSubTicks(false);
    plot.yAxis->grid()->setVisible(false);
    plot.xAxis->setRange(0, largest > 0 ? largest * 1.06 : 1);
    plot.xAxis->setLabel(bars.valueLabel);
    plot.xAxis->setNumberFormat(QStringLiteral("gb"));
    plot.xAxis->setNumberPrecision(3);
    plot.xAxis->setSubTicks(false);
    if (std::isfinite(bars.level)) {
        auto* line = new QCPItemStraightLine(&plot);
        line->setPen(level);
        line->point1->setCoords(bars.level, 0);
        line->point2->setCoords(bars.level, 1);
    }
    painter.save();
    painter.translate(area.left(), area.top() + legend);
    plot.toPainter(&painter, qRound(area.width()), qRound(area.height() - legend));
    painter.restore();
}

}  // namespace sqil
