#include "widgets/TimelinePlot.h"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr double kFewestSteps = 4;
constexpr double kReadoutWidth = 86;  ///< units: the column at the right with the values at the cursor
const QString kBandLayer = QStringLiteral("bands");
const QString kCursorLayer = QStringLiteral("cursor");

/// A little more than asked, so that curves do not touch the frame.
double roundedTop(const std::vector<float>& values, const std::optional<double>& threshold) {
    double top = threshold && std::isfinite(*threshold) ? *threshold : 0.0;
    for (const float value : values)
        if (std::isfinite(value))
            top = std::max(top, static_cast<double>(value));
    return top > 0 ? top * 1.12 : 1.0;
}

double lowest(const std::vector<float>& values) {
    double bottom = 0;
    for (const float value : values)
        if (std::isfinite(value))
            bottom = std::min(bottom, static_cast<double>(value));
    return bottom * 1.12;
}

}  // namespace

/// The items of one track.
struct TimelinePlot::Row {
    QCPAxisRect* area = nullptr;
    QCPGraph* graph = nullptr;
    StepBands* bands = nullptr;
    StepBands* missing = nullptr;
    QCPItemStraightLine* threshold = nullptr;
    QCPItemText* thresholdLabel = nullptr;
    QCPItemStraightLine* cursor = nullptr;
    QCPItemTracer* dot = nullptr;
    QCPItemText* name = nullptr;
    QCPItemText* value = nullptr;
    QCPItemText* axisUnit = nullptr;  ///< "step", beside the tick labels
    QCPItemText* secondsUnit = nullptr;
    QCPItemStraightLine* hover = nullptr;
    QCPItemText* hoverLabel = nullptr;

    QCPAxis* x() const { return area->axis(QCPAxis::atBottom); }
    QCPAxis* y() const { return area->axis(QCPAxis::atLeft); }
};

TimelinePlot::TimelinePlot(QWidget* parent)
    : QCustomPlot(parent), theme_(PlotTheme::of(palette(), font())), margins_(new QCPMarginGroup(this)) {
    setAccessibleName(tr("Timeline"));
    setFocusPolicy(Qt::ClickFocus);
    setMouseTracking(true);
    setNoAntialiasingOnDrag(false);
    addLayer(kBandLayer, layer(QStringLiteral("background")), limAbove);
    addLayer(kCursorLayer, layer(QStringLiteral("overlay")), limBelow);
    // A buffer of its own: following the mouse repaints the cursor alone.
    layer(kCursorLayer)->setMode(QCPLayer::lmBuffered);
    plotLayout()->clear();
    plotLayout()->setRowSpacing(0);
    setMinimumHeight(120);
}

TimelinePlot::~TimelinePlot() = default;

void TimelinePlot::setTheme(const PlotTheme& theme) {
    theme_ = theme;
    ownTheme_ = true;
    rebuildRows();
}

void TimelinePlot::changeEvent(QEvent* event) {
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && !ownTheme_) {
        theme_ = PlotTheme::of(palette(), font());
        if (margins_)
            rebuildRows();
    }
    QCustomPlot::changeEvent(event);
}

void TimelinePlot::setSteps(qint64 steps, double stepsPerSecond) {
    steps_ = std::max<qint64>(0, steps);
    stepsPerSecond_ = stepsPerSecond;
    cursor_ = 0;
    tracks_.clear();
    bands_.clear();
    rebuildRows();
    showEverything();
}

void TimelinePlot::setTracks(std::vector<Track> tracks) {
    const bool sameRows = tracks.size() == tracks_.size() &&
                          std::equal(tracks.begin(), tracks.end(), tracks_.begin(), [](const Track& a, const Track& b) {
                              return a.name == b.name && a.unit == b.unit && a.compared == b.compared;
                          });
    tracks_ = std::move(tracks);
    if (!sameRows) {
        rebuildRows();
        return;
    }
    for (std::size_t index = 0; index < rows_.size(); ++index)
        fillRow(index);
    placeCursor();
    replot(rpQueuedReplot);
}

void TimelinePlot::setBands(std::vector<StepBands::Interval> bands) {
    bands_ = std::move(bands);
    for (Row& row : rows_)
        row.bands->setIntervals(bands_);
    replot(rpQueuedReplot);
}

