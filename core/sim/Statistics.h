#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/Interval.h"

namespace sqil {

/// Share of successes with Wilson's score interval (Wilson 1927). NaN without trials.
Interval wilsonInterval(std::int64_t successes, std::int64_t trials);

/// Mean with the percentile bootstrap's interval (Efron 1979): 10,000 resamples by a seeded generator, so that the
/// same values always give the same interval. NaN without values.
Interval bootstrapMean(std::span<const double> values);

/// Mean of a table of training seeds × episodes (row after row, `rows` equal rows), where the same episodes are rolled
/// out by every trained policy: rows and columns are resampled independently (the pigeonhole bootstrap, Owen 2007), so
/// that neither the luck of a training seed nor that of an episode counts as many observations. One row: as
/// bootstrapMean(). With few rows the interval is still too narrow, by about √((rows − 1)/rows) of the part that the
/// training seeds bring. Throws std::invalid_argument where the values do not fill the rows.
Interval crossedBootstrapMean(std::span<const double> values, std::size_t rows);

/// 100·(return − random)/(expert − random) with D4RL's references (Fu et al. 2020) for HalfCheetah, Hopper and
/// Walker2d of any version ("gym/HalfCheetah-v5"); none for other environments.
std::optional<double> normalizedScore(std::string_view environment, double episodeReturn);

}  // namespace sqil
