#pragma once
#include "core/data/RolloutFormats.h"

namespace sqil {

/// robomimic's HDF5 layout, as robomimic, robosuite, MimicGen and LIBERO write it:
///
///   data                    attributes: env_args (JSON), total, whatever else
///   data/demo_N             attributes: num_samples, success, whatever else
///   data/demo_N/obs/KEY     {steps, …}: cameras and low-dimensional observations
///   data/demo_N/actions     {steps, dimensions}
///   data/demo_N/rewards     {steps}       data/demo_N/dones  {steps}
///   mask/NAME               names of the demos in a filter ("train", "valid")
///
/// next_obs is not read. Groups below obs are skipped and named in the attribute "skipped".
/// Filters appear as the episode's attribute "mask": "train,fp".
///
/// Steps of an episode: the length of its actions; without actions num_samples, or the shortest
/// observation. Success: the attribute; without one, where all rewards of the file are 0 or 1 and
/// one is 1 (sparse rewards), whether the episode has a 1. `dones` only says that the episode
/// ended, so it is never taken for success.
RolloutFormat robomimicFormat();

}  // namespace sqil
