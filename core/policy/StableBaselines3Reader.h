#pragma once
#include "core/policy/PolicyFile.h"
#include "core/policy/ZipArchive.h"

namespace sqil {

/// True for what Stable-Baselines3's model.save() writes: a ZIP archive of "data" (JSON) and "policy.pth".
bool isStableBaselines3(const ZipArchive& archive);

/// Reads the actor of a Stable-Baselines3 agent (SAC, TQC, TD3, DDPG, PPO, A2C) that sees one vector, as
/// model.predict(…, deterministic=True) acts: SAC and TD3 squash by tanh and scale to the bounds of the action space,
/// PPO and A2C give the mean, clipped to them, or logits where actions are discrete. The archive's policy card comes
/// with it. Neither the JSON's nor the weights' pickles are executed. Normalization by VecNormalize is stored elsewhere
/// and not part of it. Throws FileProblem.
PolicyFile readStableBaselines3(const ZipArchive& archive);

}  // namespace sqil
