#pragma once
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <vector>

namespace sqil {

/// An edge of a graph, by the indices of its boxes.
struct GraphEdge {
    int from = 0, to = 0;
};

/// Where everything of a graph is drawn, from top to bottom.
struct GraphLayout {
    std::vector<QPointF> centres;  ///< of the boxes
    std::vector<std::vector<QPointF>>
        edges;                ///< of each edge: from the lower side of a box to the upper side of another
    std::vector<int> layers;  ///< row of each box, 0 at the top
    QRectF bounds;
};

/// Layered drawing (Sugiyama et al. 1981): boxes in rows by their longest path from a source, ordered within rows by
/// barycentres to avoid crossings, placed above and below their neighbours; long edges bend around the rows between.
/// Edges that close a cycle run upwards. Boxes never overlap.
GraphLayout layOutGraph(const std::vector<QSizeF>& sizes, const std::vector<GraphEdge>& edges, double rowGap = 34,
                        double columnGap = 24);

}  // namespace sqil
