#include "widgets/ImageView.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace sqil {
namespace {
constexpr double kLargestZoom = 40;
}

ImageView::ImageView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ImageView::setImage(const QImage& image) {
    if (image.size() != image_.size())
        fit();
    image_ = image;
    update();
}

void ImageView::setOverlay(const QImage& overlay) {
    overlay_ = overlay;
    update();
}

void ImageView::setOverlayOpacity(double opacity) {
    opacity_ = std::clamp(opacity, 0.0, 1.0);
    update();
}

void ImageView::setSmooth(bool smooth) {
    smooth_ = smooth;
    update();
}

void ImageView::setTitle(const QString& title) {
    title_ = title;
    setAccessibleName(title);
    update();
}

void ImageView::setReadout(const QString& text) {
    if (text == readout_)
        return;
    readout_ = text;
    update();
}

void ImageView::setPlaceholder(const QString& text) {
    placeholder_ = text;
    update();
}

void ImageView::setPeek(const QImage& peek, const QRectF& reach) {
    if (peek.isNull() && peek_.isNull())
        return;
    peek_ = peek;
    peekReach_ = reach;
    update();
}

QSizeF ImageView::fittedSize() const {
    const QRectF area = pictureArea();
    const QSizeF size = image_.isNull() ? QSizeF(1, 1) : QSizeF(image_.size());
    return size * std::max(1e-6, std::min(area.width() / size.width(), area.height() / size.height()));
}

QPointF ImageView::pan() const {
    const QSizeF size = fittedSize();
    return {pan_.x() / size.width(), pan_.y() / size.height()};
}

void ImageView::setView(double zoom, QPointF pan) {
    const QSizeF size = fittedSize();
    zoom_ = std::clamp(zoom, 1.0, kLargestZoom);
    pan_ = zoom_ == 1 ? QPointF() : QPointF(pan.x() * size.width(), pan.y() * size.height());
    update();
}

void ImageView::fit() {
    zoom_ = 1;
    pan_ = {};
    update();
}

int ImageView::titleHeight() const {
    return fontMetrics().height() + 6;
}

QRectF ImageView::pictureArea() const {
    QRectF area(rect());
    if (!title_.isEmpty())
        area.setTop(area.top() + titleHeight());
    return area;
}

QRectF ImageView::imageRect() const {
    const QRectF area = pictureArea();
    const QSizeF size = image_.isNull() ? QSizeF(1, 1) : QSizeF(image_.size());
    const double scale = std::min(area.width() / size.width(), area.height() / size.height()) * zoom_;
    QRectF result(QPointF(), size * scale);
    result.moveCenter(area.center() + pan_);
    if (zoom_ == 1)  // whole pixels: the frame of a fitted picture stays crisp
        result = QRectF(result.toAlignedRect().intersected(area.toAlignedRect()));
    return result;
}

std::optional<QPointF> ImageView::fractionAt(const QPointF& position) const {
    const QRectF picture = imageRect();
    if (image_.isNull() || !picture.contains(position) || !pictureArea().contains(position))
        return std::nullopt;
    return QPointF((position.x() - picture.left()) / picture.width(),
                   (position.y() - picture.top()) / picture.height());
}

void ImageView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF area = pictureArea();
    const QRectF picture = imageRect();
    if (!title_.isEmpty()) {
        QFont titleFont = font();
        titleFont.setWeight(QFont::DemiBold);
        painter.setFont(titleFont);
        const double left = image_.isNull() ? area.left() : std::max(area.left(), picture.left());
        const QRectF line(left, 0, width() - left, fontMetrics().height() + 2);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetrics(titleFont).elidedText(title_, Qt::ElideRight, int(line.width())));
        painter.setFont(font());
    }
    painter.setClipRect(area);
    if (image_.isNull()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(area.adjusted(12, 0, -12, 0), Qt::AlignCenter | Qt::TextWordWrap, placeholder_);
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth_);
    painter.drawImage(picture, peek_.isNull() ? image_ : peek_);
    if (!peek_.isNull()) {
        drawPeek(painter, picture);
    } else if (!overlay_.isNull() && opacity_ > 0) {
        painter.setOpacity(opacity_);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
        painter.drawImage(picture, overlay_);
        painter.setOpacity(1);
    }
    if (!readout_.isEmpty())
        drawReadout(painter, picture.intersected(area));
}

void ImageView::drawPeek(QPainter& painter, const QRectF& picture) {
    const QRectF reach(picture.left() + peekReach_.left() * picture.width(),
                       picture.top() + peekReach_.top() * picture.height(), peekReach_.width() * picture.width(),
                       peekReach_.height() * picture.height());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const auto& [colour, width] : {std::pair{QColor(0, 0, 0, 170), 3.0}, std::pair{QColor(255, 255, 255), 1.25}}) {
        painter.setPen(QPen(colour, width));
        painter.drawRect(reach);
    }
}

void ImageView::drawReadout(QPainter& painter, const QRectF& picture) {
    const QFontMetricsF metrics(font());
    const QString text = metrics.elidedText(readout_, Qt::ElideRight, picture.width() - 24);
    const QSizeF size(metrics.horizontalAdvance(text) + 12, metrics.height() + 6);
    const QRectF box(QPointF(picture.left() + 6, picture.bottom() - size.height() - 6), size);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 190));
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(Qt::white);
    painter.drawText(box, Qt::AlignCenter, text);
}

void ImageView::wheelEvent(QWheelEvent* event) {
    if (image_.isNull() || event->angleDelta().y() == 0)
        return;
    const double factor = std::pow(1.2, event->angleDelta().y() / 120.0);
    const double zoom = std::clamp(zoom_ * factor, 1.0, kLargestZoom);
    // What lies under the mouse stays there.
    const QPointF anchor = event->position() - pictureArea().center();
    pan_ = zoom == 1 ? QPointF() : anchor - (anchor - pan_) * (zoom / zoom_);
    zoom_ = zoom;
    update();
    emit viewChanged(zoom_, this->pan());
    event->accept();
}

void ImageView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && zoom_ > 1)
        dragFrom_ = event->position() - pan_;
}

void ImageView::mouseMoveEvent(QMouseEvent* event) {
    if (dragFrom_) {
        pan_ = event->position() - *dragFrom_;
        update();
        emit viewChanged(zoom_, pan());
    }
    const auto fraction = fractionAt(event->position());
    hovered_ = fraction.has_value();
    emit hovered(fraction.value_or(QPointF()), hovered_);
}

void ImageView::mouseReleaseEvent(QMouseEvent*) {
    dragFrom_.reset();
}
void ImageView::mouseDoubleClickEvent(QMouseEvent*) {
    fit();
    emit viewChanged(1, {});
}
void ImageView::leaveEvent(QEvent*) {
    hovered_ = false;
    emit hovered({}, false);
}

}  // namespace sqil