void TimelinePlot::rebuildRows() {
    const QCPRange range = visibleSteps();
    clearItems();
    clearGraphs();
    rows_.clear();
    plotLayout()->clear();
    setBackground(theme_.background);
    for (std::size_t index = 0; index < tracks_.size(); ++index) {
        Row row;
        row.area = new QCPAxisRect(this, true);
        plotLayout()->addElement(static_cast<int>(index), 0, row.area);
        row.area->setMarginGroup(QCP::msLeft | QCP::msRight, margins_);
        for (QCPAxis* axis : row.area->axes())
            axis->setLayer(QStringLiteral("axes"));
        row.x()->grid()->setLayer(QStringLiteral("grid"));
        row.y()->grid()->setLayer(QStringLiteral("grid"));
        row.graph = addGraph(row.x(), row.y());
        row.bands = new StepBands(this, row.area);
        row.missing = new StepBands(this, row.area);
        for (StepBands* bands : {row.bands, row.missing})
            bands->setLayer(kBandLayer);
        row.threshold = new QCPItemStraightLine(this);
        row.thresholdLabel = new QCPItemText(this);
        row.hover = new QCPItemStraightLine(this);
        row.hoverLabel = new QCPItemText(this);
        row.cursor = new QCPItemStraightLine(this);
        row.dot = new QCPItemTracer(this);
        for (QCPItemText** text : {&row.name, &row.value, &row.axisUnit, &row.secondsUnit})
            *text = new QCPItemText(this);
        for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{
                 row.threshold, row.thresholdLabel, row.hover, row.hoverLabel, row.cursor, row.dot, row.name, row.value,
                 row.axisUnit, row.secondsUnit}) {
            item->setClipAxisRect(row.area);
            item->setSelectable(false);
            for (QCPItemPosition* position : item->positions())
                position->setAxes(row.x(), row.y()), position->setAxisRect(row.area);
        }
        for (QCPAbstractItem* item :
             std::initializer_list<QCPAbstractItem*>{row.hover, row.hoverLabel, row.cursor, row.dot, row.value})
            item->setLayer(kCursorLayer);
        styleRow(row, tracks_[index].compared);
        rows_.push_back(row);
        fillRow(index);
    }
    styleAxes();
    synchronizeRanges(range);
    placeHover(std::nullopt);
    placeCursor();
    replot(rpQueuedReplot);
}

