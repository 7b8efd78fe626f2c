#include "widgets/IntervalBars.h"

#include <QToolTip>
#include <cmath>

#include "widgets/Numbers.h"
#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr double kGroupWidth = 0.78;
constexpr std::size_t kMostLabelled = 14;  // bars; more would write over each other

}  // namespace

IntervalBars::IntervalBars(QWidget* parent) : ThemedPlot(parent) {
    setMinimumSize(160, 110);
    setMouseTracking(true);
    setNoAntialiasingOnDrag(false);
    plotLayout()->insertRow(0);  // the legend above the bars, never over them
    plotLayout()->addElement(0, 0, legend);
    plotLayout()->setRowStretchFactor(0, 0.001);
    legend->setFillOrder(QCPLegend::foColumnsFirst);
    legend->setWrap(2);
    rebuild();
}

void IntervalBars::setBars(const QStringList& groups, std::vector<Series> series, const QString& axis,
                           const QString& unit) {
    groups_ = groups;
    series_ = std::move(series);
    axis_ = axis;
    unit_ = unit;
    rebuild();
}

double IntervalBars::placeOf(std::size_t series, int group) const {
    const double width = kGroupWidth / double(series_.size());
    return group - kGroupWidth / 2 + width * (double(series) + 0.5);
}

double IntervalBars::leastValue() const {
    double least = INFINITY;
    for (const Series& one : series_)
        for (const IntervalBar& bar : one.bars)
            if (bar.value > 0)
                least = std::min(least, bar.value);
    return least;
}

/// On a linear axis the shortest bars could not be seen.
bool IntervalBars::spansDecades() const {
    double most = 0;
    for (const Series& one : series_)
        for (const IntervalBar& bar : one.bars)
            if (std::isfinite(bar.value))
                most = std::max(most, bar.value);
    return most > 30 * leastValue();
}

void IntervalBars::rebuild() {
    clearPlottables();
    clearItems();
    const double u = theme().unit;
    setBackground(theme().background);
    styleAxes(*axisRect(), theme());
    yAxis->setLabel(axis_);
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int group = 0; group < groups_.size(); ++group)
        ticker->addTick(group, groups_[group]);
    xAxis->setTicker(ticker);
    xAxis->setSubTicks(false);
    xAxis->grid()->setVisible(false);
    xAxis->setRange(-0.6, std::max<double>(double(groups_.size()), 1) - 0.4);
    const bool logarithmic = spansDecades();
    yAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(logarithmic ? new QCPAxisTickerLog : new QCPAxisTicker));
    yAxis->setNumberFormat(QStringLiteral("gb"));
    yAxis->setNumberPrecision(4);
    const double base = logarithmic ? leastValue() / 2 : 0;
    const bool labelled = std::size_t(groups_.size()) * series_.size() <= kMostLabelled;
    double highest = 0;
    for (std::size_t index = 0; index < series_.size(); ++index) {
        auto* bars = new QCPBars(xAxis, yAxis);
        bars->setWidth(kGroupWidth / double(series_.size()) * 0.92);
        bars->setBaseValue(base);
        bars->setName(series_[index].name);
        const QColor colour = index == 0 ? theme().first : theme().compared(index - 1);
        bars->setPen(Qt::NoPen);
        bars->setBrush(colour);
        auto* errors = new QCPErrorBars(xAxis, yAxis);
        errors->setDataPlottable(bars);
        errors->setPen(QPen(theme().text, 1.25 * u));
        errors->setWhiskerWidth(6 * u);
        errors->setSymbolGap(0);
        errors->removeFromLegend();
        for (int group = 0; group < groups_.size() && std::size_t(group) < series_[index].bars.size(); ++group) {
            const IntervalBar& bar = series_[index].bars[std::size_t(group)];
            if (!std::isfinite(bar.value))
                continue;
            const double low = std::isfinite(bar.low) ? bar.low : bar.value;
            const double high = std::isfinite(bar.high) ? bar.high : bar.value;
            bars->addData(placeOf(index, group), bar.value - base);  // its height, from where it stands
            errors->addData(std::max(0.0, bar.value - std::max(low, base)), std::max(0.0, high - bar.value));
            highest = std::max({highest, bar.value, high});
            if (!labelled)
                continue;
            auto* text = new QCPItemText(this);
            text->setText(significant(bar.value));
            text->setFont(theme().scaled(0.86));
            text->setColor(theme().text);
            text->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
            text->position->setCoords(placeOf(index, group), std::max(bar.value, high));
            text->setPadding(QMargins(0, 0, 0, qRound(3 * u)));
            text->setClipToAxisRect(true);
            text->setSelectable(false);
        }
    }
    yAxis->setRange(base, highest > 0 ? highest * (logarithmic ? 2 : 1.18) : 1);
    legend->setVisible(series_.size() > 1);
    if (series_.size() < 2)
        legend->clearItems();  // it would keep their room
    // Without entries it would hold the plot's column to its own width.
    constexpr int anyWidth = 1 << 20;
    legend->setMaximumSize(anyWidth, series_.size() > 1 ? QWIDGETSIZE_MAX : 0);
    legend->setFont(theme().scaled(0.92));
    legend->setTextColor(theme().text);
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(Qt::NoPen);
    replot(rpQueuedReplot);
}

QString IntervalBars::textAt(const QPointF& pixel) const {
    const double x = xAxis->pixelToCoord(pixel.x()), y = yAxis->pixelToCoord(pixel.y());
    for (std::size_t index = 0; index < series_.size(); ++index)
        for (int group = 0; group < groups_.size() && std::size_t(group) < series_[index].bars.size(); ++group) {
            const IntervalBar& bar = series_[index].bars[std::size_t(group)];
            if (!std::isfinite(bar.value) || y < yAxis->range().lower || y > std::max(bar.value, bar.high) ||
                std::abs(x - placeOf(index, group)) > kGroupWidth / double(series_.size()) / 2)
                continue;
            QString text = QStringLiteral("%1\n%2: %3 %4")
                               .arg(series_[index].name, groups_[group], significant(bar.value, 4), unit_);
            if (std::isfinite(bar.low) && std::isfinite(bar.high))
                text += QLatin1Char('\n') + tr("95 % interval of the median: %1 to %2 %3")
                                                .arg(significant(bar.low, 4), significant(bar.high, 4), unit_);
            return text;
        }
    return {};
}

void IntervalBars::mouseMoveEvent(QMouseEvent* event) {
    QCustomPlot::mouseMoveEvent(event);
    if (const QString text = textAt(event->position()); text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

}  // namespace sqil
