#include "widgets/timeline/TimelinePlot.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <functional>

#include "widgets/timeline/MinimapPainter.h"
#include "widgets/timeline/ScenePainter.h"

namespace sqil {
namespace {

constexpr double kHandle = 5;         ///< pixels to either side of a line in which it can be taken hold of
constexpr double kNotchZoom = 1.25;   ///< of a notch of the wheel
constexpr double kPixelZoom = 0.006;  ///< of a pixel of a touchpad, as an exponent

}  // namespace

TimelinePlot::TimelinePlot(QWidget* parent) : QWidget(parent) {
    scene_.theme = PlotTheme::of(palette(), font());
    setAccessibleName(tr("Timeline"));
    setFocusPolicy(Qt::ClickFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMinimumHeight(110);
    relayout();
}

QSize TimelinePlot::minimumSizeHint() const {
    return {240, int(std::ceil(TimelineLayout::smallestHeight(scene_)))};
}

void TimelinePlot::setSteps(qint64 steps, double stepsPerSecond, std::vector<TimelineSegment> segments) {
    scene_.axis.setSteps(steps);
    scene_.stepsPerSecond = stepsPerSecond;
    scene_.segments = std::move(segments);
    scene_.cursor = 0;
    scene_.lanes.clear();
    scene_.critical.reset();
    scene_.flags.clear();
    hover_.reset();
    relayout();
    emit visibleChanged();
}

void TimelinePlot::setLanes(std::vector<TimelineLane> lanes) {
    scene_.lanes = std::move(lanes);
    const int height = std::max(110, minimumSizeHint().height());
    if (minimumHeight() != height)
        setMinimumHeight(height);
    updateGeometry();
    relayout();
}

void TimelinePlot::setThreshold(const QString& key, std::optional<double> threshold, const QString& label) {
    for (TimelineLane& lane : scene_.lanes)
        if (lane.key == key) {
            lane.threshold = threshold;
            lane.thresholdLabel = label;
        }
    redraw();
}

void TimelinePlot::setCritical(std::shared_ptr<const StepCounts> critical) {
    scene_.critical = std::move(critical);
    redraw();
}

void TimelinePlot::setPicked(std::shared_ptr<const StepCounts> picked) {
    if (!picked && !scene_.picked)
        return;
    scene_.picked = std::move(picked);
    redraw();
}

void TimelinePlot::setFlags(std::vector<TimelineFlag> flags) {
    if (flags == scene_.flags)
        return;
    scene_.flags = std::move(flags);
    redraw();
}

void TimelinePlot::seriesChanged() {
    redraw();
}

void TimelinePlot::setCursorStep(qint64 step) {
    step = std::clamp<qint64>(step, 0, std::max<qint64>(0, steps() - 1));
    if (step == scene_.cursor)
        return;
    scene_.cursor = step;
    if (scene_.axis.reveal(step)) {
        redraw();
        emit visibleChanged();
    }
    update();
}

void TimelinePlot::relayout() {
    layout_ = TimelineLayout::of(scene_, QRectF(rect()));
    scene_.axis.setPixels(layout_.top.left(), layout_.top.right());
    redraw();
}

void TimelinePlot::redraw() {
    isStale_ = true;
    update();
}

void TimelinePlot::changeVisible(const std::function<void(StepAxis&)>& change) {
    const StepRange before = visibleSteps();
    change(scene_.axis);
    if (before == visibleSteps())
        return;
    redraw();
    emit visibleChanged();
}

void TimelinePlot::setVisibleSteps(StepRange range) {
    changeVisible([&](StepAxis& axis) { axis.setVisible(range); });
}

void TimelinePlot::showEverything() {
    changeVisible([](StepAxis& axis) { axis.setVisible(axis.everything()); });
}

void TimelinePlot::zoomAtCursor(double factor) {
    const double x = pixelOf(scene_.cursor);
    const bool inView = visibleSteps().contains(double(scene_.cursor));
    changeVisible([&](StepAxis& axis) { axis.zoom(factor, inView ? x : (axis.left() + axis.right()) / 2); });
}

void TimelinePlot::panBy(double share) {
    changeVisible([&](StepAxis& axis) { axis.pan(share * (axis.right() - axis.left())); });
}

qint64 TimelinePlot::stepAt(double x) const {
    return scene_.axis.stepAt(x);
}

double TimelinePlot::pixelOf(qint64 step) const {
    return scene_.axis.pixelOf(double(step));
}

QRect TimelinePlot::laneRect(std::size_t index) const {
    return index < layout_.lanes.size() ? layout_.lanes[index].toRect() : QRect();
}

QRect TimelinePlot::minimapRect() const {
    return layout_.minimap.toRect();
}

double TimelinePlot::yOf(std::size_t lane, double value) const {
    return lane < layout_.lanes.size() ? laneY(layout_.lanes[lane], scene_.lanes[lane].scale(), value) : 0;
}

void TimelinePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        scene_.theme = PlotTheme::of(palette(), font());
        relayout();
    }
    QWidget::changeEvent(event);
}

