#pragma once
#include <vector>

namespace sqil {

/// The smallest of 1, 2, 5 times a power of ten that is at least `size`.
double niceStep(double size);

/// Multiples of a nice step in [low, high], about `count` of them.
std::vector<double> niceTicks(double low, double high, double count);

}  // namespace sqil
