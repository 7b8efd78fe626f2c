#include "app/cli/QuantOptions.h"

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {

void QuantOptions::addTo(CLI::App& command) {
    job = addJobOptions(command, "quantize", /*requireAll=*/false, {"policy", "card", "rollouts", "out"});
}

QuantSpec QuantOptions::resolved() const {
    return valueOrThrow(kinds::quantizeOptions(job->parameters)).spec;
}

}  // namespace sqil::cli
