#pragma once
#include <QtGlobal>
#include <span>
#include <vector>

namespace sqil {

/// The `count` largest local maxima of a series, each at least `distance` steps from a larger one and at least `share`
/// of the largest; fewer where there are no more. By step. NaN is below everything.
std::vector<qint64> peaksOf(std::span<const float> values, int count, qint64 distance, double share = 0);

}  // namespace sqil
