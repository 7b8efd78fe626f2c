#pragma once
#include <QtGlobal>
#include <span>
#include <vector>

namespace sqil {

/// Steps of several episodes, as stretches: what a rubber band selects in one view and the others show. A value.
class StepSet {
public:
    struct Stretch {
        int episode = 0;
        qint64 first = 0, last = 0;  ///< both are in it
        bool operator==(const Stretch&) const = default;
    };

    StepSet() = default;
    /// In any order, overlapping or not; stretches that end before they begin are left out.
    explicit StepSet(std::vector<Stretch> stretches);

    bool isEmpty() const { return stretches_.empty(); }
    qint64 count() const { return count_; }
    int episodeCount() const;
    bool contains(int episode, qint64 step) const;
    /// By episode and step; between two there is at least one step that is not in the set.
    const std::vector<Stretch>& stretches() const { return stretches_; }
    std::span<const Stretch> stretchesOf(int episode) const;

    bool operator==(const StepSet&) const = default;

private:
    std::vector<Stretch> stretches_;
    qint64 count_ = 0;
};

}  // namespace sqil
