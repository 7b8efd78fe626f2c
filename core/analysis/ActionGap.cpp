#include "core/analysis/ActionGap.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace sqil {

double actionGap(std::span<const float> fullPrecision, std::span<const float> quantized) {
    if (fullPrecision.size() != quantized.size())
        throw std::invalid_argument("actionGap: actions of different length");
    double sum = 0;
    for (std::size_t index = 0; index < fullPrecision.size(); ++index) {
        const double difference = static_cast<double>(fullPrecision[index]) - static_cast<double>(quantized[index]);
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

double saliencyDivergence(std::span<const float> first, std::span<const float> second) {
    if (first.size() != second.size() || first.empty())
        throw std::invalid_argument("saliencyDivergence: maps of different places");
    const double firstSum = std::accumulate(first.begin(), first.end(), 0.0);
    const double secondSum = std::accumulate(second.begin(), second.end(), 0.0);
    if (!std::isfinite(firstSum) || !std::isfinite(secondSum))
        return std::numeric_limits<double>::quiet_NaN();
    const double even = 1.0 / static_cast<double>(first.size());
    const auto share = [even](float score, double sum) { return sum > 0 ? score / sum : even; };
    const auto term = [](double p, double m) { return p > 0 ? p * std::log2(p / m) : 0.0; };
    double divergence = 0;
    for (std::size_t place = 0; place < first.size(); ++place) {
        const double p = share(first[place], firstSum), q = share(second[place], secondSum), m = (p + q) / 2;
        divergence += (term(p, m) + term(q, m)) / 2;
    }
    return std::max(0.0, divergence);
}

}  // namespace sqil
