#pragma once
#include <string>

#include "core/policy/PolicyCard.h"
#include "core/policy/StableBaselines3Spaces.h"

namespace sqil {

/// The card of an agent: it sees "observation", as simulators and D4RL rollouts name it. Actions and control rate are
/// known where the file is named after a MuJoCo robot of Gymnasium ("HalfCheetah-v3.zip") and the sizes are that
/// robot's: its joints' torques.
PolicyCard agentCard(const std::string& fileStem, const std::string& algorithm, const AgentDescription& agent);

}  // namespace sqil
