#include "widgets/DensityPanels.h"

#include <algorithm>
#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr double kPanelWidth = 150;  ///< theme units that a panel needs at least
constexpr double kPanelAspect = 0.72;

int columnsOf(const DensityPanels& panels, double width, const PlotTheme& theme) {
    const int most = std::max(1, static_cast<int>(width / (kPanelWidth * theme.unit)));
    const int count = static_cast<int>(panels.panels.size());
    const int rows = (count + most - 1) / std::max(1, most);
    return std::max(1, (count + rows - 1) / std::max(1, rows));  // rows of one length
}

double legendHeight(const PlotTheme& theme) {
    return QFontMetricsF(theme.font).height() * 1.4;
}

double panelHeight(const DensityPanels& panels, double width, const PlotTheme& theme) {
    return width / columnsOf(panels, width, theme) * kPanelAspect;
}

void drawPanel(QCPPainter& painter, const QRectF& area, const DensityPanels& panels, const DensityPanels::Panel& panel,
               bool first, const PlotTheme& theme) {
    QCustomPlot plot;
    plot.setBackground(Qt::NoBrush);
    styleAxes(*plot.axisRect(), theme);
    plot.axisRect()->setMinimumMargins(QMargins(0, qRound(2 * theme.unit), qRound(4 * theme.unit), 0));
    plot.xAxis->setLabel(panel.label);
    plot.xAxis->ticker()->setTickCount(3);
    plot.xAxis->setSubTicks(false);
    plot.xAxis->setNumberFormat(QStringLiteral("gb"));
    plot.xAxis->setNumberPrecision(3);
    plot.yAxis->setTicks(false);
    plot.yAxis->setTickLabels(false);
    plot.yAxis->setLabel(first ? QObject::tr("density") : QStringLiteral(" "));
    double top = 0;
    for (std::size_t policy = 0; policy < panel.densities.size(); ++policy) {
        const auto& values = panel.densities[policy];
        if (values.empty())
            continue;
        auto* graph = plot.addGraph();
        const QColor colour = panels.colours[qsizetype(policy)];
        graph->setPen(QPen(colour, 1.5 * theme.unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (policy == 0) {
            QColor fill = colour;
            fill.setAlpha(50);
            graph->setBrush(fill);
        }
        QVector<double> x, y;
        for (std::size_t index = 0; index < values.size(); ++index) {
            x.append(panel.lower + (panel.upper - panel.lower) * double(index) / double(values.size() - 1));
            y.append(values[index]);
            top = std::max(top, values[index]);
        }
        graph->setData(x, y, true);
    }
    plot.xAxis->setRange(panel.lower, panel.upper);
    plot.yAxis->setRange(0, top > 0 ? 1.08 * top : 1);
    painter.save();
    painter.translate(area.topLeft());
    plot.toPainter(&painter, qRound(area.width()), qRound(area.height()));
    painter.restore();
}

}  // namespace

double heightOfDensityPanels(const DensityPanels& panels, double width, const PlotTheme& theme) {
    const int columns = columnsOf(panels, width, theme);
    const int rows = (static_cast<int>(panels.panels.size()) + columns - 1) / columns;
    return legendHeight(theme) + rows * panelHeight(panels, width, theme);
}

void drawDensityPanels(QCPPainter& painter, const QRectF& area, const DensityPanels& panels, const PlotTheme& theme) {
    painter.fillRect(area, theme.background);
    painter.setFont(theme.font);
    const double u = theme.unit, legend = legendHeight(theme);
    const QFontMetricsF metrics(theme.font);
    const double room = area.width() / std::max<double>(1, double(panels.names.size())) - 30 * u;
    double left = area.left() + 4 * u;
    for (qsizetype policy = 0; policy < panels.names.size(); ++policy) {
        const double middle = area.top() + legend / 2;
        QColor fill = panels.colours[policy];
        if (policy == 0) {
            fill.setAlpha(50);
            painter.fillRect(QRectF(left, middle - 4 * u, 14 * u, 8 * u), fill);
        }
        painter.setPen(QPen(panels.colours[policy], 1.75 * u));
        painter.drawLine(QPointF(left, middle - (policy == 0 ? 4 * u : 0)),
                         QPointF(left + 14 * u, middle - (policy == 0 ? 4 * u : 0)));
        left += 18 * u;
        painter.setPen(theme.text);
        const QString text = metrics.elidedText(panels.names[policy], Qt::ElideRight, std::max(room, 40 * u));
        painter.drawText(QRectF(left, area.top(), area.right() - left, legend), Qt::AlignLeft | Qt::AlignVCenter, text);
        left += metrics.horizontalAdvance(text) + 12 * u;
    }
    const int columns = columnsOf(panels, area.width(), theme);
    const int rows = (static_cast<int>(panels.panels.size()) + columns - 1) / columns;
    const double width = area.width() / columns, height = (area.height() - legend) / std::max(1, rows);
    for (std::size_t index = 0; index < panels.panels.size(); ++index) {
        const int row = static_cast<int>(index) / columns, column = static_cast<int>(index) % columns;
        drawPanel(painter, QRectF(area.left() + column * width, area.top() + legend + row * height, width, height),
                  panels, panels.panels[index], column == 0, theme);
    }
}

}  // namespace sqil
