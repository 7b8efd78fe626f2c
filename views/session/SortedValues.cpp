#include "views/session/SortedValues.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sqil {

void SortedValues::add(std::vector<float> values) {
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    std::sort(values.begin(), values.end());
    const auto middle = static_cast<std::ptrdiff_t>(values_.size());
    values_.insert(values_.end(), values.begin(), values.end());
    std::inplace_merge(values_.begin(), values_.begin() + middle, values_.end());
}

double SortedValues::threshold(double topPercent) const {
    if (values_.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const double position =
        std::clamp((100.0 - topPercent) / 100.0, 0.0, 1.0) * static_cast<double>(values_.size() - 1);
    const auto lower = static_cast<std::size_t>(position);
    const std::size_t upper = std::min(lower + 1, values_.size() - 1);
    return values_[lower] +
           (position - static_cast<double>(lower)) * (static_cast<double>(values_[upper]) - values_[lower]);
}

std::size_t SortedValues::countAbove(double threshold) const {
    if (std::isnan(threshold))
        return 0;
    return static_cast<std::size_t>(values_.end() -
                                    std::upper_bound(values_.begin(), values_.end(), threshold,
                                                     [](double limit, float value) { return limit < double(value); }));
}

double SortedValues::topPercentOf(double threshold) const {
    if (values_.empty())
        return std::numeric_limits<double>::quiet_NaN();
    if (values_.size() == 1 || threshold <= double(values_.front()))
        return 100;
    if (threshold >= double(values_.back()))
        return 0;
    // Between two values the position is interpolated as threshold() does.
    const auto upper = std::upper_bound(values_.begin(), values_.end(), threshold,
                                        [](double limit, float value) { return limit < double(value); });
    const double low = double(*(upper - 1)), high = double(*upper);
    const double position = double(upper - values_.begin()) - 1 + (threshold - low) / (high - low);
    return 100.0 * (1 - position / static_cast<double>(values_.size() - 1));
}

}  // namespace sqil
