#include "widgets/MarkedCurves.h"

#include <algorithm>
#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr double kPlotShare = 0.42;    ///< height of the plot to the figure's width …
constexpr double kSmallestPlot = 300;  ///< … but for wide figures: in units
constexpr double kLargestPlot = 460;
constexpr double kGap = 4;         ///< between pictures, in theme units
constexpr int kFewestColumns = 3;  ///< one picture alone does not fill the figure

QString letterOf(std::size_t mark) {
    return QString(QChar('a' + static_cast<char>(mark % 26)));
}

/// Sizes of the parts, from the figure's width.
struct Parts {
    double picture = 0, pictureHeight = 0, caption = 0, legend = 0, plot = 0;
    double height() const { return pictureHeight + caption + legend + plot; }
};

double lineOf(const PlotTheme& theme) {
    return QFontMetricsF(theme.font).height();
}

Parts partsOf(const MarkedCurves& curves, double width, const PlotTheme& theme) {
    Parts parts;
    double aspect = 0;
    for (const auto& mark : curves.marks)
        if (!mark.picture.isNull())
            aspect = std::max(aspect, double(mark.picture.height()) / mark.picture.width());
    const double line = lineOf(theme);
    if (aspect > 0) {
        const auto columns = std::max<double>(kFewestColumns, double(curves.marks.size()));
        parts.picture = (width - (columns - 1) * kGap * theme.unit) / columns;
        parts.pictureHeight = parts.picture * aspect;
        parts.caption = line * 1.15;
    }
    parts.legend = line * 1.35;
    parts.plot = std::clamp(width * kPlotShare, kSmallestPlot * theme.unit / 3, kLargestPlot * theme.unit / 3);
    return parts;
}

void drawPictures(QCPPainter& painter, const QRectF& area, const MarkedCurves& curves, const Parts& parts,
                  const PlotTheme& theme) {
    const double pitch = parts.picture + kGap * theme.unit, line = lineOf(theme);
    const double used = pitch * double(curves.marks.size()) - kGap * theme.unit;
    double left = area.left() + (area.width() - used) / 2;
    for (std::size_t mark = 0; mark < curves.marks.size(); ++mark, left += pitch) {
        const QImage& picture = curves.marks[mark].picture;
        const double height = picture.isNull() ? 0 : parts.picture * picture.height() / picture.width();
        painter.drawImage(QRectF(left, area.top(), parts.picture, height), picture);
        painter.setFont(theme.scaled(1, true));
        painter.setPen(theme.text);
        const QString letter = letterOf(mark);
        const QRectF caption(left, area.top() + parts.pictureHeight + theme.unit, parts.picture, line);
        painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter, letter);
        const double indent = QFontMetricsF(painter.font()).horizontalAdvance(letter) + 3 * theme.unit;
        painter.setFont(theme.scaled(0.92));
        painter.setPen(theme.muted);
        const QString when = curves.stepsPerSecond > 0
                                 ? QObject::tr("%1 s").arg(QLocale().toString(
                                       double(curves.marks[mark].step) / curves.stepsPerSecond, 'f', 2))
                                 : QObject::tr("step %1").arg(curves.marks[mark].step);
        painter.drawText(caption.adjusted(indent, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, when);
    }
}

