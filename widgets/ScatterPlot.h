#pragma once
#include <optional>

#include "widgets/ScatterDensity.h"
#include "widgets/ThemedPlot.h"

namespace sqil {

/// Two values of many points against each other: as dots, or as a picture of their density that is made elsewhere
/// (densityWanted() asks, setDensity() brings it).
///
/// Left drag: rubber band. Click: the point there. Wheel: zoom at the mouse; middle or right button: pan. Double click:
/// everything. Escape: the rubber band is cleared.
class ScatterPlot : public ThemedPlot {
    Q_OBJECT
public:
    explicit ScatterPlot(QWidget* parent = nullptr);

    void setAxisLabels(const QString& horizontal, const QString& vertical);
    /// Where all points lie; what is seen stays unless nothing or everything was seen.
    void setLimits(const QRectF& limits);
    void setLogarithmic(bool logarithmic);
    bool isLogarithmic() const { return logarithmic_; }
    void showEverything();

    void setDots(const QVector<double>& x, const QVector<double>& y);
    void setPickedDots(const QVector<double>& x, const QVector<double>& y);
    void setDensity(const QImage& density, const QImage& picked, const ScatterAxis& horizontal,
                    const ScatterAxis& vertical);
    void setLines(double horizontalThreshold, const QString& horizontalLabel, double verticalThreshold,
                  const QString& verticalLabel);  ///< NaN: none
    void setCursorPoint(std::optional<QPointF> values);

    ScatterAxis horizontalAxis() const;
    ScatterAxis verticalAxis() const;
    QSize plotPixels() const;  ///< device pixels inside the axes
    QPointF pixelOf(double x, double y) const;

signals:
    void densityWanted();  ///< other axes, another size
    void clicked(QPointF pixel);
    void brushed(QRectF values);  ///< left, top = smallest values
    void brushCleared();

protected:
    void style() override;
    void windowThemeChanged() override { emit densityWanted(); }
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    enum class Drag { None, Brush, Pan };

    void applyScale();
    void fitTicks();
    void axesChanged();
    QCPRange limitsOf(double low, double high) const;

    bool logarithmic_ = true;
    QRectF limits_;
    QCPGraph* dots_;
    QCPGraph* pickedDots_;
    QCPItemPixmap* density_;
    QCPItemPixmap* pickedDensity_;
    QCPItemStraightLine* horizontalLine_;
    QCPItemStraightLine* verticalLine_;
    QCPItemText* horizontalLabel_;
    QCPItemText* verticalLabel_;
    QCPItemRect* band_;
    QCPItemStraightLine* cursorX_;
    QCPItemStraightLine* cursorY_;
    QCPItemTracer* cursorDot_;
    Drag drag_ = Drag::None;
    QPointF dragFrom_;
    QCPRange dragX_, dragY_;
};

}  // namespace sqil
