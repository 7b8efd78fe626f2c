#pragma once
#include <filesystem>

#include "core/project/Project.h"

namespace sqil {

/// The card that the user gave a policy in this project, as a file that the core can read; empty:
/// none was given, the policy's own counts. Written once under a name made of its contents. Any thread.
std::filesystem::path cardFile(const PolicyRecord& policy);

}  // namespace sqil
