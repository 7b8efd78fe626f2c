#include "widgets/GapPlot.h"

#include <cmath>

namespace sqil {

GapPlot::GapPlot(QWidget* parent) : ThemedPlot(parent) {
    setMinimumHeight(90);
    before_ = addGraph();
    after_ = addGraph();
    cursor_ = new QCPItemStraightLine(this);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    xAxis->ticker()->setTickCount(4);
    yAxis->ticker()->setTickCount(3);
    legend->setVisible(true);
    axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    setCursor(Qt::CrossCursor);
    connect(this, &QCustomPlot::mousePress, this, &GapPlot::pick);
    connect(this, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() & Qt::LeftButton)
            pick(event);
    });
    style();
}

void GapPlot::setNames(const QString& quantity, const QString& before, const QString& after) {
    setAccessibleName(quantity);
    setToolTip(quantity);
    before_->setName(before);
    after_->setName(after);
}

void GapPlot::setCourses(const std::vector<float>& before, const std::vector<float>& after) {
    steps_ = std::max(before.size(), after.size());
    double largest = 0;
    const auto fill = [&](QCPGraph* graph, const std::vector<float>& values) {
        QVector<double> steps, numbers;
        for (std::size_t step = 0; step < values.size(); ++step) {
            steps << double(step);
            numbers << double(values[step]);
            if (std::isfinite(values[step]))
                largest = std::max(largest, double(values[step]));
        }
        graph->setData(steps, numbers, true);
        values.empty() ? void(graph->removeFromLegend()) : void(graph->addToLegend());
    };
    fill(before_, before);
    fill(after_, after);
    xAxis->setRange(0, std::max<double>(1, double(steps_) - 1));
    yAxis->setRange(0, largest > 0 ? largest * 1.1 : 1);
    replot(rpQueuedReplot);
}

void GapPlot::setCursorStep(qint64 step) {
    cursor_->point1->setCoords(double(step), 0);
    cursor_->point2->setCoords(double(step), 1);
    replot(rpQueuedReplot);
}

void GapPlot::pick(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && !(event->buttons() & Qt::LeftButton))
        return;
    const double step = std::round(xAxis->pixelToCoord(event->position().x()));
    if (steps_ > 0)
        emit stepPicked(qint64(std::clamp(step, 0.0, double(steps_ - 1))));
}

void GapPlot::style() {
    const PlotTheme& theme = this->theme();
    const double unit = theme.unit;
    const auto pixels = [unit](double length) { return qRound(length * unit); };
    setBackground(theme.background);
    before_->setPen(QPen(theme.muted, 1.2 * unit));
    after_->setPen(QPen(theme.second, 1.6 * unit));
    cursor_->setPen(QPen(theme.cursor, unit, Qt::DashLine));
    QColor veil = theme.background;
    veil.setAlpha(200);
    legend->setFont(theme.scaled(0.85));
    legend->setTextColor(theme.muted);
    legend->setBrush(veil);
    legend->setBorderPen(Qt::NoPen);
    legend->setIconSize(pixels(14), pixels(8));
    legend->setRowSpacing(0);
    legend->setMargins(QMargins(pixels(2), pixels(2), pixels(2), pixels(2)));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setBasePen(QPen(theme.grid, unit));
        axis->setTickPen(QPen(theme.grid, unit));
        axis->setSubTickPen(QPen(theme.grid, unit));
        axis->setTickLengthIn(pixels(5));
        axis->setSubTickLengthIn(pixels(2));
        axis->setTickLabelPadding(pixels(axis == xAxis ? 3 : 5));
        axis->setLabelPadding(pixels(axis == xAxis ? 3 : 10));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(theme.muted);
        axis->setTickLabelFont(theme.scaled(0.85));
        axis->setLabelColor(theme.muted);
        axis->setLabelFont(theme.scaled(0.85));
        axis->grid()->setPen(QPen(theme.grid, unit));
    }
    xAxis->grid()->setVisible(false);
    axisRect()->setMargins(QMargins(0, pixels(4), pixels(8), 0));
    replot(rpQueuedReplot);
}

/// A small plot has no room for names; they are in its tool tip.
void GapPlot::updateLegend() {
    legend->setVisible(legendShown_.value_or(height() > 120));
}

void GapPlot::setLegendShown(bool shown) {
    legendShown_ = shown;
    updateLegend();
}

void GapPlot::resizeEvent(QResizeEvent* event) {
    ThemedPlot::resizeEvent(event);
    updateLegend();
}

}  // namespace sqil
