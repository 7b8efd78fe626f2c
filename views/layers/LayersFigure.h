#pragma once
#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/layers/LayersModel.h"
#include "widgets/GraphDrawing.h"
#include "widgets/HistogramPlot.h"

namespace sqil {

/// What a figure of the layers shows: the diagram beside every layer's blame; under them the episode's gap, and a
/// layer's weights and activations before and after rounding.
struct LayersPicture {
    QString policy, quantized, episode, layer;
    QString colours;              ///< what those of the boxes say
    std::vector<GraphBox> boxes;  ///< of the diagram, as it is folded
    std::vector<GraphEdge> edges;
    int selectedBox = -1;
    std::optional<std::size_t> selectedLayer;
    std::vector<float> recipeGaps, editedGaps;
    qint64 step = 0;
    HistogramPlot::Counts weights, activations;  ///< empty: not known
};

Figure layersFigure(LayersPicture picture, const LayersModel& model);

/// A row a layer; `policy` is in every row, so that tables of several policies can be joined.
DataTable layersTable(const QString& policy, const LayersModel& model);

}  // namespace sqil
