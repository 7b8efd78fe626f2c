#pragma once
#include <optional>
#include <variant>
#include <vector>

#include "core/policy/PolicyGraph.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/lowering/PackedLayer.h"
#include "core/quant/lowering/QuantizationRecipe.h"

namespace sqil {

/// A fake-quantize node as codes; none where it is another node, or its numbers are not constants of 8 bits.
std::optional<CodeFormat> codeFormatOf(const Node& node);

/// How one layer will be computed.
struct ChosenLayer {
    enum class Kind { FloatLinear, IntegerLinear, Conv };
    Kind kind = Kind::FloatLinear;
    QuantizableLayer layer;
    PackedLayer packed;
    CodeFormat input;                                             ///< of the integer kinds
    std::vector<std::int64_t> kernel, stride, padding, dilation;  ///< of Conv
};

/// The operator for a layer of the quantized graph, its weights packed; the error says why none fits.
Result<ChosenLayer> chooseOperator(const PolicyGraph& graph, const QuantizableLayer& layer, const LayerRecipe& recipe);

/// Multiplications of one row of the batch; −1 where the sizes are not known.
std::int64_t multiplicationsOf(const PolicyGraph& graph, const QuantizableLayer& layer);

}  // namespace sqil
