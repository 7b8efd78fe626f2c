#pragma once
#include <cstdint>
#include <string>

namespace sqil {

/// Which process a worker is, so that it cannot be taken for another one with the same number after a restart:
/// {"host", "boot", "namespace", "pid", "start", "watch"}. `watcher`: who watches it and tells its end; 0: nobody.
std::string workerIdentity(int pid, int watcher = 0);

enum class Liveness { Alive, Dead, Unknown };

/// Whether that process, or who watches it and has not told its end yet, is there. On another machine (or in another container) only its heartbeat tells:
/// Dead where it is older than kSilence.
Liveness livenessOf(const std::string& identityJson, std::int64_t heartbeatAt, std::int64_t now);

inline constexpr std::int64_t kSilenceMilliseconds = 120'000;

/// The process's number on this machine; 0: on another one, or not readable.
int localProcess(const std::string& identityJson);

}  // namespace sqil