void TimelinePlot::styleRow(Row& row, bool compared) {
    const double u = theme_.unit;
    const QColor colour = compared ? theme_.second : theme_.first;
    QColor fill = colour;
    fill.setAlpha(theme_.dark ? 56 : 44);
    row.graph->setPen(QPen(colour, 1.5 * u, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    row.graph->setBrush(fill);
    row.graph->setAdaptiveSampling(true);
    row.bands->setBrush(theme_.band);
    row.missing->setBrush(QBrush(theme_.missing, Qt::BDiagPattern));

    row.threshold->setPen(QPen(theme_.bandEdge, 1.25 * u, Qt::DashLine));
    const QFont small = theme_.scaled(0.92);
    row.thresholdLabel->setFont(small);
    row.thresholdLabel->setColor(theme_.muted);
    row.thresholdLabel->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    row.thresholdLabel->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    row.thresholdLabel->setPadding(QMargins(0, 0, qRound(4 * u), qRound(u)));

    row.cursor->setPen(QPen(theme_.cursor, 1.25 * u));
    row.hover->setPen(QPen(theme_.muted, u, Qt::DotLine));
    row.dot->setStyle(QCPItemTracer::tsCircle);
    row.dot->setSize(7 * u);
    row.dot->setPen(QPen(theme_.background, 1.25 * u));
    row.dot->setBrush(colour);
    row.hoverLabel->setFont(small);
    row.hoverLabel->setPadding(QMargins(qRound(4 * u), qRound(u), qRound(4 * u), qRound(u)));
    row.hoverLabel->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    // The values at the cursor have a column of their own: they never cover a curve.
    for (QCPItemText* text : {row.name, row.value, row.axisUnit, row.secondsUnit}) {
        text->setClipToAxisRect(false);
        text->position->setType(QCPItemPosition::ptAxisRectRatio);
        text->setFont(small);
        text->setColor(theme_.muted);
        text->setTextAlignment(Qt::AlignLeft);
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    }
    const int indent = qRound(9 * u);
    row.name->position->setCoords(1, 0);
    row.name->setPadding(QMargins(indent, 0, 0, 0));
    row.value->position->setCoords(1, 0);
    row.value->setFont(theme_.scaled(1.15, true));
    row.value->setColor(colour);
    row.value->setPadding(QMargins(indent, qRound(QFontMetricsF(small).height() + u), 0, 0));
    row.axisUnit->position->setCoords(1, 1);
    row.axisUnit->setPadding(QMargins(indent, qRound(6 * u), 0, 0));
    row.axisUnit->setText(tr("step"));
    row.secondsUnit->position->setCoords(1, 0);
    row.secondsUnit->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
    row.secondsUnit->setPadding(QMargins(indent, 0, 0, qRound(6 * u)));
    row.secondsUnit->setText(tr("seconds"));
    row.hoverLabel->setColor(theme_.text);
    QColor backdrop = theme_.panel;
    backdrop.setAlpha(230);
    row.hoverLabel->setBrush(backdrop);
    row.hoverLabel->setPen(QPen(theme_.grid, u));
}

void TimelinePlot::styleAxes() {
    const double u = theme_.unit;
    const QFont small = theme_.scaled(0.92);
    const auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(1);
    ticker->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    ticker->setTickCount(9);
    for (std::size_t index = 0; index < rows_.size(); ++index) {
        Row& row = rows_[index];
        const bool first = index == 0, last = index + 1 == rows_.size();
        for (QCPAxis* axis : row.area->axes()) {
            axis->setTickLabelFont(small);
            axis->setLabelFont(small);
            axis->setTickLabelColor(theme_.muted);
            axis->setLabelColor(theme_.text);
            axis->setBasePen(QPen(theme_.grid.darker(theme_.dark ? 100 : 115), u));
            axis->setTickPen(QPen(theme_.muted, u));
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLengthIn(0);
            axis->setTickLengthOut(qRound(3 * u));
            axis->setTickLabelPadding(qRound(3 * u));
            axis->setLabelPadding(qRound(4 * u));
            axis->grid()->setPen(QPen(theme_.grid, u));
            axis->grid()->setZeroLinePen(QPen(theme_.grid, u));
        }
        row.x()->setTicker(ticker);
        row.x()->setTickLabels(last);
        row.x()->setTicks(last);
        row.axisUnit->setVisible(last);
        row.secondsUnit->setVisible(first && stepsPerSecond_ > 0);
        row.name->setText(tracks_[index].name);
        row.y()->ticker()->setTickCount(3);
        row.y()->setNumberFormat(QStringLiteral("gb"));
        row.y()->setNumberPrecision(3);
        row.y()->setLabel(tracks_[index].unit);
        QCPAxis* seconds = row.area->axis(QCPAxis::atTop);
        const bool showSeconds = first && stepsPerSecond_ > 0;
        seconds->setVisible(true);
        seconds->setTicks(showSeconds);
        seconds->setTickLabels(showSeconds);
        seconds->grid()->setVisible(false);
        QCPAxis* right = row.area->axis(QCPAxis::atRight);
        right->setVisible(true);
        right->setTicks(false);
        right->setTickLabels(false);
        row.area->setMinimumMargins(
            QMargins(0, qRound((first ? 4 : 3) * u), qRound(kReadoutWidth * u), qRound((last ? 2 : 4) * u)));
    }
    plotLayout()->setMargins(QMargins(qRound(4 * u), qRound(2 * u), 0, qRound(2 * u)));
    if (!rows_.empty()) {
        QList<double> factors(static_cast<int>(rows_.size()), 1.0);
        factors[0] = 1.3;
        plotLayout()->setRowStretchFactors(factors);
    }
}

void TimelinePlot::fillRow(std::size_t index) {
    Row& row = rows_[index];
    const Track& track = tracks_[index];
    const auto value = [&](qint64 step) {
        return static_cast<std::size_t>(step) < track.values.size() ? double(track.values[std::size_t(step)])
                                                                    : std::nan("");
    };
    QVector<QCPGraphData> points;
    points.reserve(static_cast<int>(steps_));
    for (qint64 step = 0; step < steps_; ++step)
        points.append(QCPGraphData(double(step), value(step)));
    row.graph->data()->set(points, true);
    row.y()->setRange(lowest(track.values), roundedTop(track.values, track.threshold));
    row.bands->setIntervals(bands_);
    row.missing->setIntervals(StepBands::where(steps_, [&](qint64 step) { return !std::isfinite(value(step)); }));

    const bool hasThreshold = track.threshold && std::isfinite(*track.threshold);
    row.threshold->setVisible(hasThreshold);
    row.thresholdLabel->setVisible(hasThreshold && !track.thresholdLabel.isEmpty());
    if (hasThreshold) {
        row.threshold->point1->setCoords(0, *track.threshold);
        row.threshold->point2->setCoords(1, *track.threshold);
        row.thresholdLabel->setText(track.thresholdLabel);
        row.thresholdLabel->position->setCoords(1, *track.threshold);
    }
}

QCPRange TimelinePlot::visibleSteps() const {
    if (rows_.empty())
        return {-0.5, std::max(0.5, double(steps_) - 0.5)};
    return rows_.front().x()->range();
}

void TimelinePlot::setVisibleSteps(QCPRange range) {
    const double whole = std::max(1.0, double(steps_));
    const double size = std::clamp(range.size(), std::min(kFewestSteps, whole), whole);
    const double lower = std::clamp(range.center() - size / 2, -0.5, whole - 0.5 - size);
    synchronizeRanges({lower, lower + size});
    placeCursor();
    replot(rpQueuedReplot);
}

void TimelinePlot::showEverything() {
    setVisibleSteps({-0.5, double(steps_) - 0.5});
}

void TimelinePlot::synchronizeRanges(QCPRange range) {
    for (const Row& row : rows_) {
        row.x()->setRange(range);
        const double rate = stepsPerSecond_ > 0 ? stepsPerSecond_ : 1.0;
        row.area->axis(QCPAxis::atTop)->setRange(range.lower / rate, range.upper / rate);
        row.area->axis(QCPAxis::atRight)->setRange(row.y()->range());
    }
}

void TimelinePlot::setCursorStep(qint64 step) {
    step = std::clamp<qint64>(step, 0, std::max<qint64>(0, steps_ - 1));
    if (step == cursor_)
        return;
    cursor_ = step;
    const QCPRange range = visibleSteps();
    if (double(step) < range.lower || double(step) > range.upper) {
        // Scrolled by a third of the width beyond the cursor: playing on does not scroll at every step.
        const double shift =
            double(step) < range.lower ? double(step) - range.size() / 3 : double(step) - range.size() * 2 / 3;
        setVisibleSteps({shift, shift + range.size()});
        return;
    }
    placeCursor();
    layer(kCursorLayer)->replot();
}

QString TimelinePlot::describe(qint64 step) const {
    return stepsPerSecond_ > 0
               ? tr("step %1 · %2 s").arg(step).arg(QLocale().toString(double(step) / stepsPerSecond_, 'f', 2))
               : tr("step %1").arg(step);
}

QString TimelinePlot::labelOf(std::size_t track, qint64 step) const {
    const auto& values = tracks_[track].values;
    const double value = std::size_t(step) < values.size() ? double(values[std::size_t(step)]) : std::nan("");
    return tracks_[track].name + QLatin1Char(' ') + significant(value);
}

void TimelinePlot::placeCursor() {
    for (std::size_t index = 0; index < rows_.size(); ++index) {
        Row& row = rows_[index];
        const auto& values = tracks_[index].values;
        const double value = std::size_t(cursor_) < values.size() ? double(values[std::size_t(cursor_)]) : std::nan("");
        row.cursor->point1->setCoords(double(cursor_), 0);
        row.cursor->point2->setCoords(double(cursor_), 1);
        row.dot->setVisible(std::isfinite(value));
        row.dot->position->setCoords(double(cursor_), std::isfinite(value) ? value : 0);
        row.value->setText(significant(value));
        const bool hasSteps = steps_ > 0;
        row.cursor->setVisible(hasSteps);
        row.value->setVisible(hasSteps);
    }
}

void TimelinePlot::placeHover(std::optional<qint64> step) {
    for (std::size_t index = 0; index < rows_.size(); ++index) {
        Row& row = rows_[index];
        row.hover->setVisible(step.has_value());
        row.hoverLabel->setVisible(step.has_value());
        if (!step)
            continue;
        row.hover->point1->setCoords(double(*step), 0);
        row.hover->point2->setCoords(double(*step), 1);
        const QString value = labelOf(index, *step);
        row.hoverLabel->setText(index == 0 ? describe(*step) + QStringLiteral(" · ") + value : value);
        const bool rightHalf = double(*step) > row.x()->range().center();
        row.hoverLabel->setPositionAlignment((rightHalf ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        row.hoverLabel->position->setCoords(double(*step), 0);
    }
}

qint64 TimelinePlot::stepAt(double x) const {
    if (rows_.empty())
        return 0;
    const double step = rows_.front().x()->pixelToCoord(x);
    return std::clamp<qint64>(std::llround(step), 0, std::max<qint64>(0, steps_ - 1));
}

double TimelinePlot::pixelOf(qint64 step) const {
    return rows_.empty() ? 0 : rows_.front().x()->coordToPixel(double(step));
}

QRect TimelinePlot::trackRect(std::size_t index) const {
    return index < rows_.size() ? rows_[index].area->rect() : QRect();
}

bool TimelinePlot::overAxis(const QPointF& position) const {
    return std::none_of(rows_.begin(), rows_.end(),
                        [&](const Row& row) { return row.area->rect().contains(position.toPoint()); });
}

void TimelinePlot::mousePressEvent(QMouseEvent* event) {
    if (rows_.empty() || steps_ == 0)
        return;
    const bool left = event->button() == Qt::LeftButton;
    if (left && !(event->modifiers() & Qt::ShiftModifier) && !overAxis(event->position())) {
        drag_ = Drag::Cursor;
        placeHover(std::nullopt);
        emit cursorMoved(stepAt(event->position().x()));
    } else {
        drag_ = Drag::Pan;
        dragX_ = event->position().x();
        dragRange_ = visibleSteps();
        setCursor(Qt::ClosedHandCursor);
    }
}

void TimelinePlot::mouseMoveEvent(QMouseEvent* event) {
    if (rows_.empty())
        return;
    if (drag_ == Drag::Cursor) {
        emit cursorMoved(stepAt(event->position().x()));
    } else if (drag_ == Drag::Pan) {
        const double width = std::max(1, rows_.front().area->width());
        const double shift = (dragX_ - event->position().x()) / width * dragRange_.size();
        setVisibleSteps({dragRange_.lower + shift, dragRange_.upper + shift});
    } else {
        placeHover(overAxis(event->position()) ? std::nullopt : std::optional(stepAt(event->position().x())));
        layer(kCursorLayer)->replot();
    }
}

void TimelinePlot::mouseReleaseEvent(QMouseEvent*) {
    drag_ = Drag::None;
    unsetCursor();
}

void TimelinePlot::mouseDoubleClickEvent(QMouseEvent*) {
    showEverything();
}

void TimelinePlot::wheelEvent(QWheelEvent* event) {
    if (rows_.empty() || steps_ == 0)
        return;
    const QCPRange range = visibleSteps();
    const QPoint delta = event->angleDelta();
    const bool pan = (event->modifiers() & Qt::ShiftModifier) || std::abs(delta.x()) > std::abs(delta.y());
    if (pan) {
        const double notches = (delta.x() != 0 ? delta.x() : delta.y()) / 120.0;
        const double shift = -notches * range.size() * 0.1;
        setVisibleSteps({range.lower + shift, range.upper + shift});
    } else {
        const double anchor = rows_.front().x()->pixelToCoord(event->position().x());
        const double whole = std::max(1.0, double(steps_));
        const double size =
            std::clamp(range.size() * std::pow(0.8, delta.y() / 120.0), std::min(kFewestSteps, whole), whole);
        const double lower = anchor - (anchor - range.lower) / range.size() * size;
        setVisibleSteps({lower, lower + size});
    }
    event->accept();
}

void TimelinePlot::leaveEvent(QEvent* event) {
    placeHover(std::nullopt);
    layer(kCursorLayer)->replot();
    QCustomPlot::leaveEvent(event);
}

}  // namespace sqil
