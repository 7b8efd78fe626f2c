#include "core/analysis/Correlation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

namespace sqil {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormal975 = 1.959963984540054;
constexpr int kResamples = 2'000;
constexpr std::int64_t kFewestEpisodes = 3;

/// All pairs of a data set, and where each episode's begin.
struct Pairs {
    std::vector<double> first, second;
    std::vector<std::size_t> begins;  ///< one an episode that has pairs, and the end
};

Pairs pairsOf(std::span<const PairedSeries> episodes) {
    Pairs pairs;
    for (const PairedSeries& episode : episodes) {
        if (episode.first.size() != episode.second.size())
            throw std::invalid_argument("correlate: series of different length");
        const std::size_t begin = pairs.first.size();
        for (std::size_t step = 0; step < episode.first.size(); ++step)
            if (std::isfinite(episode.first[step]) && std::isfinite(episode.second[step])) {
                pairs.first.push_back(double(episode.first[step]));
                pairs.second.push_back(double(episode.second[step]));
            }
        if (pairs.first.size() > begin)
            pairs.begins.push_back(begin);
    }
    pairs.begins.push_back(pairs.first.size());
    return pairs;
}

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranksOf(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from + 1;
        while (to < order.size() && values[order[to]] == values[order[from]])
            ++to;
        const double rank = (double(from + 1) + double(to)) / 2;
        for (; from < to; ++from)
            ranks[order[from]] = rank;
    }
    return ranks;
}

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

/// What Pearson's r of a union of episodes follows from: sums of values taken from the overall means, so that
/// nothing cancels.
struct Moments {
    double count = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    void add(const Moments& other) {
        count += other.count, x += other.x, y += other.y;
        xx += other.xx, yy += other.yy, xy += other.xy;
    }
    double correlation() const {
        const double varianceX = xx - x * x / count, varianceY = yy - y * y / count;
        if (count < 2 || !(varianceX > 0) || !(varianceY > 0))
            return kNaN;
        return std::clamp((xy - x * y / count) / std::sqrt(varianceX * varianceY), -1.0, 1.0);
    }
};

std::vector<Moments> momentsOf(const std::vector<double>& first, const std::vector<double>& second,
                               const std::vector<std::size_t>& begins) {
    const double meanX = meanOf(first), meanY = meanOf(second);
    std::vector<Moments> all(begins.size() - 1);
    for (std::size_t episode = 0; episode + 1 < begins.size(); ++episode)
        for (std::size_t index = begins[episode]; index < begins[episode + 1]; ++index) {
            const double x = first[index] - meanX, y = second[index] - meanY;
            all[episode].add({1, x, y, x * x, y * y, x * y});
        }
    return all;
}

/// tanh(atanh r ± 1.96·deviation); everything where there are too few steps for a deviation, as SciPy says it.
Interval fisherInterval(double r, double steps, double variance) {
    if (std::isnan(r))
        return {kNaN, kNaN, kNaN};
    if (steps <= 3)
        return {r, -1, 1};
    const double half = kNormal975 * std::sqrt(variance / (steps - 3));
    return {r, std::tanh(std::atanh(r) - half), std::tanh(std::atanh(r) + half)};
}

double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * double(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - double(below)) * (sorted[above] - sorted[below]);
}

Interval bootstrapInterval(double r, const std::vector<Moments>& episodes) {
    if (std::isnan(r) || static_cast<std::int64_t>(episodes.size()) < kFewestEpisodes)
        return {r, kNaN, kNaN};
    std::mt19937_64 random(20250515);
    std::uniform_int_distribution<std::size_t> any(0, episodes.size() - 1);
    std::vector<double> resampled;
    resampled.reserve(kResamples);
    for (int resample = 0; resample < kResamples; ++resample) {
        Moments sum;
        for (std::size_t draw = 0; draw < episodes.size(); ++draw)
            sum.add(episodes[any(random)]);
        if (const double value = sum.correlation(); std::isfinite(value))
            resampled.push_back(value);
    }
    if (resampled.empty())
        return {r, kNaN, kNaN};
    std::sort(resampled.begin(), resampled.end());
    return {r, quantile(resampled, 0.025), quantile(resampled, 0.975)};
}

std::array<Interval, 2> intervalsOf(const std::vector<double>& first, const std::vector<double>& second,
                                    const std::vector<std::size_t>& begins, bool ranks) {
    const std::vector<Moments> episodes = momentsOf(first, second, begins);
    Moments all;
    for (const Moments& episode : episodes)
        all.add(episode);
    const double r = all.correlation();
    return {fisherInterval(r, all.count, ranks ? 1 + r * r / 2 : 1), bootstrapInterval(r, episodes)};
}

}  // namespace

Correlation correlate(std::span<const PairedSeries> episodes) {
    const Pairs pairs = pairsOf(episodes);
    Correlation result;
    result.steps = static_cast<std::int64_t>(pairs.first.size());
    result.episodes = static_cast<std::int64_t>(pairs.begins.size()) - 1;
    if (result.steps < 2) {
        result.pearson = result.spearman = result.pearsonOverEpisodes =
            result.spearmanOverEpisodes = {kNaN, kNaN, kNaN};
        return result;
    }
    const auto pearson = intervalsOf(pairs.first, pairs.second, pairs.begins, false);
    const auto spearman = intervalsOf(ranksOf(pairs.first), ranksOf(pairs.second), pairs.begins, true);
    result.pearson = pearson[0];
    result.pearsonOverEpisodes = pearson[1];
    result.spearman = spearman[0];
    result.spearmanOverEpisodes = spearman[1];
    return result;
}

}  // namespace sqil
