#include "widgets/timeline/StepAxis.h"

#include <algorithm>
#include <cmath>

namespace sqil {

void StepAxis::setSteps(qint64 steps) {
    steps_ = std::max<qint64>(0, steps);
    visible_ = everything();
}

void StepAxis::setPixels(double left, double right) {
    left_ = left;
    right_ = std::max(left + 1, right);
}

void StepAxis::setVisible(StepRange range) {
    const StepRange all = everything();
    const double size = std::clamp(range.size(), 1.0, all.size());
    if (size == all.size()) {
        visible_ = all;
        return;
    }
    const double lower = std::clamp(range.centre() - size / 2, all.lower, all.upper - size);
    visible_ = {lower, lower + size};
}

qint64 StepAxis::stepAt(double pixel) const {
    const double step = std::clamp(stepOf(pixel), visible_.lower, visible_.upper);
    return std::clamp<qint64>(std::llround(step), 0, std::max<qint64>(0, steps_ - 1));
}

void StepAxis::zoom(double factor, double anchorPixel) {
    if (!(factor > 0) || !std::isfinite(factor))
        return;
    const double anchor = stepOf(anchorPixel);
    const double size = std::clamp(visible_.size() / factor, 1.0, everything().size());
    const double lower = anchor - (anchor - visible_.lower) / visible_.size() * size;
    setVisible({lower, lower + size});
}

void StepAxis::pan(double pixels) {
    const double shift = pixels / pixelsPerStep();
    setVisible({visible_.lower + shift, visible_.upper + shift});
}

bool StepAxis::reveal(qint64 step) {
    const double at = double(step), size = visible_.size();
    if (visible_.contains(at))
        return false;
    // By a third of the width beyond the step: playing on does not scroll at every step.
    const double lower = at < visible_.lower ? at - size / 3 : at - size * 2 / 3;
    setVisible({lower, lower + size});
    return true;
}

}  // namespace sqil
