#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/analysis/incremental/LocalPlan.h"
#include "core/analysis/incremental/Workspace.h"

namespace sqil {

/// S at every place of one image by recomputing only what each local change reaches. Immutable
/// after creation but for its pool of memory; run() may be called from several threads.
class LocalSaliency {
public:
    /// For inputs of these sizes. The error says why the policy has to be run in full.
    static Result<std::shared_ptr<const LocalSaliency>> create(std::shared_ptr<const Policy> policy,
                                                               PerturbedImage image,
                                                               std::span<const at::Tensor> inputs);

    struct Outcome {
        at::Tensor head;            ///< π(s), 1×D
        std::vector<float> scores;  ///< of all places
    };
    /// `inputs`: batch 1, of the sizes given at creation.
    Result<Outcome> run(std::span<const at::Tensor> inputs) const;

    std::string explain() const;

private:
    struct Frame;
    LocalSaliency(std::shared_ptr<const Policy> policy, PerturbedImage image, LocalPlan plan, int threads);
    static std::vector<at::Tensor> asGraphTakes(const Policy& policy, std::span<const at::Tensor> inputs);
    std::unique_ptr<Workspace> workspace() const;
    Result<void> runUnperturbed(Frame& frame) const;
    void layOutBases(Frame& frame) const;
    at::Tensor materialize(const Frame& frame, const LocalPlan::Frontier& frontier, const Chunk& chunk,
                           std::int64_t first, std::int64_t count) const;
    Result<at::Tensor> heads(const Frame& frame, const Chunk& chunk, std::int64_t first, std::int64_t count) const;
    Result<void> score(Frame& frame, const Chunk& chunk) const;
    std::vector<float> scoresOfOutput(const Frame& frame, const Chunk& chunk) const;

    std::shared_ptr<const Policy> policy_;
    PerturbedImage image_;
    LocalPlan plan_;
    int threads_;
    std::vector<ValueId> unperturbed_;  ///< values that the run without perturbation must give
    std::unique_ptr<WorkspacePool> pool_;
};

}  // namespace sqil
