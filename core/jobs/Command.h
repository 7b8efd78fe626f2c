#pragma once
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// Runs a program of the system (found on the PATH, no shell) with `input` on its standard input, and gives what it
/// writes. Error: it cannot be started, ends with another status than 0 (the message has what it wrote to stderr), or
/// takes longer than `seconds`, when it is killed.
Result<std::string> runCommand(const std::vector<std::string>& command, const std::string& input, int seconds);

}  // namespace sqil
