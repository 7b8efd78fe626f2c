#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace sqil {

// scipy.ndimage.gaussian_filter with its defaults (truncate 4.0, mode "reflect"), so that
// perturbations equal the published procedure to rounding, borders included.

/// 2·radius + 1 weights that sum to 1, radius = int(4σ + 0.5): exactly zero beyond.
std::vector<double> gaussianKernel(double sigma);

/// The pixel that stands for `index` outside [0, size): (d c b a | a b c d | d c b a), repeated.
std::int64_t reflectedIndex(std::int64_t index, std::int64_t size);

/// A single 1 at `centre` of `size` pixels, filtered along its axis.
std::vector<double> filteredImpulse(std::span<const double> kernel, std::int64_t centre, std::int64_t size);

/// One channel, row-major rows×columns, filtered along both axes; float32 between them as SciPy's.
void gaussianFilter(std::span<const float> image, std::int64_t rows, std::int64_t columns,
                    std::span<const double> kernel, std::span<float> result);

}  // namespace sqil
