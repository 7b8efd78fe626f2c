#include "widgets/HistogramPlot.h"

#include <algorithm>

namespace sqil {

HistogramPlot::HistogramPlot(QWidget* parent) : ThemedPlot(parent) {
    setMinimumHeight(90);
    plotLayout()->insertRow(0);
    title_ = new QCPTextElement(this);
    plotLayout()->addElement(0, 0, title_);
    plotLayout()->setRowSpacing(0);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    before_ = addGraph();
    before_->setLineStyle(QCPGraph::lsStepCenter);
    after_ = new QCPBars(xAxis, yAxis);
    empty_ = new QCPItemText(this);
    empty_->position->setType(QCPItemPosition::ptAxisRectRatio);
    empty_->position->setCoords(0.5, 0.5);
    legend->setVisible(true);
    axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    yAxis->setTickLabels(false);
    yAxis->setTicks(false);
    xAxis->ticker()->setTickCount(4);
    clearCounts({});
    style();
}

void HistogramPlot::setTitle(const QString& title) {
    title_->setText(title);
    setAccessibleName(title);
    replot(rpQueuedReplot);
}

void HistogramPlot::setNames(const QString& before, const QString& after) {
    before_->setName(before);
    after_->setName(after);
    setToolTip(tr("Area: %1; bars: %2. Each has its own scale.").arg(before, after));
}

void HistogramPlot::setCounts(const Counts& counts) {
    counts_ = counts;
    fill();
}

void HistogramPlot::clearCounts(const QString& why) {
    counts_ = {};
    empty_->setText(why);
    fill();
}

/// The tallest bin of either fills the height: rounding puts into one bin what many held before, so each has its own
/// scale.
void HistogramPlot::fill() {
    const std::size_t bins = counts_.before.size();
    const double width = bins == 0 ? 1 : (counts_.maximum - counts_.minimum) / double(bins);
    const auto shares = [](const std::vector<std::int64_t>& counts) {
        const double most =
            counts.empty() ? 1 : double(std::max<std::int64_t>(1, *std::max_element(counts.begin(), counts.end())));
        QVector<double> values;
        for (const std::int64_t count : counts)
            values << double(count) / most;
        return values;
    };
    QVector<double> places;
    for (std::size_t bin = 0; bin < bins; ++bin)
        places << counts_.minimum + (double(bin) + 0.5) * width;
    before_->setData(places, shares(counts_.before), true);
    after_->setData(places, shares(counts_.after), true);
    after_->setWidth(width * 0.9);
    xAxis->setRange(counts_.minimum, bins == 0 ? 1 : counts_.maximum);
    yAxis->setRange(0, 1.08);
    const bool any = bins != 0;
    empty_->setVisible(!any);
    updateLegend();
    xAxis->setTickLabels(any);
    replot(rpQueuedReplot);
}

void HistogramPlot::style() {
    const PlotTheme& theme = this->theme();
    const double unit = theme.unit;
    const auto pixels = [unit](double length) { return qRound(length * unit); };
    setBackground(theme.background);
    const auto faded = [](QColor colour, int alpha) {
        colour.setAlpha(alpha);
        return colour;
    };
    before_->setPen(QPen(theme.first, 1.2 * unit));
    before_->setBrush(faded(theme.first, 60));
    after_->setPen(Qt::NoPen);
    after_->setBrush(faded(theme.second, 190));
    title_->setFont(theme.scaled(0.95, true));
    title_->setTextColor(theme.text);
    title_->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    empty_->setFont(theme.font);
    empty_->setColor(theme.muted);
    legend->setFont(theme.scaled(0.85));
    legend->setTextColor(theme.muted);
    legend->setBrush(faded(theme.background, 200));
    legend->setBorderPen(Qt::NoPen);
    legend->setIconSize(pixels(12), pixels(10));
    legend->setRowSpacing(0);
    legend->setMargins(QMargins(pixels(2), pixels(2), pixels(2), pixels(2)));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setBasePen(QPen(theme.grid, unit));
        axis->setTickPen(QPen(theme.grid, unit));
        axis->setTickLengthIn(pixels(5));
        axis->setTickLabelPadding(pixels(axis == xAxis ? 3 : 5));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(theme.muted);
        axis->setTickLabelFont(theme.scaled(0.85));
        axis->grid()->setVisible(false);
    }
    axisRect()->setMargins(QMargins(0, pixels(2), pixels(8), 0));
    replot(rpQueuedReplot);
}

/// A small plot has no room for names; they are in its tool tip.
void HistogramPlot::updateLegend() {
    legend->setVisible(!isEmpty() && legendShown_.value_or(height() > 130));
}

void HistogramPlot::setLegendShown(bool shown) {
    legendShown_ = shown;
    updateLegend();
}

void HistogramPlot::resizeEvent(QResizeEvent* event) {
    ThemedPlot::resizeEvent(event);
    updateLegend();
}

}  // namespace sqil
