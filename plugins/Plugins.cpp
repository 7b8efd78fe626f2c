#include "plugins/Plugins.h"

#include "core/data/RolloutFormats.h"
#include "core/sim/Environment.h"
#include "plugins/d4rl/D4rlReader.h"
#include "plugins/gymnasium/PythonEnvironment.h"
#include "plugins/robomimic/RobomimicReader.h"

namespace sqil {

void registerPlugins() {
    static const bool registered = [] {
        addRolloutFormat(robomimicFormat());
        addRolloutFormat(d4rlFormat());
        setEnvironmentOpener(openPythonEnvironment);
        return true;
    }();
    static_cast<void>(registered);
}

}  // namespace sqil
