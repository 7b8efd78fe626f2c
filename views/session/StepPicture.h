#pragma once
#include <QImage>

#include "core/data/Rollouts.h"

namespace sqil {

/// A stored H×W×C picture of one step, copied; null where the format is not one of 1, 3 or 4 channels of bytes.
QImage pictureOf(const StepBlock& block, const KeySpec& key);

/// The first camera's picture at a step; null where there is none or it cannot be read. Any thread.
QImage firstCamera(Rollouts& rollouts, std::size_t episode, std::int64_t step);

}  // namespace sqil
