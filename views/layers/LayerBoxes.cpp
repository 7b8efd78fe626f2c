#include "views/layers/LayerBoxes.h"

#include "views/layers/LayersView.h"
#include "views/session/Paths.h"
#include "widgets/ColourMap.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

QColor colourOf(const std::vector<std::size_t>& layers, const LayersModel& model, LayerColouring colouring) {
    if (layers.empty())
        return {};
    double value = 0;
    if (colouring == LayerColouring::Bits) {
        int narrowest = kFullPrecisionBits;
        for (const std::size_t layer : layers)
            narrowest = std::min(narrowest, model.bits()[layer].weights);
        // 8 bits and more dark, 2 bits bright.
        value = narrowest > 8 ? 0 : 0.25 + 0.75 * (8 - narrowest) / 6.0;
    } else {
        if (!model.report())
            return {};
        double largest = 0;
        for (const LayerBlame& blame : model.report()->layers)
            largest = std::max(largest, blame.alone);
        for (const std::size_t layer : layers)
            value = std::max(value, model.report()->layers[layer].alone);
        value = largest > 0 ? value / largest : 0;
    }
    return QColor(ColourMap::viridis().at(0.12 + 0.88 * value));
}

GraphBox boxOf(const GraphFolding::Box& box, const GraphFolding& folding, const LayersModel& model,
               LayerColouring colouring) {
    const OutlineNode& first = folding.outline().nodes[box.nodes.front()];
    std::vector<std::size_t> layers;
    for (const std::size_t node : box.nodes)
        if (const auto layer = model.layerOfNode(node))
            layers.push_back(*layer);
    const QModelIndex index = model.indexOfNode(box.nodes.front());
    const auto cell = [&](const QModelIndex& row, int column) { return row.siblingAtColumn(column).data().toString(); };
    GraphBox made;
    made.colour = colourOf(layers, model, colouring);
    if (box.isFolded()) {
        made.collapsed = true;
        made.title = toQString(box.module);
        made.name = LayersView::tr("%n operator(s)", nullptr, int(box.nodes.size())) +
                    (layers.empty() ? QString() : LayersView::tr(", %n layer(s)", nullptr, int(layers.size())));
        made.detail = cell(model.indexOfNode(box.nodes.back()), LayersModel::Shape);
        made.toolTip = LayersView::tr("%1\nDouble click or Return: show its parts").arg(made.title);
        return made;
    }
    made.title = cell(index, LayersModel::Operator);
    if (first.target.empty()) {
        made.title = toQString(first.name);
        made.detail = cell(index, LayersModel::Shape);
        made.toolTip = LayersView::tr("Input of the policy");
        return made;
    }
    made.detail = cell(index, LayersModel::Shape);
    made.toolTip = index.data(Qt::ToolTipRole).toString();
    if (layers.empty())
        return made;
    const LayerBits bits = model.bits()[layers.front()];
    made.name = toQString(model.layers()[layers.front()].name);
    made.detail = QStringLiteral("W%1A%2").arg(bits.weights).arg(bits.activations);
    if (model.report())
        made.detail += QStringLiteral(" · ") + significant(model.report()->layers[layers.front()].alone);
    made.toolTip += QLatin1Char('\n') + LayersView::tr("Output: %1").arg(cell(index, LayersModel::Shape)) +
                    QLatin1Char('\n') +
                    LayersView::tr("Below: bits of weights and activations, and the gap that the layer makes alone");
    return made;
}

}  // namespace

std::vector<GraphBox> layerBoxes(const GraphFolding& folding, const LayersModel& model, LayerColouring colouring) {
    std::vector<GraphBox> boxes;
    for (const GraphFolding::Box& box : folding.boxes())
        boxes.push_back(boxOf(box, folding, model, colouring));
    return boxes;
}

}  // namespace sqil
