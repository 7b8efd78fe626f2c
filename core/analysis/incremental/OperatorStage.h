#pragma once
#include "core/analysis/incremental/Stage.h"
#include "core/policy/GraphExecutor.h"

namespace sqil {

/// Any operator that maps every element by itself (GELU, tanh, fake quantization, …):
/// Δ = f(b + Δ) − f(b), f being the node itself, run by the interpreter. For a vector of features, which
/// costs nothing, in double precision: there small changes of large values are all that is left.
class OperatorStage final : public Stage {
public:
    OperatorStage(std::string name, const GraphExecutor& executor, ValueId argument, ValueId result, int in, int out,
                  int inBase)
        : name_(std::move(name)),
          executor_(executor),
          argument_(argument),
          result_(result),
          in_(in),
          out_(out),
          inBase_(inBase) {}
    void plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) override;
    /// Throws std::runtime_error where the operator fails.
    void run(const StageRun& run, std::size_t chunk) const override;
    std::vector<int> reads() const override { return {in_}; }
    int writes() const override { return out_; }
    std::string describe() const override { return name_ + " where inputs change"; }

private:
    struct Place {
        PlaceMap from, to;
        std::int64_t first;  ///< element of the gathered values
    };
    struct ChunkPlan {
        std::vector<Place> places;
        std::int64_t elements = 0;
    };
    at::Tensor gather(const StageRun& run, const ChunkPlan& plan, bool changed, at::ScalarType type) const;
    at::Tensor apply(const at::Tensor& values) const;

    std::string name_;
    const GraphExecutor& executor_;
    ValueId argument_, result_;
    int in_, out_, inBase_;
    DeltaMap inMap_, outMap_;
    std::vector<ChunkPlan> chunks_;
};

}  // namespace sqil
