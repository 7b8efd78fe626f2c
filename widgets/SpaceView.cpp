#include "widgets/SpaceView.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>
#include <limits>

#include "widgets/PlotTheme.h"

namespace sqil {
namespace {

constexpr double kPickDistance = 14;  ///< pixels
constexpr double kDragDistance = 4;
constexpr float kFilled = 0.78f;  ///< of the view by the axes' box; the rest is for their texts
constexpr int kTicks = 5;         ///< wanted along the longest side

bool isFinite(const QVector3D& point) {
    return std::isfinite(point.x() + point.y() + point.z());
}

/// 1, 2 or 5 times a power of ten, about a `parts`-th of `length`.
float niceStep(float length, int parts) {
    const double raw = std::max(1e-9, double(length) / parts);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double share = raw / power;
    return float(power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10));
}

/// With as many decimals as tell ticks apart.
QString tickText(float value, float tick) {
    const int decimals = std::max(0, -int(std::floor(std::log10(double(tick)) + 1e-6)));
    const QString text = QLocale().toString(std::abs(double(value)), 'f', decimals);
    return value < -tick / 2 ? QStringLiteral("−") + text : text;
}

}  // namespace

SpaceView::SpaceView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Paths in space"));
    camera_.look(SpaceCamera::Preset::Isometric, {}, 1);
}

SpaceView::~SpaceView() = default;

bool SpaceView::hasRenderer() {
    if (!asked_) {
        asked_ = true;
        renderer_ = SpaceRenderer::make(problem_);
        if (!renderer_)
            emit problemChanged();
    }
    return renderer_ != nullptr;
}

void SpaceView::redraw() {
    dirty_ = true;
    update();
}

void SpaceView::setScene(SpaceScene scene, const std::array<QString, 3>& axes, const QString& unit, bool fitted) {
    scene_ = std::move(scene);
    axes_ = axes;
    unit_ = unit;
    sceneChanged_ = true;
    measure();
    const std::vector<SpaceLine> lines = axisLines();
    scene_.lines.insert(scene_.lines.end(), lines.begin(), lines.end());
    if (fitted)
        look(flat_ ? SpaceCamera::Preset::Top : SpaceCamera::Preset::Isometric);
    redraw();
}

void SpaceView::measure() {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    QVector3D low(infinity, infinity, infinity), high(-infinity, -infinity, -infinity);
    for (const SpacePath& path : scene_.paths)
        for (const QVector3D& point : path.points)
            if (isFinite(point))
                for (int axis = 0; axis < 3; ++axis) {
                    low[axis] = std::min(low[axis], point[axis]);
                    high[axis] = std::max(high[axis], point[axis]);
                }
    if (!isFinite(low)) {
        low = {-1, -1, -1};
        high = {1, 1, 1};
    }
    const QVector3D extent = high - low;
    flat_ = extent.z() == 0;
    tick_ = niceStep(std::max({extent.x(), extent.y(), extent.z(), 1e-6f}), kTicks);
    for (int axis = 0; axis < 3; ++axis) {
        low_[axis] = std::floor(low[axis] / tick_) * tick_;
        high_[axis] = std::ceil(high[axis] / tick_) * tick_;
    }
    if (flat_)
        low_.setZ(low.z()), high_.setZ(low.z());
}

/// A floor with a grid, and three edges for the ticks.
std::vector<SpaceLine> SpaceView::axisLines() const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const auto mixed = [&](double share) {
        const QColor &a = theme.background, &b = theme.text;
        return QColor::fromRgbF(a.redF() + share * (b.redF() - a.redF()),
                                a.greenF() + share * (b.greenF() - a.greenF()),
                                a.blueF() + share * (b.blueF() - a.blueF()))
            .rgb();
    };
    const QRgb faint = mixed(0.14), strong = mixed(0.45);
    std::vector<SpaceLine> lines;
    const int columns = qRound((high_.x() - low_.x()) / tick_), rows = qRound((high_.y() - low_.y()) / tick_);
    for (int column = 0; column <= columns; ++column) {
        const float x = low_.x() + float(column) * tick_;
        lines.push_back({{x, low_.y(), low_.z()}, {x, high_.y(), low_.z()}, faint});
    }
    for (int row = 0; row <= rows; ++row) {
        const float y = low_.y() + float(row) * tick_;
        lines.push_back({{low_.x(), y, low_.z()}, {high_.x(), y, low_.z()}, faint});
    }
    lines.push_back({low_, {high_.x(), low_.y(), low_.z()}, strong});
    lines.push_back({low_, {low_.x(), high_.y(), low_.z()}, strong});
    if (!flat_)
        lines.push_back({low_, {low_.x(), low_.y(), high_.z()}, strong});
    return lines;
}

void SpaceView::setMarker(std::optional<QVector3D> point) {
    if (point && !isFinite(*point))
        point.reset();
    if (point == marker_)
        return;
    marker_ = point;
    redraw();
}

