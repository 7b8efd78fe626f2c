#pragma once
#include "views/layers/GraphFolding.h"
#include "views/layers/LayersModel.h"
#include "widgets/GraphDrawing.h"

namespace sqil {

/// What the colours of the diagram's boxes say.
enum class LayerColouring { Blame = 1, Bits };

/// The boxes of a folded graph with the numbers of their layers.
std::vector<GraphBox> layerBoxes(const GraphFolding& folding, const LayersModel& model, LayerColouring colouring);

}  // namespace sqil
