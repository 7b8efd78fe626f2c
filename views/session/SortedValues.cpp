#include "views/session/SortedValues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sqil {
namespace {

void mergeInto(std::vector<float>& all, const std::vector<float>& more) {
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), more.begin(), more.end());
    std::inplace_merge(all.begin(), all.begin() + middle, all.end());
}

}  // namespace

void SortedValues::add(std::vector<float> values) {
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    std::sort(values.begin(), values.end());
    mergeInto(recent_, values);
}

const std::vector<float>& SortedValues::sorted() const {
    if (!recent_.empty())
        mergeInto(values_, std::exchange(recent_, {}));
    return values_;
}

double SortedValues::threshold(double topPercent) const {
    const std::vector<float>& values = sorted();
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const double position = std::clamp((100.0 - topPercent) / 100.0, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto lower = static_cast<std::size_t>(position);
    const std::size_t upper = std::min(lower + 1, values.size() - 1);
    return values[lower] +
           (position - static_cast<double>(lower)) * (static_cast<double>(values[upper]) - values[lower]);
}

std::size_t SortedValues::countAbove(double threshold) const {
    const std::vector<float>& values = sorted();
    if (std::isnan(threshold))
        return 0;
    return static_cast<std::size_t>(values.end() -
                                    std::upper_bound(values.begin(), values.end(), threshold,
                                                     [](double limit, float value) { return limit < double(value); }));
}

double SortedValues::topPercentOf(double threshold) const {
    const std::vector<float>& values = sorted();
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    if (values.size() == 1 || threshold <= double(values.front()))
        return 100;
    if (threshold >= double(values.back()))
        return 0;
    // Between two values the position is interpolated as threshold() does.
    const auto upper = std::upper_bound(values.begin(), values.end(), threshold,
                                        [](double limit, float value) { return limit < double(value); });
    const double low = double(*(upper - 1)), high = double(*upper);
    const double position = double(upper - values.begin()) - 1 + (threshold - low) / (high - low);
    return 100.0 * (1 - position / static_cast<double>(values.size() - 1));
}

}  // namespace sqil
