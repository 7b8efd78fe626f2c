#pragma once
#include "core/jobs/Launcher.h"

namespace sqil {

/// Workers through a cluster's Slurm: `sbatch` (an array for several jobs at once), `squeue` and `sacct` for their
/// state, `scancel`. The project must be on a file system that the nodes share. $SQIL_SBATCH_OPTIONS is handed to
/// sbatch
/// ("--partition=gpu --time=24:00:00").
class SlurmLauncher : public Launcher {
public:
    Result<std::vector<std::string>> start(const std::filesystem::path& project,
                                           std::span<const JobRecord> jobs) override;
    Result<std::map<std::string, Standing>> standings(std::span<const std::string> launches) override;
    Result<void> withdraw(const std::string& launch) override;
    bool isQueue() const override { return true; }
};

}  // namespace sqil
