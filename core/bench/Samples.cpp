#include "core/bench/Samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sqil {

MedianInterval medianOf(std::vector<double> samples) {
    if (samples.empty()) {
        const double none = std::numeric_limits<double>::quiet_NaN();
        return {none, none, none};
    }
    std::sort(samples.begin(), samples.end());
    const auto count = static_cast<double>(samples.size());
    const auto at = [&](double rank) { return samples[static_cast<std::size_t>(std::clamp(rank, 0.0, count - 1))]; };
    const double half = 1.96 * std::sqrt(count) / 2;
    const double median = (at(std::floor((count - 1) / 2)) + at(std::ceil((count - 1) / 2))) / 2;
    return {median, at(std::floor(count / 2 - half)), at(std::ceil(count / 2 + half))};
}

nlohmann::json toJson(const MedianInterval& interval, const std::string& unit) {
    return {{"median" + unit, interval.median}, {"low" + unit, interval.low}, {"high" + unit, interval.high}};
}

}  // namespace sqil
