#include "widgets/ScatterPlot.h"

#include <QMouseEvent>
#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {
namespace {

constexpr int kTickWidth = 90;  ///< pixels that a number on the x axis may take
constexpr double kClickPixels = 4;
constexpr double kMargin = 0.04;  ///< of the range, beside the outermost points
constexpr double kMostDecades = 8;
const QString kCursorLayer = QStringLiteral("cursor");

}  // namespace

ScatterPlot::ScatterPlot(QWidget* parent) : ThemedPlot(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setNoAntialiasingOnDrag(false);
    setMinimumSize(160, 120);
    addLayer(kCursorLayer, layer(QStringLiteral("overlay")), limBelow);
    layer(kCursorLayer)->setMode(QCPLayer::lmBuffered);

    density_ = new QCPItemPixmap(this);
    pickedDensity_ = new QCPItemPixmap(this);
    for (QCPItemPixmap* item : {density_, pickedDensity_}) {
        item->setLayer(QStringLiteral("main"));
        item->setScaled(true, Qt::IgnoreAspectRatio, Qt::FastTransformation);
        item->setVisible(false);
    }
    dots_ = addGraph();
    pickedDots_ = addGraph();
    for (QCPGraph* graph : {dots_, pickedDots_})
        graph->setLineStyle(QCPGraph::lsNone);
    horizontalLine_ = new QCPItemStraightLine(this);
    verticalLine_ = new QCPItemStraightLine(this);
    cursorX_ = new QCPItemStraightLine(this);
    cursorY_ = new QCPItemStraightLine(this);
    cursorDot_ = new QCPItemTracer(this);
    horizontalLabel_ = new QCPItemText(this);
    verticalLabel_ = new QCPItemText(this);
    band_ = new QCPItemRect(this);
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{
             cursorX_, cursorY_, cursorDot_, band_, horizontalLine_, verticalLine_, horizontalLabel_, verticalLabel_}) {
        item->setVisible(false);
        item->setSelectable(false);
    }
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{cursorX_, cursorY_, cursorDot_, band_})
        item->setLayer(kCursorLayer);
    xAxis->setNumberFormat(QStringLiteral("gb"));
    yAxis->setNumberFormat(QStringLiteral("gb"));
    for (QCPAxis* axis : {xAxis, yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, &ScatterPlot::axesChanged);
    style();
    applyScale();
}

void ScatterPlot::style() {
    const double u = theme().unit;
    const QFont small = theme().scaled(0.92);
    setBackground(theme().background);
    styleAxes(*axisRect(), theme());
    QColor dot = theme().first, picked = theme().second;
    dot.setAlpha(150);
    picked.setAlpha(220);
    dots_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, dot, dot, 4 * u));
    pickedDots_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, picked, picked, 5 * u));
    for (QCPItemStraightLine* line : {horizontalLine_, verticalLine_})
        line->setPen(QPen(theme().bandEdge, 1.25 * u, Qt::DashLine));
    for (QCPItemText* text : {horizontalLabel_, verticalLabel_}) {
        text->setFont(small);
        text->setColor(theme().muted);
        text->setSelectable(false);
        text->setPadding(QMargins(qRound(4 * u), qRound(u), qRound(4 * u), qRound(u)));
    }
    QColor backdrop = theme().background;
    backdrop.setAlpha(200);
    for (QCPItemText* text : {horizontalLabel_, verticalLabel_})
        text->setBrush(backdrop);
    for (QCPItemStraightLine* line : {cursorX_, cursorY_})
        line->setPen(QPen(theme().cursor, u));
    cursorDot_->setStyle(QCPItemTracer::tsCircle);
    cursorDot_->setSize(8 * u);
    cursorDot_->setPen(QPen(theme().background, 1.25 * u));
    cursorDot_->setBrush(theme().cursor);
    band_->setPen(QPen(theme().second, u, Qt::DashLine));
    QColor fill = theme().second;
    fill.setAlpha(36);
    band_->setBrush(fill);
    replot(rpQueuedReplot);
}

void ScatterPlot::setAxisLabels(const QString& horizontal, const QString& vertical) {
    xAxis->setLabel(horizontal);
    yAxis->setLabel(vertical);
}

