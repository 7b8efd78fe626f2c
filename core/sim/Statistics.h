#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sqil {

/// An estimate with the interval that holds it at 95 %.
struct Interval {
    double value = 0, low = 0, high = 0;
};

/// Share of successes with Wilson's score interval (Wilson 1927). NaN without trials.
Interval wilsonInterval(std::int64_t successes, std::int64_t trials);

/// Mean with the percentile bootstrap's interval (Efron 1979): 10,000 resamples by a seeded generator, so that the
/// same values always give the same interval. NaN without values.
Interval bootstrapMean(std::span<const double> values);

/// Mean of first − second over pairs (the same seeds), with the bootstrap's interval over pairs.
Interval pairedDifference(std::span<const double> first, std::span<const double> second);

/// 100·(return − random)/(expert − random) with D4RL's references (Fu et al. 2020) for HalfCheetah, Hopper and
/// Walker2d of any version ("gym/HalfCheetah-v5"); none for other environments.
std::optional<double> normalizedScore(std::string_view environment, double episodeReturn);

}  // namespace sqil
