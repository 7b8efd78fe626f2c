#pragma once
#include <memory>

#include "core/base/Progress.h"

namespace sqil::cli {

/// A progress bar on standard error with the time left, where that is a terminal; nothing elsewhere.
/// Ctrl+C makes the next report answer "stop", so that the command ends cleanly.
Progress terminalProgress();

/// Ends the line of the last bar, if one was drawn.
void finishProgress();

}  // namespace sqil::cli