void TimelinePlot::resizeEvent(QResizeEvent*) {
    relayout();
}

void TimelinePlot::paintEvent(QPaintEvent*) {
    const QSize pixels = size() * devicePixelRatioF();
    if (drawn_.size() != pixels) {
        drawn_ = QPixmap(pixels);
        drawn_.setDevicePixelRatio(devicePixelRatioF());
        isStale_ = true;
    }
    if (std::exchange(isStale_, false)) {
        QPainter painter(&drawn_);
        painter.setRenderHint(QPainter::Antialiasing);
        paintTimeline(painter, scene_, QRectF(rect()));
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, drawn_);
    painter.setRenderHint(QPainter::Antialiasing);
    paintTimelineCursor(painter, scene_, QRectF(rect()));
    if (hover_ && visibleSteps().contains(double(*hover_)))
        paintTimelineHover(painter, scene_, QRectF(rect()), *hover_);
}

std::optional<std::size_t> TimelinePlot::handleAt(const QPointF& position) const {
    for (std::size_t index = 0; index < scene_.lanes.size(); ++index) {
        const TimelineLane& lane = scene_.lanes[index];
        if (!lane.hasHandle || !lane.threshold || !std::isfinite(*lane.threshold))
            continue;
        const QRectF& box = layout_.lanes[index];
        const double y = yOf(index, *lane.threshold);
        // On the scale there is a handle; over the curve only the line itself, so that the cursor can be set anywhere.
        const double reach = position.x() < box.left() ? kHandle + 2 : kHandle - 2;
        if (std::abs(position.y() - y) <= reach && position.x() >= box.left() - 3 * kHandle &&
            position.x() <= box.right())
            return index;
    }
    return std::nullopt;
}

TimelinePlot::Drag TimelinePlot::dragAt(const QPointF& position, Qt::MouseButton button,
                                        Qt::KeyboardModifiers modifiers) {
    if (button == Qt::LeftButton && layout_.minimap.adjusted(-kHandle, 0, kHandle, 0).contains(position)) {
        if (!scene_.axis.showsEverything()) {
            const QRectF window = minimapWindow(scene_, layout_.minimap);
            if (std::abs(position.x() - window.left()) <= kHandle)
                return Drag::MinimapLeft;
            if (std::abs(position.x() - window.right()) <= kHandle)
                return Drag::MinimapRight;
        }
        return Drag::Minimap;
    }
    if (button != Qt::LeftButton || (modifiers & Qt::ShiftModifier))
        return Drag::Pan;
    if (const auto lane = handleAt(position)) {
        dragLane_ = *lane;
        dragScale_ = scene_.lanes[*lane].scale();
        return Drag::Threshold;
    }
    const bool overLanes = layout_.allLanes().adjusted(-1, 0, 1, 0).contains(position);
    return overLanes || layout_.top.contains(position) ? Drag::Cursor : Drag::Pan;
}

void TimelinePlot::mousePressEvent(QMouseEvent* event) {
    if (steps() == 0)
        return;
    const QPointF position = event->position();
    drag_ = dragAt(position, event->button(), event->modifiers());
    pressed_ = position;
    hasMoved_ = false;
    dragRange_ = visibleSteps();
    hover_.reset();
    if (drag_ == Drag::Cursor) {
        // A click on a pennant goes to its step, which may lie a few pixels beside.
        qint64 step = stepAt(position.x());
        if (layout_.top.contains(position))
            for (const TimelineFlag& flag : scene_.flags)
                if (position.x() >= pixelOf(flag.step) - 3 && position.x() <= pixelOf(flag.step) + 10)
                    step = flag.step;
        emit cursorMoved(step);
    } else if (drag_ == Drag::Minimap) {
        if (!minimapWindow(scene_, layout_.minimap).contains(position)) {  // elsewhere: there
            const double centre = minimapStep(layout_.minimap, steps(), position.x());
            setVisibleSteps({centre - dragRange_.size() / 2, centre + dragRange_.size() / 2});
            dragRange_ = visibleSteps();
        }
        if (scene_.axis.showsEverything())
            emit cursorMoved(std::llround(minimapStep(layout_.minimap, steps(), position.x())));
    }
    if (drag_ == Drag::Pan || drag_ == Drag::Minimap)
        setCursor(Qt::ClosedHandCursor);
    update();
}

void TimelinePlot::dragMinimap(double x) {
    const double steps = (x - pressed_.x()) / layout_.minimap.width() * double(this->steps());
    if (drag_ == Drag::MinimapLeft)
        setVisibleSteps({std::min(dragRange_.lower + steps, dragRange_.upper - 1), dragRange_.upper});
    else if (drag_ == Drag::MinimapRight)
        setVisibleSteps({dragRange_.lower, std::max(dragRange_.upper + steps, dragRange_.lower + 1)});
    else if (scene_.axis.showsEverything())
        emit cursorMoved(
            std::clamp<qint64>(std::llround(minimapStep(layout_.minimap, this->steps(), x)), 0, this->steps() - 1));
    else
        setVisibleSteps({dragRange_.lower + steps, dragRange_.upper + steps});
}

