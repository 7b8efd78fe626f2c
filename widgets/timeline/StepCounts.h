#pragma once
#include <QtGlobal>
#include <span>
#include <vector>

namespace sqil {

/// How many steps of any stretch have a value above a threshold, in constant time.
class StepCounts {
public:
    StepCounts() = default;
    /// A threshold of NaN: none has.
    StepCounts(std::span<const float> values, double threshold);

    qint64 steps() const { return sums_.empty() ? 0 : qint64(sums_.size()) - 1; }
    qint64 total() const { return sums_.empty() ? 0 : sums_.back(); }
    qint64 count(qint64 first, qint64 last) const;  ///< of [first, last), cut to what there is
    bool contains(qint64 step) const { return count(step, step + 1) > 0; }

private:
    std::vector<qint32> sums_;  ///< [i]: of the first i steps
};

}  // namespace sqil
