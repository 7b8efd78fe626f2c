#pragma once
#include <string>

#include "core/sim/Evaluate.h"

namespace sqil::cli {

/// An evaluation in a few lines: success and return with their intervals, what went wrong, the rate.
std::string textOf(const Evaluation& evaluation);

}  // namespace sqil::cli
