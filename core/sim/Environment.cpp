#include "core/sim/Environment.h"

namespace sqil {
namespace {

EnvironmentOpener& opener() {
    static EnvironmentOpener registered;
    return registered;
}

}  // namespace

void setEnvironmentOpener(EnvironmentOpener wanted) {
    opener() = std::move(wanted);
}

Result<std::unique_ptr<VectorEnvironment>> openEnvironment(const EnvironmentOptions& options) {
    if (!opener())
        return fail(ErrorKind::Unsupported, options.name + ": this program was built without simulators");
    return opener()(options);
}

}  // namespace sqil
