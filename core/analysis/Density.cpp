#include "core/analysis/Density.h"

#include <algorithm>
#include <cmath>

namespace sqil {
namespace {

constexpr std::size_t kCells = 2048;
constexpr double kReach = 3;   ///< bandwidths beyond the values
constexpr double kKernel = 5;  ///< bandwidths after which the kernel is nothing
constexpr double kRoot2Pi = 2.5066282746310002;

struct Moments {
    double count = 0, mean = 0, squares = 0;  // Welford 1962
    double least = 0, most = 0;
    void add(double value) {
        least = count == 0 ? value : std::min(least, value);
        most = count == 0 ? value : std::max(most, value);
        ++count;
        const double from = value - mean;
        mean += from / count;
        squares += from * (value - mean);
    }
    double deviation() const { return count > 1 ? std::sqrt(squares / (count - 1)) : 0; }
};

}  // namespace

Density estimateDensity(std::span<const float> values, std::size_t places, double bandwidth, double lower,
                        double upper) {
    Moments moments;
    for (const float value : values)
        if (std::isfinite(value))
            moments.add(static_cast<double>(value));
    Density density;
    if (!(moments.deviation() > 0) || places < 2)
        return density;
    density.bandwidth = bandwidth > 0 ? bandwidth : moments.deviation() * std::pow(4.0 / (3.0 * moments.count), 0.2);
    const bool given = lower < upper;
    density.lower = given ? lower : moments.least - kReach * density.bandwidth;
    density.upper = given ? upper : moments.most + kReach * density.bandwidth;

    const double width = (moments.most - moments.least) / (kCells - 1);
    std::vector<double> cells(kCells, 0);
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        const double place = (static_cast<double>(value) - moments.least) / width;
        const auto below = std::min(static_cast<std::size_t>(place), kCells - 2);
        const double share = place - static_cast<double>(below);
        cells[below] += 1 - share;
        cells[below + 1] += share;
    }
    density.values.resize(places);
    const double step = (density.upper - density.lower) / static_cast<double>(places - 1);
    const double norm = 1 / (moments.count * density.bandwidth * kRoot2Pi);
    for (std::size_t index = 0; index < places; ++index) {
        const double at = density.lower + step * static_cast<double>(index);
        const double first = (at - kKernel * density.bandwidth - moments.least) / width;
        const double last = (at + kKernel * density.bandwidth - moments.least) / width;
        double sum = 0;
        for (auto cell = static_cast<std::size_t>(std::clamp(std::floor(first), 0.0, double(kCells)));
             cell < kCells && static_cast<double>(cell) <= last; ++cell) {
            const double z = (at - moments.least - width * static_cast<double>(cell)) / density.bandwidth;
            sum += cells[cell] * std::exp(-z * z / 2);
        }
        density.values[index] = sum * norm;
    }
    return density;
}

}  // namespace sqil