void SpaceView::setMarkerColour(QColor colour) {
    markerColour_ = colour;
    redraw();
}

void SpaceView::setPicture(const QImage& picture) {
    picture_ = picture;
    update();  // over the frame: nothing is rendered again
}

void SpaceView::look(SpaceCamera::Preset preset) {
    const float radius = (high_ - low_).length() / 2;
    camera_.look(preset, (low_ + high_) / 2, radius);
    fitted_ = true;
    tighten();
    emit cameraMoved();
    redraw();
}

void SpaceView::fit() {
    camera_.fit((low_ + high_) / 2, (high_ - low_).length() / 2);
    fitted_ = true;
    tighten();
    emit cameraMoved();
    redraw();
}

void SpaceView::tighten() {
    if (size().isEmpty())
        return;
    for (int round = 0; round < 8; ++round) {
        const QMatrix4x4 matrix = camera_.matrix(size());
        float farthest = 0;
        for (int corner = 0; corner < 8; ++corner) {
            const QVector4D clip =
                matrix * QVector4D(corner & 1 ? high_.x() : low_.x(), corner & 2 ? high_.y() : low_.y(),
                                   corner & 4 ? high_.z() : low_.z(), 1);
            if (clip.w() > 0)
                farthest = std::max({farthest, std::abs(clip.x() / clip.w()), std::abs(clip.y() / clip.w())});
        }
        if (farthest > 0)
            camera_.distance *= farthest / kFilled;
    }
}

void SpaceView::moved() {
    fitted_ = false;
    emit cameraMoved();
    redraw();
}

void SpaceView::setOrthographic(bool orthographic) {
    camera_.orthographic = orthographic;
    if (fitted_)
        tighten();
    redraw();
}

std::optional<QPointF> SpaceView::positionOf(const QVector3D& point) const {
    return camera_.project(point, size());
}

void SpaceView::renderFrame(double scale, QImage& frame) {
    if (sceneChanged_) {
        renderer_->setScene(scene_);
        sceneChanged_ = false;
    }
    renderer_->setMarker(marker_, camera_.parallelScale() * 0.018f, markerColour_.rgba());
    frame = renderer_->render(camera_, (QSizeF(size()) * scale).toSize());
    frame.setDevicePixelRatio(scale);
}

void SpaceView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const PlotTheme theme = PlotTheme::of(palette(), font());
    if (!hasRenderer()) {
        painter.fillRect(rect(), theme.background);
        painter.setPen(theme.muted);
        painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, problem_);
        return;
    }
    if (dirty_) {
        renderFrame(devicePixelRatioF(), frame_);
        dirty_ = false;
        ++frames_;
    }
    if (frame_.isNull()) {
        painter.fillRect(rect(), theme.background);
        return;
    }
    painter.drawImage(0, 0, frame_);
    painter.setRenderHint(QPainter::Antialiasing);
    drawOver(painter, size());
}

QImage SpaceView::picture(double scale) {
    if (!hasRenderer() || size().isEmpty())
        return {};
    QImage image;
    renderFrame(scale, image);
    if (image.isNull())
        return {};
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    drawOver(painter, size());
    return image;
}

void SpaceView::drawOver(QPainter& painter, const QSizeF& size) const {
    drawAxes(painter, size);
    drawPicture(painter, size);
}

/// Ticks along the three edges, beside them on the side away from the middle of the box.
void SpaceView::drawAxes(QPainter& painter, const QSizeF& size) const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const QFont small = theme.scaled(0.85);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    const auto middle = camera_.project((low_ + high_) / 2, size);
    for (int axis = 0; axis < 3; ++axis) {
        if (axis == 2 && flat_)
            continue;
        QVector3D end = low_;
        end[axis] = high_[axis];
        const auto from = camera_.project(low_, size), to = camera_.project(end, size);
        if (!from || !to || !middle)
            continue;
        const QPointF along = *to - *from;
        const double length = std::hypot(along.x(), along.y());
        if (length < 24)
            continue;  // seen from its end
        QPointF outwards(-along.y() / length, along.x() / length);
        const QPointF towards = *middle - (*from + *to) / 2;
        if (QPointF::dotProduct(outwards, towards) > 0)
            outwards = -outwards;
        const int ticks = qRound((high_[axis] - low_[axis]) / tick_);
        const int every = std::max(1, int(std::ceil(ticks * (metrics.horizontalAdvance(QStringLiteral("−0.00")) + 8) /
                                                    std::max(1.0, length))));
        painter.setPen(theme.muted);
        for (int tick = 0; tick <= ticks; tick += every) {
            QVector3D place = low_;
            place[axis] += float(tick) * tick_;
            const auto position = camera_.project(place, size);
            if (!position)
                continue;
            const QString text = tickText(place[axis], tick_);
            const QPointF centre =
                *position + outwards * (6 + metrics.horizontalAdvance(text) / 2 * std::abs(outwards.x()) +
                                        metrics.height() / 2 * std::abs(outwards.y()));
            const QRectF box(centre.x() - 40, centre.y() - 10, 80, 20);
            painter.drawText(box, Qt::AlignCenter, text);
        }
        painter.setPen(theme.text);
        const QString title =
            unit_.isEmpty() ? axes_[std::size_t(axis)] : QStringLiteral("%1 (%2)").arg(axes_[std::size_t(axis)], unit_);
        const double away = 12 + metrics.horizontalAdvance(QStringLiteral("−0.00")) * std::abs(outwards.x()) +
                            metrics.height() * (1.2 + std::abs(outwards.y()));
        const QPointF centre = (*from + *to) / 2 + outwards * away;
        painter.drawText(QRectF(centre.x() - 80, centre.y() - 10, 160, 20), Qt::AlignCenter, title);
    }
}

