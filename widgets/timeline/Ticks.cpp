#include "widgets/timeline/Ticks.h"

#include <algorithm>
#include <cmath>

namespace sqil {

double niceStep(double size) {
    if (!(size > 0) || !std::isfinite(size))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(size)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= size * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

std::vector<double> niceTicks(double low, double high, double count) {
    std::vector<double> ticks;
    if (!(high > low) || !std::isfinite(low) || !std::isfinite(high))
        return ticks;
    const double step = niceStep((high - low) / std::max(1.0, count));
    const double first = std::ceil(low / step - 1e-9);
    for (double index = first; index * step <= high + step * 1e-9; ++index)
        ticks.push_back(index * step);
    return ticks;
}

}  // namespace sqil
