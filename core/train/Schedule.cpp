#include "core/train/Schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sqil {
namespace {

double halfCosine(double from, double to, double share) {
    return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

double oneCycle(const TrainSpec& spec, double step) {
    constexpr double first = 1.0 / 25, last = 1.0 / 250000, rising = 0.3;
    const double steps = static_cast<double>(spec.steps);
    const double top = std::max(1.0, spec.warmup > 0 ? static_cast<double>(spec.warmup) : rising * steps - 1);
    if (step <= top)
        return halfCosine(first, 1, step / top);
    return halfCosine(1, last, (step - top) / std::max(1.0, steps - 1 - top));
}

}  // namespace

double learningRateFactor(const TrainSpec& spec, std::int64_t step) {
    if (spec.schedule == ScheduleKind::OneCycle)
        return oneCycle(spec, static_cast<double>(step));
    if (step < spec.warmup)
        return static_cast<double>(step + 1) / static_cast<double>(spec.warmup);
    const double rest = static_cast<double>(std::max<std::int64_t>(1, spec.steps - spec.warmup));
    const double share = std::min(1.0, static_cast<double>(step - spec.warmup) / rest);
    switch (spec.schedule) {
        case ScheduleKind::Linear:
            return 1 - share;
        case ScheduleKind::Cosine:
            return halfCosine(1, 0, share);
        default:
            return 1;
    }
}

}  // namespace sqil
