#pragma once
#include <cstdint>
#include <span>

#include "core/base/Interval.h"

namespace sqil {

/// Two series over the steps of one episode, of the same length. A step at which one of them is not finite is left
/// out everywhere below.
struct PairedSeries {
    std::span<const float> first, second;
};

/// How two series go together over a data set. NaN where it cannot be said (fewer than two steps, a constant series).
struct Correlation {
    std::int64_t steps = 0;     ///< with both values
    std::int64_t episodes = 0;  ///< that have such a step

    /// The interval takes the steps as independent: Fisher's z for Pearson's r, with the deviation of Bonett and
    /// Wright (2000) for Spearman's ρ. Steps of an episode resemble each other, so it is too narrow for a rollout.
    Interval pearson, spearman;

    /// The same estimates with the bootstrap's interval over whole episodes (percentile, 2,000 seeded resamples; ranks
    /// are those of the whole data set): what another draw of as many episodes would give. NaN bounds below 3 episodes.
    Interval pearsonOverEpisodes, spearmanOverEpisodes;
};

/// Throws std::invalid_argument where two series differ in length.
Correlation correlate(std::span<const PairedSeries> episodes);

}  // namespace sqil
