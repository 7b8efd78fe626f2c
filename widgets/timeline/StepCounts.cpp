#include "widgets/timeline/StepCounts.h"

#include <algorithm>

namespace sqil {

StepCounts::StepCounts(std::span<const float> values, double threshold) : sums_(values.size() + 1, 0) {
    for (std::size_t step = 0; step < values.size(); ++step)
        sums_[step + 1] = sums_[step] + qint32(double(values[step]) > threshold);
}

qint64 StepCounts::count(qint64 first, qint64 last) const {
    first = std::clamp<qint64>(first, 0, steps());
    last = std::clamp<qint64>(last, first, steps());
    return sums_.empty() ? 0 : sums_[std::size_t(last)] - sums_[std::size_t(first)];
}

}  // namespace sqil
