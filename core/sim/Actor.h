#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/sim/Environment.h"

namespace sqil {

/// What several environments observe at once: blocks of one row an environment.
struct ActorBatch {
    std::map<std::string, StepBlock> observations;
    std::vector<std::int64_t> episodes;  ///< of each row: the number of the episode, from 0
    std::vector<std::uint64_t> seeds;
    std::vector<std::int64_t> steps;  ///< from 0

    std::int64_t size() const { return static_cast<std::int64_t>(episodes.size()); }
};

/// Chooses actions in closed loop. One thread.
class Actor {
public:
    virtual ~Actor() = default;
    /// Refuses an environment whose observations or actions do not fit.
    virtual Result<void> prepare(const EnvironmentInfo& environment) = 0;
    /// One row of actions an environment, row after row; a NaN ends that episode with a problem.
    virtual Result<std::vector<float>> act(const ActorBatch& batch) = 0;
};

}  // namespace sqil
