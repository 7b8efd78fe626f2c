#pragma once
#include <filesystem>

#include "core/project/JobRecord.h"

namespace sqil {

/// What `sqil worker` does: claims the job and runs it to its end in a process of its own, watched by this one. Call it
/// before the program has started any thread.
///
/// The running process records progress, metrics and log lines in the project and stops at a request, SIGTERM or
/// SIGINT, with a checkpoint. The watching one tells when it dies of a signal, with the last of what it wrote to
/// stderr; ends it hard where it has not answered a request for `kHardStopMilliseconds`; and starts what was waiting.
/// Returns the exit status: 0 where the job's end is recorded, whatever it is, or where another worker has it.
int runWorker(const std::filesystem::path& project, RecordId job);

/// $SQIL_HARD_STOP_SECONDS, or half a minute.
std::int64_t hardStopMilliseconds();

/// The worker's messages, in the job's folder.
std::filesystem::path workerLog(const std::filesystem::path& project, RecordId job);
/// The last lines of them, for people; empty where there are none.
std::string lastWords(const std::filesystem::path& project, RecordId job);

}  // namespace sqil
