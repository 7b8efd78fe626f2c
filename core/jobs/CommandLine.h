#pragma once
#include <string>

#include "core/jobs/JobKind.h"

namespace sqil {

/// "sqil bench policy --policy 'my policy.pt2' --widths W8A8,W4A4": what one types to run a job here, as a shell reads
/// it.
std::string commandLine(const JobKind& kind, const nlohmann::json& parameters);

}  // namespace sqil
