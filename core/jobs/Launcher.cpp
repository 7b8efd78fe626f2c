#include "core/jobs/Launcher.h"

#include <cstdlib>

#include "core/jobs/LocalLauncher.h"
#include "core/jobs/SlurmLauncher.h"

namespace sqil {

bool isLauncher(const std::string& name) {
    return makeLauncher(name) != nullptr;
}

std::unique_ptr<Launcher> makeLauncher(const std::string& name) {
    if (name == "local")
        return std::make_unique<LocalLauncher>();
    if (name == "slurm")
        return std::make_unique<SlurmLauncher>();
    return nullptr;
}

std::filesystem::path workerProgram() {
    if (const char* given = std::getenv("SQIL_WORKER"); given && *given)
        return given;
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "sqil";
}

}  // namespace sqil
