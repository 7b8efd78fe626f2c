#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace sqil {

/// Smallest and largest value of a stretch of a series.
struct Extent {
    float low = std::numeric_limits<float>::infinity(), high = -std::numeric_limits<float>::infinity();
    bool hasMissing = false;  ///< some values are not known

    bool isEmpty() const { return low > high; }  ///< none is known
    void include(float value);
    void include(const Extent& other);
    bool operator==(const Extent&) const = default;
};

/// A series and above it the extents of every 8 values, of every 64, and so on: the extent of any stretch takes
/// logarithmic time, so that a plot draws a million values at the cost of its pixels. NaN and infinities
/// are values not known. Copying copies all levels; 1.2 times the bytes of the values in all.
class SeriesPyramid {
public:
    static constexpr std::size_t kFanOut = 8;

    SeriesPyramid() = default;
    explicit SeriesPyramid(std::vector<float> values);
    static SeriesPyramid missing(std::size_t size);  ///< nothing is known yet

    std::size_t size() const { return values_.size(); }
    std::span<const float> values() const { return values_; }
    float at(std::size_t index) const;  ///< NaN beyond the end
    /// Of [first, last), cut to what there is.
    Extent extent(std::size_t first, std::size_t last) const;
    Extent extent() const { return extent(0, size()); }

    /// New values from `first` on, cut to what there is; takes time in proportion to the stretch.
    void replace(std::size_t first, std::span<const float> values);

private:
    void makeLevels();
    void rebuild(std::size_t first, std::size_t last);

    std::vector<float> values_;
    std::vector<std::vector<Extent>> levels_;  ///< [0]: of kFanOut values each
};

}  // namespace sqil