QCPRange ScatterPlot::limitsOf(double low, double high) const {
    if (!logarithmic_) {
        const double margin = std::max((high - low) * kMargin, 1e-12);
        return {std::min(low, 0.0) - (low < 0 ? margin : 0), high + margin};
    }
    if (!(high > 0))
        return {0.1, 1};
    const double lowest = std::max(low > 0 ? low : 0, high / std::pow(10, kMostDecades));
    const double factor = std::pow(high / lowest, kMargin) * 1.01;
    return {lowest / factor, high * factor};
}

void ScatterPlot::setLimits(const QRectF& limits) {
    const bool whole = limits_.isNull() || (xAxis->range().lower <= limitsOf(limits_.left(), limits_.right()).lower &&
                                            xAxis->range().upper >= limitsOf(limits_.left(), limits_.right()).upper);
    limits_ = limits;
    if (whole)
        showEverything();
}

void ScatterPlot::setLogarithmic(bool logarithmic) {
    if (logarithmic == logarithmic_)
        return;
    logarithmic_ = logarithmic;
    applyScale();
    showEverything();
}

void ScatterPlot::applyScale() {
    for (QCPAxis* axis : {xAxis, yAxis}) {
        if (logarithmic_)
            axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
        else
            axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        axis->setScaleType(logarithmic_ ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis->setNumberPrecision(3);  // significant digits: a short stretch of a logarithmic axis needs them, too
    }
    fitTicks();
}

void ScatterPlot::fitTicks() {
    xAxis->ticker()->setTickCount(std::clamp(width() / kTickWidth, 2, 5));
    yAxis->ticker()->setTickCount(5);
}

void ScatterPlot::showEverything() {
    xAxis->setRange(limitsOf(limits_.left(), limits_.right()));
    yAxis->setRange(limitsOf(limits_.top(), limits_.bottom()));
    replot(rpQueuedReplot);
}

void ScatterPlot::setDots(const QVector<double>& x, const QVector<double>& y) {
    dots_->setData(x, y);
    replot(rpQueuedReplot);
}

void ScatterPlot::setPickedDots(const QVector<double>& x, const QVector<double>& y) {
    pickedDots_->setData(x, y);
    replot(rpQueuedReplot);
}

void ScatterPlot::setDensity(const QImage& density, const QImage& picked, const ScatterAxis& horizontal,
                             const ScatterAxis& vertical) {
    const auto place = [&](QCPItemPixmap* item, const QImage& image) {
        item->setVisible(!image.isNull());
        if (image.isNull())
            return;
        item->setPixmap(QPixmap::fromImage(image));
        item->topLeft->setCoords(horizontal.lower, vertical.upper);
        item->bottomRight->setCoords(horizontal.upper, vertical.lower);
    };
    place(density_, density);
    place(pickedDensity_, picked);
    replot(rpQueuedReplot);
}

void ScatterPlot::setLines(double horizontalThreshold, const QString& horizontalLabel, double verticalThreshold,
                           const QString& verticalLabel) {
    const bool hasX = std::isfinite(horizontalThreshold), hasY = std::isfinite(verticalThreshold);
    verticalLine_->setVisible(hasX);
    horizontalLabel_->setVisible(hasX && !horizontalLabel.isEmpty());
    if (hasX) {  // a line up at a value of the horizontal axis
        verticalLine_->point1->setCoords(horizontalThreshold, 1);
        verticalLine_->point2->setCoords(horizontalThreshold, 2);
        horizontalLabel_->setText(horizontalLabel);
        horizontalLabel_->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        horizontalLabel_->position->setCoords(horizontalThreshold, 1);
        horizontalLabel_->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
    }
    horizontalLine_->setVisible(hasY);
    verticalLabel_->setVisible(hasY && !verticalLabel.isEmpty());
    if (hasY) {
        horizontalLine_->point1->setCoords(1, verticalThreshold);
        horizontalLine_->point2->setCoords(2, verticalThreshold);
        verticalLabel_->setText(verticalLabel);
        verticalLabel_->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        verticalLabel_->position->setCoords(1, verticalThreshold);
        verticalLabel_->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    }
    replot(rpQueuedReplot);
}

void ScatterPlot::setCursorPoint(std::optional<QPointF> values) {
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{cursorX_, cursorY_, cursorDot_})
        item->setVisible(values.has_value());
    if (values) {
        cursorX_->point1->setCoords(values->x(), 1);
        cursorX_->point2->setCoords(values->x(), 2);
        cursorY_->point1->setCoords(1, values->y());
        cursorY_->point2->setCoords(2, values->y());
        cursorDot_->position->setCoords(*values);
    }
    layer(kCursorLayer)->replot();
}

