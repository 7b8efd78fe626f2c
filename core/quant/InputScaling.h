#pragma once
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/policy/PolicyGraph.h"
#include "core/quant/LayerInputs.h"
#include "core/quant/PendingNodes.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {

/// Where an input scale went.
enum class ScalePlace {
    Nowhere,   ///< it was one everywhere
    Folded,    ///< into the weights and norms that make the layers' input
    Explicit,  ///< an aten::mul node before the layers
};

/// Scales the input channels of layers: W·s, and X/s, so that the policy's outputs stay equal within float rounding
/// (AWQ, SmoothQuant). 1/s goes into the operations that make X, where all readers of X are scaled alike and the
/// way back leads through positively homogeneous operators (ReLU, pooling, products, concatenation) to linear and
/// convolution nodes, to affine norms, or to constants, each with one reader. Otherwise it stays a node of the graph.
class InputScaling {
public:
    /// `layers`: all of the graph's. With `foldIntoLayers` false the outputs of linear and convolution nodes are left
    /// alone: their weights share a step over all channels.
    InputScaling(PolicyGraph& graph, std::vector<QuantizableLayer> layers, bool foldIntoLayers);

    /// `scaled`: layers that read one value with one geometry; `scale`: one positive number a channel, float32.
    ScalePlace apply(const std::vector<QuantizableLayer>& scaled, const LayerGeometry& geometry,
                     const at::Tensor& scale);

    /// Puts the new nodes into the graph; indices of nodes are valid until then.
    void finish() { pending_.insertInto(graph_); }

private:
    struct Change {
        ValueId binding = -1;
        std::int64_t axis = 0;
        at::Tensor factor;
    };
    using Changes = std::vector<Change>;

    bool onlyReadBy(ValueId value, const std::vector<QuantizableLayer>& scaled) const;
    bool fold(ValueId value, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const;
    bool foldLayer(const QuantizableLayer& layer, const at::Tensor& divisor, std::int64_t spatial,
                   Changes& changes) const;
    bool foldNorm(const Node& node, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const;
    bool foldConcatenation(const Node& node, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const;
    bool foldConstant(ValueId value, const at::Tensor& factor, std::int64_t spatial, Changes& changes) const;
    bool foldSide(ValueId value, const at::Tensor& divisor, std::int64_t spatial, Changes& changes) const;

    PolicyGraph& graph_;
    std::vector<QuantizableLayer> layers_;
    bool foldIntoLayers_;
    PendingNodes pending_;
};

}  // namespace sqil
