#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/Perturbation.h"
#include "core/base/Result.h"

namespace sqil {

/// Pixels [begin, end) along one axis.
struct PixelRange {
    std::int64_t begin = 0, end = 0;
    std::int64_t size() const { return end - begin; }
    bool operator==(const PixelRange&) const = default;
};

/// The masks of all places along one axis: M of place (i, j) at (y, x) is
/// rows.mask(i)[y] · columns.mask(j)[x]. Gaussians and rectangles both factor so, and a Gaussian
/// still does where the border folds it back.
class AxisMasks {
public:
    AxisMasks(std::int64_t places, std::int64_t pixels) : pixels_(pixels), values_(places * pixels), reach_(places) {}
    std::span<const float> mask(std::int64_t place) const {
        return {values_.data() + place * pixels_, static_cast<std::size_t>(pixels_)};
    }
    /// Outside it the mask is exactly zero.
    PixelRange reach(std::int64_t place) const { return reach_[static_cast<std::size_t>(place)]; }
    std::int64_t places() const { return static_cast<std::int64_t>(reach_.size()); }
    std::int64_t pixels() const { return pixels_; }
    void set(std::int64_t place, std::span<const double> mask);

private:
    std::int64_t pixels_;
    std::vector<float> values_;
    std::vector<PixelRange> reach_;
};

/// A named image perturbation on images of one size, written as φ(I, k) = I + M_k·D with
/// D = replacement − I: the replacement is the blurred image, or the channel's mean.
class ImagePerturbation {
public:
    static Result<ImagePerturbation> create(const PerturbationSpec& spec, std::int64_t height, std::int64_t width);

    const PlaceGrid& places() const { return places_; }
    const AxisMasks& rows() const { return rows_; }
    const AxisMasks& columns() const { return columns_; }

    /// D of an image of channels×height×width.
    std::vector<float> change(std::span<const float> image, std::int64_t channels, int threads = 1) const;
    /// φ(image, place), given D.
    void apply(std::span<const float> image, std::span<const float> change, std::int64_t place,
               std::span<float> result) const;

private:
    ImagePerturbation(PlaceGrid places, AxisMasks rows, AxisMasks columns)
        : places_(places), rows_(std::move(rows)), columns_(std::move(columns)) {}
    PlaceGrid places_;
    AxisMasks rows_, columns_;
    std::vector<double> blur_;  ///< kernel; empty: the replacement is the channel's mean
};

}  // namespace sqil
