#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace sqil {

/// The finite values of a data set in order, as they come in: any percentile at once, and how many lie above a
/// threshold in logarithmic time. Adding a block costs its sorting and a pass over what was added since the last
/// question; the first question after it a pass over all.
class SortedValues {
public:
    void clear() {
        values_.clear();
        recent_.clear();
    }
    void add(std::vector<float> values);  ///< those that are not finite are left out
    std::size_t size() const { return values_.size() + recent_.size(); }

    /// The percentile at which the `topPercent` largest begin, interpolated linearly: as
    /// criticalThreshold() of the same values. NaN where there is none.
    double threshold(double topPercent) const;
    std::size_t countAbove(double threshold) const;
    /// The share of values above a threshold, in percent; the inverse of threshold(). NaN where there is none.
    double topPercentOf(double threshold) const;

private:
    const std::vector<float>& sorted() const;

    mutable std::vector<float> values_, recent_;  ///< each in order
};

}  // namespace sqil
