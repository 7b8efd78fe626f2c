#pragma once
#include <memory>

#include "core/base/Result.h"
#include "core/sim/Environment.h"

namespace sqil {

/// Environments in Python worker processes (sqil_worker.py): metaworld/TASK, gym/ID, dm_control/DOMAIN-TASK, ale/ID,
/// libero/SUITE-NUMBER, python/MODULE:FUNCTION. What a worker says is not trusted: sizes are checked, and it writes
/// only into its own shared memory.
Result<std::unique_ptr<VectorEnvironment>> openPythonEnvironment(const EnvironmentOptions& options);

}  // namespace sqil
