#pragma once
#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "widgets/MatrixRaster.h"
#include "widgets/PlotTheme.h"

namespace sqil {

/// Many rows over a common width as a picture, with a sign for each row at its left and the cursor as a crosshair. The
/// picture is made elsewhere (rasterize()): viewChanged() asks for one, setPicture() brings it.
///
/// Left button: cursor. Shift+left: brush. Wheel: zoom the rows at the mouse; Ctrl+wheel: zoom time; Shift+wheel or
/// middle or right button: pan. Double click: everything. Up and Down: the row above and below.
class MatrixPlot : public QWidget {
    Q_OBJECT
public:
    enum class Sign : char { None, Success, Failure };
    struct Row {
        QString label;
        Sign sign = Sign::None;
        qint64 steps = 0;
    };
    struct Place {
        int row = 0;
        qint64 step = 0;
        bool operator==(const Place&) const = default;
    };

    explicit MatrixPlot(QWidget* parent = nullptr);

    void setRows(std::vector<Row> rows, bool stretched);  ///< in the order shown, from the top; shows all of them
    void setPicture(const QImage& picture, const MatrixWindow& window);
    void setCursor(std::optional<Place> place);
    void setTimeLabel(const QString& label);

    const std::vector<Row>& rows() const { return rows_; }
    const MatrixWindow& window() const { return window_; }
    void setWindow(MatrixWindow window);  ///< kept within the rows
    void showEverything();
    QSize pictureSize() const;  ///< device pixels that a picture fills
    QRectF pictureRect() const;
    std::optional<Place> placeAt(const QPointF& position) const;
    QPointF positionOf(const Place& place) const;  ///< the middle of a step's cell
    std::optional<Place> cursorPlace() const { return cursor_; }

    /// Everything with this picture, for figures.
    void draw(QPainter& painter, const QRectF& area, const PlotTheme& theme, const QImage& picture) const;

    QSize sizeHint() const override { return {480, 260}; }
    QSize minimumSizeHint() const override { return {160, 100}; }

signals:
    void viewChanged();  ///< another window or another size: a new picture is wanted
    void picked(sqil::MatrixPlot::Place place);
    void rowsBrushed(int firstRow, int lastRow, double firstTime, double lastTime);
    void brushCleared();
    void hovered(std::optional<sqil::MatrixPlot::Place> place, const QPoint& globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Layout;
    enum class Drag { None, Cursor, Pan, Brush };

    Layout layoutIn(const QRectF& area, const PlotTheme& theme, const QPaintDevice* device) const;
    double spanOf(int row) const;
    void drawSigns(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void drawLabels(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void drawTimeAxis(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void drawCrosshair(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void stepRow(int by);

    std::vector<Row> rows_;
    bool stretched_ = true;
    double longest_ = 1;
    MatrixWindow window_;
    QImage picture_;
    MatrixWindow pictured_;
    std::optional<Place> cursor_;
    QString timeLabel_;
    Drag drag_ = Drag::None;
    QPointF dragFrom_;
    MatrixWindow dragWindow_;
    QRectF brush_;
};

}  // namespace sqil
