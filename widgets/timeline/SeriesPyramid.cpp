#include "widgets/timeline/SeriesPyramid.h"

#include <algorithm>
#include <cmath>

namespace sqil {

void Extent::include(float value) {
    if (!std::isfinite(value)) {
        hasMissing = true;
        return;
    }
    low = std::min(low, value);
    high = std::max(high, value);
}

void Extent::include(const Extent& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    hasMissing = hasMissing || other.hasMissing;
}

SeriesPyramid::SeriesPyramid(std::vector<float> values) : values_(std::move(values)) {
    makeLevels();
    rebuild(0, values_.size());
}

SeriesPyramid SeriesPyramid::missing(std::size_t size) {
    SeriesPyramid pyramid;
    pyramid.values_.assign(size, std::numeric_limits<float>::quiet_NaN());
    pyramid.makeLevels();
    Extent nothing;
    nothing.hasMissing = true;
    for (auto& level : pyramid.levels_)
        level.assign(level.size(), nothing);
    return pyramid;
}

void SeriesPyramid::makeLevels() {
    for (std::size_t size = values_.size(); size > kFanOut;) {
        size = (size + kFanOut - 1) / kFanOut;
        levels_.emplace_back(size);
    }
}

float SeriesPyramid::at(std::size_t index) const {
    return index < values_.size() ? values_[index] : std::numeric_limits<float>::quiet_NaN();
}

void SeriesPyramid::rebuild(std::size_t first, std::size_t last) {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        first /= kFanOut;
        last = std::min((last + kFanOut - 1) / kFanOut, levels_[level].size());
        for (std::size_t index = first; index < last; ++index) {
            Extent extent;
            const std::size_t from = index * kFanOut;
            if (level == 0)
                for (std::size_t at = from; at < std::min(from + kFanOut, values_.size()); ++at)
                    extent.include(values_[at]);
            else
                for (std::size_t at = from; at < std::min(from + kFanOut, levels_[level - 1].size()); ++at)
                    extent.include(levels_[level - 1][at]);
            levels_[level][index] = extent;
        }
    }
}

Extent SeriesPyramid::extent(std::size_t first, std::size_t last) const {
    Extent result;
    last = std::min(last, values_.size());
    // The ragged ends on each level, the aligned middle on the next one.
    for (; first < last && (first % kFanOut != 0 || levels_.empty()); ++first)
        result.include(values_[first]);
    for (; first < last && last % kFanOut != 0; --last)
        result.include(values_[last - 1]);
    for (std::size_t level = 0; first < last; ++level) {
        const auto& extents = levels_[level];
        const bool isTop = level + 1 == levels_.size();
        first /= kFanOut;
        last /= kFanOut;
        for (; first < last && (first % kFanOut != 0 || isTop); ++first)
            result.include(extents[first]);
        for (; first < last && last % kFanOut != 0; --last)
            result.include(extents[last - 1]);
    }
    return result;
}

void SeriesPyramid::replace(std::size_t first, std::span<const float> values) {
    if (first >= values_.size())
        return;
    const std::size_t count = std::min(values.size(), values_.size() - first);
    std::copy_n(values.begin(), count, values_.begin() + static_cast<std::ptrdiff_t>(first));
    rebuild(first, first + count);
}

}  // namespace sqil
