#pragma once
#include <QImage>

#include "core/data/Rollouts.h"

namespace sqil {

/// A stored H×W×C picture of one step, copied; null where it is not one of 1, 3 or 4 channels.
QImage imageOf(const StepBlock& block, const KeySpec& spec);

}  // namespace sqil
