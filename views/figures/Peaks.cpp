#include "views/figures/Peaks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace sqil {

std::vector<qint64> peaksOf(std::span<const float> values, int count, qint64 distance, double share) {
    const auto steps = static_cast<qint64>(values.size());
    const auto at = [&](qint64 step) {
        return step >= 0 && step < steps && std::isfinite(values[std::size_t(step)])
                   ? values[std::size_t(step)]
                   : -std::numeric_limits<float>::infinity();
    };
    std::vector<qint64> maxima;
    for (qint64 step = 0; step < steps; ++step)
        if (std::isfinite(at(step)) && at(step) >= at(step - 1) && at(step) >= at(step + 1))
            maxima.push_back(step);
    std::stable_sort(maxima.begin(), maxima.end(), [&](qint64 a, qint64 b) { return at(a) > at(b); });
    std::vector<qint64> peaks;
    for (const qint64 step : maxima) {
        if (static_cast<int>(peaks.size()) == count || double(at(step)) < share * double(at(maxima.front())))
            break;
        if (std::none_of(peaks.begin(), peaks.end(), [&](qint64 peak) { return std::abs(peak - step) < distance; }))
            peaks.push_back(step);
    }
    std::sort(peaks.begin(), peaks.end());
    return peaks;
}

}  // namespace sqil
