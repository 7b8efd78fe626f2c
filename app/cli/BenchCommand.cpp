#include <CLI/CLI.hpp>

#include "app/cli/Commands.h"

namespace sqil::cli {
void addBenchCommand(CLI::App&) {}
}  // namespace sqil::cli
