#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/project/JobRecord.h"

namespace sqil {

/// How workers are started: on this machine, or by a cluster's own queue.
class Launcher {
public:
    /// What the launcher says of a launch: whether it still waits or runs, and its own word for that.
    struct Standing {
        bool isUnderWay = true;
        std::string state{};
    };

    virtual ~Launcher() = default;
    /// Starts a worker for each job, in the background. Gives the launcher's name for each, in the same order.
    virtual Result<std::vector<std::string>> start(const std::filesystem::path& project,
                                                   std::span<const JobRecord> jobs) = 0;
    virtual Result<std::map<std::string, Standing>> standings(std::span<const std::string> launches) = 0;
    /// Takes a launch back that nobody has claimed.
    virtual Result<void> withdraw(const std::string& launch) = 0;
    /// Launches may wait in a queue of its own for any time, as long as standings() says so.
    virtual bool isQueue() const = 0;
};

/// "local", "slurm"
bool isLauncher(const std::string& name);
/// Null for an unknown name.
std::unique_ptr<Launcher> makeLauncher(const std::string& name);

/// The program that is started as a worker: $SQIL_WORKER, or `sqil` beside the running program.
std::filesystem::path workerProgram();

}  // namespace sqil
