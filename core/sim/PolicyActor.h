#pragma once
#include <memory>

#include <ATen/core/Tensor.h>

#include "core/policy/Policy.h"
#include "core/sim/Actor.h"

namespace sqil {

/// A policy acts: its normalized action (METHOD: what the head stands for), within the environment's bounds; of
/// discrete actions the most probable one.
class PolicyActor : public Actor {
public:
    explicit PolicyActor(std::shared_ptr<const Policy> policy) : policy_(std::move(policy)) {}
    Result<void> prepare(const EnvironmentInfo& environment) override;
    Result<std::vector<float>> act(const ActorBatch& batch) override;

    /// The policy's inputs for a batch, and the actions of its head's output.
    Result<std::vector<at::Tensor>> inputs(const ActorBatch& batch) const;
    std::vector<float> actionsOf(const at::Tensor& headOutput) const;

private:
    std::shared_ptr<const Policy> policy_;
    EnvironmentInfo environment_;
};

}  // namespace sqil
