#pragma once
#include <QColor>
#include <QPainter>
#include <QString>
#include <vector>

#include "widgets/GraphLayout.h"
#include "widgets/PlotTheme.h"

namespace sqil {

/// A box of a graph.
struct GraphBox {
    QString title;   ///< in the coloured head
    QString name;    ///< below it
    QString detail;  ///< below that, muted
    QString toolTip;
    QColor colour;           ///< of the head; invalid: the style's
    bool collapsed = false;  ///< stands for several: drawn as a stack
};

/// Colours and sizes of a graph: the window's, or those of a figure.
struct GraphStyle {
    PlotTheme theme;
    QColor frame, head, highlight;

    static GraphStyle of(const QPalette& palette, const QFont& font);
    static GraphStyle print();
};

/// Boxes and edges with their places, for any painter.
class GraphDrawing {
public:
    GraphDrawing() = default;
    /// `spacing`: of the gaps between rows, as a share of the window's.
    GraphDrawing(std::vector<GraphBox> boxes, std::vector<GraphEdge> edges, const PlotTheme& theme, double spacing = 1);

    /// New colours and texts of the same boxes: nothing moves. As many as before.
    void setBoxes(std::vector<GraphBox> boxes) { boxes_ = std::move(boxes); }
    int boxCount() const { return int(boxes_.size()); }
    const GraphBox& box(int index) const { return boxes_[std::size_t(index)]; }
    const std::vector<GraphBox>& boxes() const { return boxes_; }
    const std::vector<GraphEdge>& edges() const { return edges_; }
    QRectF rectOf(int box) const;
    QPointF centreOf(int box) const { return layout_.centres[std::size_t(box)]; }
    QRectF bounds() const { return layout_.bounds; }

    /// What lies in `area`, in the layout's coordinates; the box `selected` (−1: none) and its edges stand out.
    void draw(QPainter& painter, const QRectF& area, const GraphStyle& style, int selected, bool withTexts) const;

private:
    void drawEdges(QPainter& painter, const QRectF& area, const GraphStyle& style, int selected) const;
    void drawBox(QPainter& painter, int index, const GraphStyle& style, bool selected, bool withTexts) const;

    std::vector<GraphBox> boxes_;
    std::vector<GraphEdge> edges_;
    std::vector<QSizeF> sizes_;
    GraphLayout layout_;
};

}  // namespace sqil
