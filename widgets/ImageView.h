#pragma once
#include <QImage>
#include <QWidget>
#include <optional>

namespace sqil {

/// A picture with a translucent one over it. Wheel zooms at the mouse, dragging pans, a double
/// click fits the picture to the widget again.
class ImageView : public QWidget {
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);

    void setImage(const QImage& image);      ///< null: the placeholder is shown
    void setOverlay(const QImage& overlay);  ///< any size: stretched over the picture
    void setOverlayOpacity(double opacity);  ///< 0 to 1
    void setSmooth(bool smooth);             ///< false: pixels are shown as squares
    void setTitle(const QString& title);     ///< above the picture
    void setReadout(const QString& text);    ///< over the picture's lower edge
    void setPlaceholder(const QString& text);
    /// Shown instead of picture and overlay, its `reach` (fractions) outlined; null: no more.
    void setPeek(const QImage& peek, const QRectF& reach);

    const QImage& image() const { return image_; }
    const QImage& overlay() const { return overlay_; }
    const QString& title() const { return title_; }
    const QString& readout() const { return readout_; }
    double overlayOpacity() const { return opacity_; }
    const QImage& peek() const { return peek_; }

    void fit();
    /// Zoom, and how far the picture's centre is from the view's in widths and heights of the fitted picture: views of
    /// different sizes show the same part.
    void setView(double zoom, QPointF pan);
    QPointF pan() const;
    int titleHeight() const;  ///< what the title takes above the picture
    bool isHovered() const { return hovered_; }
    double zoom() const { return zoom_; }  ///< 1: fitted
    QRectF imageRect() const;              ///< where the picture is drawn, in widget coordinates
    /// The fraction of the picture's width and height under a point of the widget; none beside it.
    std::optional<QPointF> fractionAt(const QPointF& position) const;

    QSize sizeHint() const override { return {320, 340}; }
    QSize minimumSizeHint() const override { return {96, 96}; }

signals:
    void viewChanged(double zoom, QPointF pan);  ///< by the user
    /// Fractions of the picture; `inside` false when the mouse has left it.
    void hovered(QPointF fraction, bool inside);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QRectF pictureArea() const;  ///< below the title
    void drawReadout(QPainter& painter, const QRectF& picture);
    void drawPeek(QPainter& painter, const QRectF& picture);
    QSizeF fittedSize() const;

    QImage image_, overlay_, peek_;
    QRectF peekReach_;
    QString title_, readout_, placeholder_;
    double opacity_ = 0.7;
    bool smooth_ = true;
    double zoom_ = 1;
    QPointF pan_;  ///< of the picture's centre from the area's, in pixels
    std::optional<QPointF> dragFrom_;
    bool hovered_ = false;
};

}  // namespace sqil
