#include "core/analysis/ImagePerturbation.h"

#include <algorithm>
#include <numeric>

#include "core/analysis/GaussianFilter.h"
#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

/// An impulse at every centre, filtered, its peak set to 1.
AxisMasks gaussianMasks(double sigma, std::int64_t stride, std::int64_t places, std::int64_t pixels) {
    const std::vector<double> kernel = gaussianKernel(sigma);
    AxisMasks masks(places, pixels);
    for (std::int64_t place = 0; place < places; ++place) {
        std::vector<double> mask = filteredImpulse(kernel, place * stride, pixels);
        const double peak = *std::max_element(mask.begin(), mask.end());
        for (double& value : mask)
            value /= peak;
        masks.set(place, mask);
    }
    return masks;
}

AxisMasks patchMasks(std::int64_t patch, std::int64_t places, std::int64_t pixels) {
    AxisMasks masks(places, pixels);
    for (std::int64_t place = 0; place < places; ++place) {
        std::vector<double> mask(static_cast<std::size_t>(pixels), 0.0);
        for (std::int64_t i = place * patch; i < std::min(pixels, (place + 1) * patch); ++i)
            mask[static_cast<std::size_t>(i)] = 1;
        masks.set(place, mask);
    }
    return masks;
}

}  // namespace

void AxisMasks::set(std::int64_t place, std::span<const double> mask) {
    std::copy(mask.begin(), mask.end(), values_.begin() + place * pixels_);
    const auto stored = this->mask(place);
    const auto changes = [](float value) { return value != 0; };
    const auto first = std::find_if(stored.begin(), stored.end(), changes);
    const auto last = std::find_if(stored.rbegin(), stored.rend(), changes);
    reach_[static_cast<std::size_t>(place)] =
        first == stored.end() ? PixelRange{} : PixelRange{first - stored.begin(), stored.rend() - last};
}

Result<ImagePerturbation> ImagePerturbation::create(const PerturbationSpec& spec, std::int64_t height,
                                                    std::int64_t width) {
    auto places = placesOf(spec, height, width);
    if (!places)
        return tl::unexpected(places.error());
    if (spec.kind == PerturbationKind::PatchMean)
        return ImagePerturbation(*places, patchMasks(places->patch, places->rows, height),
                                 patchMasks(places->patch, places->columns, width));
    const auto stride = static_cast<std::int64_t>(places->stride);
    ImagePerturbation made(*places, gaussianMasks(places->maskSigma, stride, places->rows, height),
                           gaussianMasks(places->maskSigma, stride, places->columns, width));
    made.blur_ = gaussianKernel(places->blurSigma);
    return made;
}

std::vector<float> ImagePerturbation::change(std::span<const float> image, std::int64_t channels, int threads) const {
    std::vector<float> result(image.size());
    const auto pixels = static_cast<std::size_t>(rows_.pixels() * columns_.pixels());
    forEachItem(threads, channels, [&](int, std::int64_t channel) {
        const auto from = image.subspan(static_cast<std::size_t>(channel) * pixels, pixels);
        const auto to = std::span(result).subspan(static_cast<std::size_t>(channel) * pixels, pixels);
        if (blur_.empty())
            std::fill(to.begin(), to.end(),
                      static_cast<float>(std::accumulate(from.begin(), from.end(), 0.0) / static_cast<double>(pixels)));
        else
            gaussianFilter(from, rows_.pixels(), columns_.pixels(), blur_, to);
        for (std::size_t i = 0; i < pixels; ++i)
            to[i] -= from[i];
    });
    return result;
}

void ImagePerturbation::apply(std::span<const float> image, std::span<const float> change, std::int64_t place,
                              std::span<float> result) const {
    const std::int64_t height = rows_.pixels(), width = columns_.pixels();
    const std::int64_t row = place / places_.columns, column = place % places_.columns;
    const auto rowMask = rows_.mask(row), columnMask = columns_.mask(column);
    const PixelRange y = rows_.reach(row), x = columns_.reach(column);
    std::copy(image.begin(), image.end(), result.begin());
    const auto channels = static_cast<std::int64_t>(image.size()) / (height * width);
    for (std::int64_t channel = 0; channel < channels; ++channel)
        for (std::int64_t i = y.begin; i < y.end; ++i) {
            const auto at = static_cast<std::size_t>((channel * height + i) * width);
            for (std::int64_t j = x.begin; j < x.end; ++j)
                result[at + static_cast<std::size_t>(j)] += rowMask[static_cast<std::size_t>(i)] *
                                                            columnMask[static_cast<std::size_t>(j)] *
                                                            change[at + static_cast<std::size_t>(j)];
        }
}

}  // namespace sqil
