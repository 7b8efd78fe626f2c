#pragma once
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/quant/lowering/LayerChoice.h"
#include "core/quant/lowering/ValueReaders.h"

namespace sqil {

/// A convolution with what follows it and is computed in the same pass.
struct ConvChain {
    std::size_t first = 0;  ///< the convolution
    std::size_t last = 0;   ///< the node whose output it gives
    ValueId result = -1;
    ValueId residual = -1;  ///< what is added before the ReLU
    bool relu = false;
};

/// A max pooling whose window the packed operator knows.
struct PoolWindow {
    std::vector<std::int64_t> kernel, stride, padding;
};

/// In which forms a value is wanted.
struct WantedForms {
    std::vector<CodeFormat> codes;
    bool residual = false, floats = false;
    void add(const CodeFormat& format);
};

/// What each integer convolution of a graph takes along (a residual sum, a ReLU), and which values lie channels last
/// between them: results of such chains, and what pools them.
class ConvChains {
public:
    /// `chosen`: by node. All must outlive this.
    ConvChains(const PolicyGraph& graph, const ValueReaders& readers, const std::map<std::size_t, ChosenLayer>& chosen);

    const ConvChain* endingAt(std::size_t node) const;
    /// Set where the node pools a channels-last value.
    std::optional<PoolWindow> poolAt(std::size_t node) const;
    /// The forms that the readers of a channels-last value want.
    WantedForms wantedOf(ValueId value) const;
    /// Where a pooled value is wanted wide too, its codes are made of that: what is pooled then need not be written
    /// twice, and a quarter of it is quantized. Quantized rows are padded to eight.
    bool codesFromWide(ValueId pooled, const WantedForms& wanted) const;

private:
    const Node& node(std::size_t index) const { return graph_.nodes[index]; }
    const ChosenLayer* convAt(std::size_t index) const;
    bool isConvResult(ValueId value) const;
    bool sameSizes(ValueId a, ValueId b) const;
    ValueId otherOperand(const Node& sum, ValueId value) const;
    ConvChain chainFrom(std::size_t index);
    const ConvChain* chainOfSum(std::size_t sum) const;

    const PolicyGraph& graph_;
    const ValueReaders& readers_;
    const std::map<std::size_t, ChosenLayer>& chosen_;
    std::map<std::size_t, ConvChain> chains_;  ///< by last node
    std::set<std::size_t> sums_;               ///< taken along by a convolution
    std::set<ValueId> channelsLast_;
};

}  // namespace sqil
