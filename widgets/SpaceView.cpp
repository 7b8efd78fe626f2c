#include "widgets/SpaceView.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>

#include "widgets/PlotTheme.h"

namespace sqil {
namespace {

constexpr double kPickDistance = 14;  ///< pixels
constexpr double kDragDistance = 4;
constexpr float kMarker = 0.018f;  ///< radius as a share of half the view's height

bool isFinite(const QVector3D& point) {
    return std::isfinite(point.x() + point.y() + point.z());
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
    sceneChanged_ = true;
    axes_.measure(scene_.paths, axes, unit);
    const std::vector<SpaceLine> lines = axes_.lines(PlotTheme::of(palette(), font()));
    scene_.lines.insert(scene_.lines.end(), lines.begin(), lines.end());
    if (fitted)
        look(axes_.preset());
    redraw();
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

void SpaceView::setCompanions(std::vector<SpaceGlyph> companions) {
    std::erase_if(companions, [](const SpaceGlyph& companion) { return !isFinite(companion.point); });
    if (companions.empty() && companions_.empty())
        return;
    companions_ = std::move(companions);
    redraw();
}

void SpaceView::setPicture(const QImage& picture) {
    picture_ = picture;
    update();  // over the frame: nothing is rendered again
}

void SpaceView::look(SpaceCamera::Preset preset) {
    camera_.look(preset, axes_.middle(), axes_.radius());
    fitted_ = true;
    camera_ = axes_.fitted(camera_, size());
    emit cameraMoved();
    redraw();
}

void SpaceView::fit() {
    camera_.fit(axes_.middle(), axes_.radius());
    fitted_ = true;
    camera_ = axes_.fitted(camera_, size());
    emit cameraMoved();
    redraw();
}

void SpaceView::moved() {
    fitted_ = false;
    emit cameraMoved();
    redraw();
}

void SpaceView::setOrthographic(bool orthographic) {
    camera_.orthographic = orthographic;
    if (fitted_)
        camera_ = axes_.fitted(camera_, size());
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
    const float radius = camera_.parallelScale() * kMarker;
    std::vector<SpaceGlyph> markers = companions_;
    if (marker_)
        markers.push_back({*marker_, markerColour_.rgba(), radius});
    for (SpaceGlyph& marker : markers)
        marker.radius = radius;
    renderer_->setMarkers(markers);
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
    drawOver(painter);
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
    drawOver(painter);
    return image;
}

QImage SpaceView::render(const SpaceScene& scene, const SpaceCamera& camera, const QSize& size) {
    if (!hasRenderer() || size.isEmpty())
        return {};
    renderer_->setScene(scene);
    renderer_->setMarkers({});
    sceneChanged_ = true;  // the next frame is of the view's own again
    return renderer_->render(camera, size);
}

void SpaceView::drawOver(QPainter& painter) const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    axes_.draw(painter, size(), camera_, theme);
    if (marker_ && !picture_.isNull())
        drawBillboard(painter, size(), camera_, axes_, *marker_, picture_, theme);
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
