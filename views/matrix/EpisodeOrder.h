#pragma once
#include <QtGlobal>
#include <optional>
#include <vector>

namespace sqil {

/// What the rows of the matrix can be sorted by.
enum class EpisodeOrder { DataSet, Length, Success, LargestGap, MeanSis };

/// What is known of an episode; NaN: not yet.
struct EpisodeFacts {
    qint64 steps = 0;
    std::optional<bool> success;
    double largestGap = 0, meanSis = 0;
};

/// Places in `episodes`, sorted: small values first (failures before successes), or the other way round. What is not
/// known comes last in both; equal ones stay in the order of the data set.
std::vector<int> sortEpisodes(const std::vector<EpisodeFacts>& episodes, EpisodeOrder order, bool descending);

}  // namespace sqil
