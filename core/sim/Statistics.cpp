#include "core/sim/Statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

namespace sqil {
namespace {

constexpr double kNormal975 = 1.959963984540054;
constexpr int kResamples = 10'000;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double meanOf(std::span<const double> values) {
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

/// Interpolated linearly, as NumPy does.
double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct Reference {
    std::string_view environment;
    double random, expert;
};
constexpr std::array kD4rl = {Reference{"gym/HalfCheetah-", -280.178953, 12135.0},
                              Reference{"gym/Hopper-", -20.272305, 3234.3},
                              Reference{"gym/Walker2d-", 1.629008, 4592.3}};

}  // namespace

Interval wilsonInterval(std::int64_t successes, std::int64_t trials) {
    if (trials <= 0)
        return {kNaN, kNaN, kNaN};
    const auto n = static_cast<double>(trials);
    const double rate = static_cast<double>(successes) / n, z2 = kNormal975 * kNormal975;
    const double centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kNormal975 / (1 + z2 / n) * std::sqrt(rate * (1 - rate) / n + z2 / (4 * n * n));
    return {rate, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Interval bootstrapMean(std::span<const double> values) {
    if (values.empty())
        return {kNaN, kNaN, kNaN};
    std::mt19937_64 random(20250515);
    std::uniform_int_distribution<std::size_t> any(0, values.size() - 1);
    std::vector<double> means(kResamples);
    for (double& mean : means) {
        double sum = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            sum += values[any(random)];
        mean = sum / static_cast<double>(values.size());
    }
    std::sort(means.begin(), means.end());
    return {meanOf(values), quantile(means, 0.025), quantile(means, 0.975)};
}

Interval crossedBootstrapMean(std::span<const double> values, std::size_t rows) {
    if (rows == 0 || values.size() % rows != 0)
        throw std::invalid_argument("crossedBootstrapMean: the values do not fill the rows");
    if (rows == 1 || values.empty())
        return bootstrapMean(values);
    const std::size_t columns = values.size() / rows;
    std::mt19937_64 random(20250515);
    std::uniform_int_distribution<std::size_t> anyRow(0, rows - 1), anyColumn(0, columns - 1);
    std::vector<double> means(kResamples);
    std::vector<std::size_t> chosenRows(rows);
    for (double& mean : means) {
        std::generate(chosenRows.begin(), chosenRows.end(), [&] { return anyRow(random); });
        double sum = 0;
        for (std::size_t i = 0; i < columns; ++i) {
            const std::size_t column = anyColumn(random);
            for (const std::size_t row : chosenRows)
                sum += values[row * columns + column];
        }
        mean = sum / static_cast<double>(values.size());
    }
    std::sort(means.begin(), means.end());
    return {meanOf(values), quantile(means, 0.025), quantile(means, 0.975)};
}

std::optional<double> normalizedScore(std::string_view environment, double episodeReturn) {
    for (const Reference& reference : kD4rl)
        if (environment.starts_with(reference.environment))
            return 100 * (episodeReturn - reference.random) / (reference.expert - reference.random);
    return std::nullopt;
}

}  // namespace sqil