void drawLegend(QCPPainter& painter, const QRectF& area, const MarkedCurves& curves, const PlotTheme& theme) {
    const double u = theme.unit;
    const QFontMetricsF metrics(theme.font);
    painter.setFont(theme.font);
    // As much of each name as has room.
    const auto entries = double(curves.curves.size() + (curves.bandsName.isEmpty() ? 0 : 1));
    const double room = area.width() / std::max(1.0, entries) - 24 * u;
    double left = area.left() + 4 * u;
    const auto entry = [&](const QString& name, const QColor& colour, bool filled) {
        const double middle = area.center().y();
        if (filled)
            painter.fillRect(QRectF(left, middle - 4 * u, 14 * u, 8 * u), colour);
        painter.setPen(QPen(colour, 1.75 * u));
        if (!filled)
            painter.drawLine(QPointF(left, middle), QPointF(left + 14 * u, middle));
        left += 18 * u;
        painter.setPen(theme.text);
        const QString text = metrics.elidedText(name, Qt::ElideRight, std::max(room, 40 * u));
        painter.drawText(QRectF(left, area.top(), area.right() - left, area.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         text);
        left += metrics.horizontalAdvance(text) + 10 * u;
    };
    for (const auto& curve : curves.curves)
        entry(curve.name, curve.colour, false);
    if (!curves.bandsName.isEmpty())
        entry(curves.bandsName, theme.band, true);
}

void addMarks(QCustomPlot& plot, const MarkedCurves& curves, double rate, const PlotTheme& theme) {
    for (std::size_t mark = 0; mark < curves.marks.size(); ++mark) {
        const double x = double(curves.marks[mark].step) / rate;
        auto* line = new QCPItemStraightLine(&plot);
        line->setPen(QPen(theme.muted, theme.unit, Qt::DotLine));
        line->point1->setCoords(x, 0);
        line->point2->setCoords(x, 1);
        auto* letter = new QCPItemText(&plot);
        letter->setText(letterOf(mark));
        letter->setFont(theme.scaled(1, true));
        letter->setColor(theme.text);
        letter->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        letter->position->setCoords(x, 0);
        letter->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
        letter->setPadding(QMargins(qRound(2 * theme.unit), 0, 0, 0));
        letter->setClipToAxisRect(false);
        for (const auto& curve : curves.curves) {
            const auto at = static_cast<std::size_t>(curves.marks[mark].step);
            if (at >= curve.values.size() || !std::isfinite(curve.values[at]))
                continue;
            auto* dot = new QCPItemTracer(&plot);
            dot->setStyle(QCPItemTracer::tsCircle);
            dot->setSize(5 * theme.unit);
            dot->setPen(QPen(theme.background, theme.unit));
            dot->setBrush(curve.colour);
            dot->position->setCoords(x, double(curve.values[at]));
        }
    }
}

void drawPlot(QCPPainter& painter, const QRectF& area, const MarkedCurves& curves, const PlotTheme& theme) {
    const double rate = curves.stepsPerSecond > 0 ? curves.stepsPerSecond : 1;
    QCustomPlot plot;
    plot.setBackground(Qt::NoBrush);
    styleAxes(*plot.axisRect(), theme);
    plot.axisRect()->setMinimumMargins(QMargins(0, qRound(4 * theme.unit), qRound(6 * theme.unit), 0));
    plot.xAxis->setLabel(curves.stepsPerSecond > 0 ? QObject::tr("time (s)") : QObject::tr("step"));
    plot.yAxis->setLabel(curves.valueLabel);
    plot.yAxis->ticker()->setTickCount(4);
    plot.xAxis->ticker()->setTickCount(6);
    plot.xAxis->setSubTicks(false);
    plot.yAxis->setSubTicks(false);
    plot.yAxis->setNumberFormat(QStringLiteral("gb"));
    plot.yAxis->setNumberPrecision(3);
    std::size_t steps = 1;
    double top = curves.threshold.value_or(0), bottom = 0;
    for (const auto& curve : curves.curves) {
        auto* graph = plot.addGraph();
        graph->setPen(QPen(curve.colour, 1.5 * theme.unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        QVector<QCPGraphData> points;
        for (std::size_t step = 0; step < curve.values.size(); ++step) {
            points.append(QCPGraphData(double(step) / rate, double(curve.values[step])));
            if (std::isfinite(curve.values[step])) {
                top = std::max(top, double(curve.values[step]));
                bottom = std::min(bottom, double(curve.values[step]));
            }
        }
        graph->data()->set(points, true);
        steps = std::max(steps, curve.values.size());
    }
    plot.xAxis->setRange(0, std::max(1.0, double(steps - 1)) / rate);
    plot.yAxis->setRange(bottom * 1.1, top > 0 ? top * 1.18 : 1);
    for (const auto& band : curves.bands) {
        auto* shade = new QCPItemRect(&plot);
        shade->setLayer(QStringLiteral("background"));
        shade->setPen(Qt::NoPen);
        shade->setBrush(theme.band);
        shade->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        shade->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        shade->topLeft->setCoords((double(band.first) - 0.5) / rate, 0);
        shade->bottomRight->setCoords((double(band.last) + 0.5) / rate, 1);
    }
    if (curves.threshold) {
        auto* line = new QCPItemStraightLine(&plot);
        line->setPen(QPen(theme.bandEdge, 1.25 * theme.unit, Qt::DashLine));
        line->point1->setCoords(0, *curves.threshold);
        line->point2->setCoords(1, *curves.threshold);
        auto* name = new QCPItemText(&plot);
        name->setText(curves.thresholdName);
        name->setFont(theme.scaled(0.92));
        name->setColor(theme.muted);
        name->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        name->position->setCoords(1, *curves.threshold);
        name->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
        name->setPadding(QMargins(0, 0, qRound(2 * theme.unit), 0));
    }
    addMarks(plot, curves, rate, theme);
    painter.save();
    painter.translate(area.topLeft());
    plot.toPainter(&painter, qRound(area.width()), qRound(area.height()));
    painter.restore();
}

}  // namespace

double heightOfMarkedCurves(const MarkedCurves& curves, double width, const PlotTheme& theme) {
    return partsOf(curves, width, theme).height();
}

void drawMarkedCurves(QCPPainter& painter, const QRectF& area, const MarkedCurves& curves, const PlotTheme& theme) {
    const Parts parts = partsOf(curves, area.width(), theme);
    painter.fillRect(area, theme.background);
    double top = area.top();
    if (parts.pictureHeight > 0) {
        drawPictures(painter, QRectF(area.left(), top, area.width(), parts.pictureHeight), curves, parts, theme);
        top += parts.pictureHeight + parts.caption;
    }
    drawLegend(painter, QRectF(area.left(), top, area.width(), parts.legend), curves, theme);
    top += parts.legend;
    drawPlot(painter, QRectF(area.left(), top, area.width(), area.bottom() - top), curves, theme);
}

}  // namespace sqil