ScatterAxis ScatterPlot::horizontalAxis() const {
    return {xAxis->range().lower, xAxis->range().upper, logarithmic_};
}
ScatterAxis ScatterPlot::verticalAxis() const {
    return {yAxis->range().lower, yAxis->range().upper, logarithmic_};
}

QSize ScatterPlot::plotPixels() const {
    return (QSizeF(axisRect()->size()) * devicePixelRatioF()).toSize();
}

QPointF ScatterPlot::pixelOf(double x, double y) const {
    return {xAxis->coordToPixel(x), yAxis->coordToPixel(y)};
}

void ScatterPlot::axesChanged() {
    xAxis2->setRange(xAxis->range());
    yAxis2->setRange(yAxis->range());
    emit densityWanted();
}

void ScatterPlot::resizeEvent(QResizeEvent* event) {
    QCustomPlot::resizeEvent(event);
    fitTicks();
    emit densityWanted();
}

bool ScatterPlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QCustomPlot::event(event);
}

void ScatterPlot::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        emit brushCleared();
        return;
    }
    QCustomPlot::keyPressEvent(event);
}

void ScatterPlot::mousePressEvent(QMouseEvent* event) {
    dragFrom_ = event->position();
    dragX_ = xAxis->range();
    dragY_ = yAxis->range();
    drag_ = event->button() == Qt::LeftButton ? Drag::Brush : Drag::Pan;
}

void ScatterPlot::mouseMoveEvent(QMouseEvent* event) {
    if (drag_ == Drag::Brush) {
        const QRectF area = QRectF(dragFrom_, event->position()).normalized().intersected(axisRect()->rect());
        band_->setVisible(true);
        band_->topLeft->setCoords(xAxis->pixelToCoord(area.left()), yAxis->pixelToCoord(area.top()));
        band_->bottomRight->setCoords(xAxis->pixelToCoord(area.right()), yAxis->pixelToCoord(area.bottom()));
        layer(kCursorLayer)->replot();
    } else if (drag_ == Drag::Pan) {
        const auto pan = [&](QCPAxis* axis, const QCPRange& range, double pixels, double length) {
            const double share = pixels / std::max(1.0, length);
            if (logarithmic_) {
                const double factor = std::pow(range.upper / range.lower, share);
                axis->setRange(range.lower * factor, range.upper * factor);
            } else {
                axis->setRange(range.lower + share * range.size(), range.upper + share * range.size());
            }
        };
        pan(xAxis, dragX_, dragFrom_.x() - event->position().x(), axisRect()->width());
        pan(yAxis, dragY_, event->position().y() - dragFrom_.y(), axisRect()->height());
        replot(rpQueuedReplot);
    }
}

void ScatterPlot::mouseReleaseEvent(QMouseEvent* event) {
    const Drag drag = std::exchange(drag_, Drag::None);
    band_->setVisible(false);
    layer(kCursorLayer)->replot();
    if (drag != Drag::Brush)
        return;
    const QPointF moved = event->position() - dragFrom_;
    if (std::abs(moved.x()) < kClickPixels && std::abs(moved.y()) < kClickPixels) {
        if (axisRect()->rect().contains(event->position().toPoint()))
            emit clicked(event->position());
        return;
    }
    const QRectF area = QRectF(dragFrom_, event->position()).normalized().intersected(axisRect()->rect());
    const double left = xAxis->pixelToCoord(area.left()), right = xAxis->pixelToCoord(area.right());
    const double low = yAxis->pixelToCoord(area.bottom()), high = yAxis->pixelToCoord(area.top());
    emit brushed({left, low, right - left, high - low});
}

void ScatterPlot::mouseDoubleClickEvent(QMouseEvent*) {
    showEverything();
}

void ScatterPlot::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    const double factor = std::pow(0.85, notches);
    xAxis->scaleRange(factor, xAxis->pixelToCoord(event->position().x()));
    yAxis->scaleRange(factor, yAxis->pixelToCoord(event->position().y()));
    replot(rpQueuedReplot);
    event->accept();
}

}  // namespace sqil
