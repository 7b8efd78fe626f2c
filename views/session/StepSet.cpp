#include "views/session/StepSet.h"

#include <algorithm>

namespace sqil {

StepSet::StepSet(std::vector<Stretch> stretches) {
    std::erase_if(stretches, [](const Stretch& one) { return one.last < one.first; });
    std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
        return a.episode != b.episode ? a.episode < b.episode : a.first < b.first;
    });
    for (const Stretch& one : stretches) {
        Stretch* last = stretches_.empty() ? nullptr : &stretches_.back();
        if (last && last->episode == one.episode && one.first <= last->last + 1)
            last->last = std::max(last->last, one.last);
        else
            stretches_.push_back(one);
    }
    for (const Stretch& one : stretches_)
        count_ += one.last - one.first + 1;
}

int StepSet::episodeCount() const {
    int count = 0;
    for (std::size_t index = 0; index < stretches_.size(); ++index)
        count += index == 0 || stretches_[index].episode != stretches_[index - 1].episode;
    return count;
}

std::span<const StepSet::Stretch> StepSet::stretchesOf(int episode) const {
    const auto [begin, end] =
        std::equal_range(stretches_.begin(), stretches_.end(), Stretch{episode, 0, 0},
                         [](const Stretch& a, const Stretch& b) { return a.episode < b.episode; });
    return {begin, end};
}

bool StepSet::contains(int episode, qint64 step) const {
    const auto mine = stretchesOf(episode);
    const auto found = std::lower_bound(mine.begin(), mine.end(), step,
                                        [](const Stretch& one, qint64 wanted) { return one.last < wanted; });
    return found != mine.end() && found->first <= step;
}

}  // namespace sqil
