#pragma once
#include <vector>

namespace sqil {

/// A median with its interval: order statistics that hold it with 95 % (binomial, normal approximation).
struct MedianInterval {
    double median = 0, low = 0, high = 0;
};
MedianInterval medianOf(std::vector<double> samples);

}  // namespace sqil
