#include "views/matrix/EpisodeOrder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sqil {
namespace {

double keyOf(const EpisodeFacts& facts, EpisodeOrder order, int index) {
    switch (order) {
        case EpisodeOrder::Length:
            return double(facts.steps);
        case EpisodeOrder::Success:
            return facts.success ? double(*facts.success) : std::nan("");
        case EpisodeOrder::LargestGap:
            return facts.largestGap;
        case EpisodeOrder::MeanSis:
            return facts.meanSis;
        case EpisodeOrder::DataSet:
            break;
    }
    return index;
}

}  // namespace

std::vector<int> sortEpisodes(const std::vector<EpisodeFacts>& episodes, EpisodeOrder order, bool descending) {
    std::vector<int> places(episodes.size());
    std::iota(places.begin(), places.end(), 0);
    std::vector<double> keys;
    for (const int place : places)
        keys.push_back(keyOf(episodes[std::size_t(place)], order, place));
    std::stable_sort(places.begin(), places.end(), [&](int a, int b) {
        const double left = keys[std::size_t(a)], right = keys[std::size_t(b)];
        if (std::isnan(left) || std::isnan(right))
            return !std::isnan(left) && std::isnan(right);
        return descending ? left > right : left < right;
    });
    return places;
}

}  // namespace sqil
