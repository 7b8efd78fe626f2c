#pragma once
#include <QGraphicsView>
#include <optional>
#include <vector>

#include "widgets/GraphDrawing.h"

namespace sqil {

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
    int boxCount() const { return drawing_.boxCount(); }
    QRectF boxRect(int box) const { return drawing_.rectOf(box); }  ///< in the scene's coordinates
    const GraphBox& box(int index) const { return drawing_.box(index); }
    const std::vector<GraphBox>& boxes() const { return drawing_.boxes(); }
    const std::vector<GraphEdge>& edges() const { return drawing_.edges(); }
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

    GraphDrawing drawing_;
    QString placeholder_;
    int selected_ = -1;
    bool fitted_ = true;  ///< until the user has zoomed or panned
    std::optional<QPoint> dragFrom_;
    bool dragged_ = false;
};

}  // namespace sqil
