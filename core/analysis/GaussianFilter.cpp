#include "core/analysis/GaussianFilter.h"

#include <algorithm>
#include <cmath>

namespace sqil {

std::vector<double> gaussianKernel(double sigma) {
    const auto radius = static_cast<std::int64_t>(4.0 * sigma + 0.5);
    std::vector<double> kernel(static_cast<std::size_t>(2 * radius + 1));
    double sum = 0;
    for (std::int64_t x = -radius; x <= radius; ++x)
        sum += kernel[static_cast<std::size_t>(x + radius)] =
            std::exp(-0.5 / (sigma * sigma) * static_cast<double>(x) * static_cast<double>(x));
    for (double& weight : kernel)
        weight /= sum;
    return kernel;
}

std::int64_t reflectedIndex(std::int64_t index, std::int64_t size) {
    const std::int64_t period = 2 * size;
    const std::int64_t place = (index % period + period) % period;
    return place < size ? place : period - 1 - place;
}

std::vector<double> filteredImpulse(std::span<const double> kernel, std::int64_t centre, std::int64_t size) {
    const auto radius = static_cast<std::int64_t>(kernel.size() / 2);
    const std::int64_t period = 2 * size;
    std::vector<double> result(static_cast<std::size_t>(size), 0.0);
    for (std::int64_t i = 0; i < size; ++i)
        // The centre and its mirror image, once a period: only the taps that meet one of them.
        for (const std::int64_t image : {centre, -1 - centre}) {
            const std::int64_t above = ((image - i + radius) % period + period) % period;
            for (std::int64_t k = above - radius; k <= radius; k += period)
                result[static_cast<std::size_t>(i)] += kernel[static_cast<std::size_t>(k + radius)];
        }
    return result;
}

void gaussianFilter(std::span<const float> image, std::int64_t rows, std::int64_t columns,
                    std::span<const double> kernel, std::span<float> result) {
    const auto radius = static_cast<std::int64_t>(kernel.size() / 2);
    std::vector<double> padded(static_cast<std::size_t>(columns + 2 * radius));
    std::vector<double> sums(static_cast<std::size_t>(columns));
    for (std::int64_t y = 0; y < rows; ++y) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (std::int64_t k = -radius; k <= radius; ++k) {
            const double weight = kernel[static_cast<std::size_t>(k + radius)];
            const float* source = image.data() + reflectedIndex(y + k, rows) * columns;
            for (std::int64_t x = 0; x < columns; ++x)
                sums[static_cast<std::size_t>(x)] += weight * source[x];
        }
        for (std::int64_t x = -radius; x < columns + radius; ++x)
            padded[static_cast<std::size_t>(x + radius)] =
                static_cast<float>(sums[static_cast<std::size_t>(reflectedIndex(x, columns))]);
        std::fill(sums.begin(), sums.end(), 0.0);
        for (std::size_t k = 0; k < kernel.size(); ++k)
            for (std::size_t x = 0; x < sums.size(); ++x)
                sums[x] += kernel[k] * padded[x + k];
        std::copy(sums.begin(), sums.end(), result.begin() + y * columns);
    }
}

}  // namespace sqil
