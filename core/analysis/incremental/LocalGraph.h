#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/analysis/incremental/DirectConv.h"
#include "core/analysis/incremental/LocalPlan.h"
#include "core/analysis/incremental/NodeArguments.h"
#include "core/analysis/incremental/PositionLinear.h"

namespace sqil {

/// A stage that may still take over what follows it: a factor a channel, a residual, a ReLU.
struct StageDraft {
    enum class Kind { FirstConv, Conv, PositionLinear, Ready } kind = Kind::Ready;
    ConvSpec conv;
    PositionLinear::Spec linear;
    std::unique_ptr<Stage> ready;
    int writes = -1;
    std::vector<int> reads() const;
};

/// A value of the graph that changes only locally.
struct LocalValue {
    int map = -1;              ///< −1: M_k·D itself, not yet written out
    std::vector<float> scale;  ///< of M_k·D, a factor a channel; empty: 1
    int draft = -1;            ///< that computes the map and may still take more over
    std::vector<std::int64_t> sizes;
    std::int64_t firstFeature = 0;  ///< of a flattened map inside a longer vector of features
    bool isInput() const { return map < 0; }
};

/// Walks the graph from the perturbed image and turns the nodes that it understands into stages.
/// An unknown node, or a known one with unusual arguments, ends the local part there.
class LocalGraph {
public:
    LocalGraph(const Policy& policy, const PerturbedImage& image, const DeltaKernels& kernels, int threads);

    /// Runs the policy once, to learn every value's shape; then visits all nodes.
    Result<void> build(std::span<const at::Tensor> inputs);
    /// What was built, without what no output needs.
    Result<LocalPlan> finish();

private:
    using Handler = bool (LocalGraph::*)(const Node&, const NodeArguments&);
    static const std::map<std::string, Handler, std::less<>>& handlers();

    bool handleConvolution(const Node&, const NodeArguments&);
    bool handleLinear(const Node&, const NodeArguments&);
    bool handleBatchNorm(const Node&, const NodeArguments&);
    bool handleRelu(const Node&, const NodeArguments&);
    bool handleElementwise(const Node&, const NodeArguments&);
    bool handleSum(const Node&, const NodeArguments&);
    bool handleProduct(const Node&, const NodeArguments&);
    bool handleCat(const Node&, const NodeArguments&);
    bool handleMaxPool(const Node&, const NodeArguments&);
    bool handleAveragePool(const Node&, const NodeArguments&);
    bool handleGlobalPool(const Node&, const NodeArguments&);
    bool handleReshape(const Node&, const NodeArguments&);
    bool handleIdentity(const Node&, const NodeArguments&);
    bool catFeatures(const Node&, const std::vector<ValueId>& parts);

    // Facts of the graph.
    const std::vector<std::int64_t>* sizesOf(ValueId value) const;
    std::optional<at::Tensor> constantTensor(ValueId value) const;
    std::optional<std::vector<float>> channelFactors(const NodeArguments&, std::string_view name,
                                                     const LocalValue& value) const;
    bool exclusive(ValueId value) const { return uses_[static_cast<std::size_t>(value)] == 1; }
    LocalValue* local(ValueId value);
    LocalValue* localArgument(const NodeArguments&, std::string_view name);
    std::vector<ValueId> localArguments(const Node&) const;
    std::int64_t channelsOf(const LocalValue& value) const;
    /// True for N×C×H×W, and for N×C where the map is 1×1: dimension 1 is the map's channels.
    bool channelsFirst(const LocalValue& value) const;
    bool sameSizes(const Node& node, const LocalValue& value) const;
    void countUses();
    void markDependents();

    // Steps.
    void visit(const Node& node);
    int addMap(std::int64_t channels, std::int64_t height, std::int64_t width, std::vector<PixelRange> rows,
               std::vector<PixelRange> columns, bool padded = true);
    int baseOf(ValueId value, int map);
    int addDraft(StageDraft draft);
    int addStage(std::unique_ptr<Stage> stage);
    void define(const Node& node, LocalValue value);
    /// The value as a map, written out where it was still M_k·D.
    LocalValue& written(ValueId value);
    StageDraft* openDraft(const LocalValue& value, ValueId id);
    bool scaleBy(const Node& node, ValueId argument, const std::vector<float>& factors);
    bool convolve(const Node& node, ValueId argument, ConvSpec spec);
    bool addResidual(const Node& node, ValueId one, ValueId other);
    bool combine(const Node& node, std::vector<std::pair<ValueId, float>> terms);
    bool pass(const Node& node, ValueId argument);
    int mapLike(int map);

    std::unique_ptr<Stage> stageOf(StageDraft& draft);
    void keepNeeded(LocalPlan& plan, std::vector<bool>& neededDrafts) const;

    const Policy& policy_;
    const PolicyGraph& graph_;
    PerturbedImage image_;
    const DeltaKernels& kernels_;
    int threads_;
    std::vector<std::vector<std::int64_t>> sizes_;  ///< by value; empty: not known
    std::vector<int> uses_;                         ///< readers that need the value itself, and outputs
    std::vector<bool> ofInputs_;                    ///< depends on any input
    std::vector<bool> rest_;                        ///< changes, but not locally
    std::map<ValueId, LocalValue> locals_;
    std::vector<const Node*> restNodes_;
    std::set<ValueId> shapeSources_;
    std::vector<DeltaMap> maps_;
    std::vector<StageDraft> drafts_;
    std::vector<LocalPlan::Base> bases_;
    bool gains_ = false;
};

}  // namespace sqil
