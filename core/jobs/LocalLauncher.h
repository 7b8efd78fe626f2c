#pragma once
#include "core/jobs/Launcher.h"

namespace sqil {

/// Workers as processes of this machine. Each is a session of its own: it outlives whoever started it.
class LocalLauncher : public Launcher {
public:
    Result<std::vector<std::string>> start(const std::filesystem::path& project,
                                           std::span<const JobRecord> jobs) override;
    Result<std::map<std::string, Standing>> standings(std::span<const std::string> launches) override;
    Result<void> withdraw(const std::string& launch) override;
    bool isQueue() const override { return false; }
};

}  // namespace sqil
