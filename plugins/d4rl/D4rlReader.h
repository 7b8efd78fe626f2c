#pragma once
#include "core/data/RolloutFormats.h"

namespace sqil {

/// D4RL's HDF5 layout: all episodes one after another in flat arrays.
///
///   observations  {N, …}     actions  {N, dimensions}     rewards  {N}
///   terminals     {N}        timeouts {N}, may be missing
///   infos/*, metadata/*      listed in the attributes "infos" and "metadata/…"
///
/// An episode ends with the step whose terminal or timeout is set; what follows the last such step
/// is an episode too. They are named episode_0, episode_1, …, and their attribute "end" says
/// "terminal", "timeout" or "end of data". The one observation key is "observation", as of simulators; "dones"
/// are the terminals. The total reward of every episode is known, success is not recorded.
RolloutFormat d4rlFormat();

}  // namespace sqil