void TimelinePlot::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = event->position();
    hasMoved_ = hasMoved_ || (position - pressed_).manhattanLength() > 3;
    switch (drag_) {
        case Drag::Cursor:
            emit cursorMoved(stepAt(position.x()));
            break;
        case Drag::Pan: {
            const double shift = (pressed_.x() - position.x()) / scene_.axis.pixelsPerStep();
            setVisibleSteps({dragRange_.lower + shift, dragRange_.upper + shift});
            break;
        }
        case Drag::Threshold:
            emit thresholdMoved(scene_.lanes[dragLane_].key,
                                laneValue(layout_.lanes[dragLane_], dragScale_, position.y()));
            break;
        case Drag::Minimap:
        case Drag::MinimapLeft:
        case Drag::MinimapRight:
            dragMinimap(position.x());
            break;
        case Drag::None:
            updateShape(position);
            break;
    }
}

void TimelinePlot::updateShape(const QPointF& position) {
    const Drag would = steps() > 0 ? dragAt(position, Qt::LeftButton, {}) : Drag::None;
    const bool overLanes = layout_.laneAt(position) >= 0;
    showHover(overLanes && would == Drag::Cursor ? std::optional(stepAt(position.x())) : std::nullopt);
    if (would == Drag::Threshold)
        setCursor(Qt::SplitVCursor);
    else if (would == Drag::MinimapLeft || would == Drag::MinimapRight)
        setCursor(Qt::SplitHCursor);
    else if (would == Drag::Minimap && !scene_.axis.showsEverything())
        setCursor(Qt::OpenHandCursor);
    else
        unsetCursor();
}

void TimelinePlot::mouseReleaseEvent(QMouseEvent* event) {
    const Drag ended = std::exchange(drag_, Drag::None);
    unsetCursor();
    if (ended == Drag::Threshold)
        emit thresholdReleased(scene_.lanes[dragLane_].key);
    if (ended == Drag::Pan && event->button() == Qt::RightButton && !hasMoved_)
        emit menuRequested(event->globalPosition().toPoint(), stepAt(event->position().x()));
}

void TimelinePlot::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !handleAt(event->position()))
        showEverything();
}

void TimelinePlot::wheelEvent(QWheelEvent* event) {
    if (steps() == 0)
        return;
    const double x = std::clamp(event->position().x(), scene_.axis.left(), scene_.axis.right());
    const bool isTouchpad = !event->pixelDelta().isNull();
    const QPointF delta = isTouchpad ? QPointF(event->pixelDelta()) : QPointF(event->angleDelta()) / 120.0;
    const bool pan = (event->modifiers() & Qt::ShiftModifier) || std::abs(delta.x()) > std::abs(delta.y());
    const double along = delta.x() != 0 ? delta.x() : delta.y();
    changeVisible([&](StepAxis& axis) {
        if (pan)
            axis.pan(isTouchpad ? -along : -along * 0.1 * (axis.right() - axis.left()));
        else
            axis.zoom(isTouchpad ? std::exp(kPixelZoom * delta.y()) : std::pow(kNotchZoom, delta.y()), x);
    });
    event->accept();
}

void TimelinePlot::showHover(std::optional<qint64> step) {
    if (step == hover_)
        return;
    hover_ = step;
    update();
}

void TimelinePlot::leaveEvent(QEvent*) {
    showHover(std::nullopt);
}

bool TimelinePlot::event(QEvent* event) {
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            changeVisible([&](StepAxis& axis) { axis.zoom(1 + gesture->value(), gesture->position().x()); });
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (toolTip(help->pos(), help->globalPos()))
            return true;
    }
    return QWidget::event(event);
}

bool TimelinePlot::toolTip(const QPoint& position, const QPoint& global) {
    if (layout_.top.contains(position))
        for (const TimelineFlag& flag : scene_.flags)
            if (std::abs(pixelOf(flag.step) + 4 - position.x()) < 8) {
                QToolTip::showText(
                    global,
                    flag.text.isEmpty() ? describe(flag.step) : describe(flag.step) + QLatin1Char('\n') + flag.text,
                    this);
                return true;
            }
    for (std::size_t index = 0; index < layout_.lanes.size(); ++index) {
        const QRectF& box = layout_.lanes[index];
        if (position.x() < box.right() || position.y() < box.top() || position.y() > box.bottom())
            continue;
        const TimelineLane& lane = scene_.lanes[index];
        QStringList lines{lane.toolTip.isEmpty() ? lane.name : lane.toolTip};
        if (lane.series.size() > 1)
            for (const LaneSeries& one : lane.series)
                lines << one.name;
        QToolTip::showText(global, lines.join(QLatin1Char('\n')), this);
        return true;
    }
    return false;
}

}  // namespace sqil
