#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/quant/MixedPrecision.h"

namespace sqil {

/// Layers that share one weight, in the order of the graph: quantized together.
std::vector<std::vector<std::size_t>> layerUnits(const MixedPrecision& layers);

/// Runs of one policy with one unit of layers quantized, and with all but one, over batches of recorded steps. What is
/// computed before a unit is the same as in a run without it, so it is kept from one run of the whole graph and handed
/// to each unit's executor, which computes only what lies behind. Graphs that write in place run as a whole.
class BlameRun {
public:
    /// `bits`: one width a layer. `allBut`: also the runs with all but one.
    static Result<BlameRun> create(MixedPrecision& layers, std::span<const LayerBits> bits, bool allBut,
                                   const Progress& progress);

    /// What the policy does in each run.
    struct Actions {
        at::Tensor all;                  ///< N×A, every layer quantized
        std::vector<at::Tensor> alone;   ///< by unit
        std::vector<at::Tensor> allBut;  ///< by unit; empty where not asked for
    };
    /// One batch that the graph takes as it is; inputs of the element types that the graph wants. `bytesKept` is what
    /// the batch kept of both runs.
    Result<Actions> run(std::span<const at::Tensor> inputs, std::size_t& bytesKept, const Progress& progress) const;

    const std::vector<std::vector<std::size_t>>& units() const { return units_; }

private:
    struct Unit {
        std::optional<GraphExecutor> alone, allBut;  ///< none: the unit stays in floating point
        std::vector<ValueId> known;                  ///< values before it that what lies behind it reads
    };
    using Known = std::vector<std::pair<ValueId, at::Tensor>>;

    explicit BlameRun(const Policy& base) : base_(base) {}
    Result<at::Tensor> actionOf(const GraphExecutor& executor, const Known& known) const;
    Known select(const Known& kept, const std::vector<ValueId>& wanted) const;

    const Policy& base_;
    std::vector<std::vector<std::size_t>> units_;
    std::vector<Unit> runs_;
    std::vector<ValueId> kept_;  ///< what any unit needs
    std::optional<GraphExecutor> all_;
};

}  // namespace sqil
