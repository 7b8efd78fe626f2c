#pragma once
#include "core/base/Result.h"
#include "core/project/JobStore.h"

namespace sqil {

/// What one look at the queue has done, and what is left.
struct ScheduleReport {
    int started = 0;               ///< workers
    int dead = 0;                  ///< running jobs whose worker was gone
    int running = 0, waiting = 0;  ///< waiting: queued, whatever for
};

/// Looks at the queue once: tells dead workers, and starts what may start within the limits. Any process may do so at
/// any time, also several at once: the window does every second, a worker when it ends, `sqil jobs run` until nothing
/// is left. Writes only where something has to change.
Result<ScheduleReport> schedule(Project& project);

}  // namespace sqil
