#pragma once
#include <QColor>
#include <QGraphicsView>
#include <QString>
#include <optional>
#include <vector>

#include "widgets/GraphLayout.h"
#include "widgets/PlotTheme.h"

namespace sqil {

/// A box of a GraphView.
struct GraphBox {
    QString title;   ///< in the coloured head
    QString name;    ///< below it
    QString detail;  ///< below that, muted
    QString toolTip;
    QColor colour;           ///< of the head; invalid: the theme's
    bool collapsed = false;  ///< stands for several: drawn as a stack
};

/// A directed graph from top to bottom. Wheel: zoom at the mouse; drag: pan; double click beside a box, or fit():
/// everything. A click selects a box, a double click or Return activates it, arrow keys walk along edges.
class GraphView : public QGraphicsView {
    Q_OBJECT
public:
    explicit GraphView(QWidget* parent = nullptr);

    void setGraph(std::vector<GraphBox> boxes, std::vector<GraphEdge> edges);
    /// New colours and texts of the same boxes: nothing moves.
    void updateBoxes(std::vector<GraphBox> boxes);
    void setSelected(int box);  ///< −1: none; scrolls it into view
    int selected() const { return selected_; }
    int boxCount() const { return int(boxes_.size()); }
    QRectF boxRect(int box) const;  ///< in the scene's coordinates
    const GraphBox& box(int index) const { return boxes_[std::size_t(index)]; }
    void setPlaceholder(const QString& text);

public slots:
    void fit();
    void zoomBy(double factor);

signals:
    void boxSelected(int box);   ///< by the user
    void boxActivated(int box);  ///< likewise

protected:
    void drawBackground(QPainter* painter, const QRectF& area) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    int boxAt(const QPoint& position) const;
    double fittingZoom() const;
    void showReadably();
    void choose(int box);
    void walk(int rows);
    QSizeF sizeOf(const GraphBox& box) const;
    void drawBox(QPainter& painter, int index, const PlotTheme& theme) const;
    void drawEdges(QPainter& painter, const QRectF& area, const PlotTheme& theme) const;

    std::vector<GraphBox> boxes_;
    std::vector<GraphEdge> edges_;
    std::vector<QSizeF> sizes_;
    GraphLayout layout_;
    QString placeholder_;
    int selected_ = -1;
    bool fitted_ = true;  ///< until the user has zoomed or panned
    std::optional<QPoint> dragFrom_;
    bool dragged_ = false;
};

}  // namespace sqil