/// The camera's frame of the current step beside the marker, always towards the eye.
void SpaceView::drawPicture(QPainter& painter, const QSizeF& size) const {
    if (!marker_ || picture_.isNull())
        return;
    const auto at = camera_.project(*marker_, size);
    if (!at)
        return;
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const double side = std::clamp(std::min(size.width(), size.height()) * 0.22, 56.0, 160.0);
    const double height = side * picture_.height() / std::max(1, picture_.width());
    constexpr double gap = 26;
    // On the side of the marker that is away from the paths' middle, and within the view.
    const auto middle = camera_.project((low_ + high_) / 2, size);
    const bool left = middle && at->x() < middle->x(), below = middle && at->y() > middle->y();
    QRectF area(left ? at->x() - gap - side : at->x() + gap, below ? at->y() + gap : at->y() - gap - height, side,
                height);
    area.moveLeft(std::clamp(area.left(), 6.0, std::max(6.0, size.width() - side - 6)));
    area.moveTop(std::clamp(area.top(), 6.0, std::max(6.0, size.height() - height - 6)));
    const QPointF corner(area.left() > at->x() ? area.left() : area.right(),
                         area.top() > at->y() ? area.top() : area.bottom());
    painter.setPen(QPen(theme.text, 1));
    painter.drawLine(*at, corner);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(area, picture_);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area);
}

std::optional<SpaceView::Nearest> SpaceView::nearest(const QPointF& position) const {
    Nearest best;
    double distance = kPickDistance * kPickDistance;
    const QMatrix4x4 matrix = camera_.matrix(size());
    for (std::size_t path = 0; path < scene_.paths.size(); ++path)
        for (std::size_t point = 0; point < scene_.paths[path].points.size(); ++point) {
            const QVector4D clip = matrix * QVector4D(scene_.paths[path].points[point], 1);
            if (!(clip.w() > 0))
                continue;
            const QPointF seen((clip.x() / clip.w() + 1) / 2 * width(), (1 - clip.y() / clip.w()) / 2 * height());
            const QPointF apart = seen - position;
            const double squared = QPointF::dotProduct(apart, apart);
            if (squared < distance) {
                distance = squared;
                best = {int(path), int(point), seen};
            }
        }
    return best.path < 0 ? std::nullopt : std::optional(best);
}

void SpaceView::mousePressEvent(QMouseEvent* event) {
    dragFrom_ = event->position();
    dragged_ = false;
    panning_ = event->button() != Qt::LeftButton || (event->modifiers() & Qt::ShiftModifier);
}

void SpaceView::mouseMoveEvent(QMouseEvent* event) {
    if (!dragFrom_) {
        setCursor(nearest(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const QPointF moved = event->position() - *dragFrom_;
    if (!dragged_ && std::hypot(moved.x(), moved.y()) < kDragDistance)
        return;
    dragged_ = true;
    dragFrom_ = event->position();
    if (panning_)
        camera_.pan(moved, size());
    else
        camera_.orbit(float(moved.x() * 0.4), float(moved.y() * 0.4));
    this->moved();
}

void SpaceView::mouseReleaseEvent(QMouseEvent* event) {
    if (!dragged_ && dragFrom_ && event->button() == Qt::LeftButton)
        if (const auto found = nearest(event->position()))
            emit picked(found->path, found->point);
    dragFrom_.reset();
}

void SpaceView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!nearest(event->position()))
        fit();
}

void SpaceView::wheelEvent(QWheelEvent* event) {
    camera_.zoom(float(std::pow(1.0012, event->angleDelta().y())));
    moved();
    event->accept();
}

void SpaceView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            camera_.zoom(1.2f);
            break;
        case Qt::Key_Minus:
            camera_.zoom(1 / 1.2f);
            break;
        case Qt::Key_Up:
            camera_.orbit(0, 5);
            break;
        case Qt::Key_Down:
            camera_.orbit(0, -5);
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    moved();
}

void SpaceView::leaveEvent(QEvent*) {
    unsetCursor();
}

void SpaceView::resizeEvent(QResizeEvent*) {
    if (fitted_)
        fit();
    redraw();
}

void SpaceView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        redraw();
}

}  // namespace sqil
