#include "core/analysis/Perturbation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sqil {
namespace {

constexpr std::pair<PerturbationKind, std::string_view> kindNames[] = {{PerturbationKind::Greydanus, "greydanus"},
                                                                       {PerturbationKind::PatchMean, "patch-mean"},
                                                                       {PerturbationKind::State, "state"}};

// The published sizes are for frames of 80×80.
constexpr double publishedSide = 80, publishedStride = 5, publishedMaskSigma = 5, publishedBlurSigma = 3;
constexpr double patchesPerSide = 8;
// Far above any use; keeps a mistyped value from asking for a kernel of gigabytes.
constexpr double largestPixels = 16384, largestSigma = 1e4;

Result<PlaceGrid> greydanusGrid(const PerturbationSpec& spec, std::int64_t height, std::int64_t width) {
    const double scale = static_cast<double>(std::min(height, width)) / publishedSide;
    PlaceGrid grid;
    grid.stride = spec.stride == 0 ? std::max(1.0, std::round(publishedStride * scale)) : spec.stride;
    grid.maskSigma = spec.maskSigma == 0 ? publishedMaskSigma * scale : spec.maskSigma;
    grid.blurSigma = spec.blurSigma == 0 ? publishedBlurSigma * scale : spec.blurSigma;
    if (!(grid.stride >= 1 && grid.stride <= largestPixels) || grid.stride != std::floor(grid.stride))
        return fail(ErrorKind::BadInput,
                    "greydanus: the stride is " + std::to_string(spec.stride) +
                        " pixels; expected a whole number from 1, or 0 to scale it with the image");
    for (const auto& [name, sigma] : {std::pair{"mask", grid.maskSigma}, std::pair{"blur", grid.blurSigma}})
        if (!(sigma > 0 && sigma <= largestSigma))
            return fail(ErrorKind::BadInput, "greydanus: the " + std::string(name) + " sigma is " +
                                                 std::to_string(sigma) +
                                                 " pixels; expected more than 0, or 0 to scale it with the image");
    const auto step = static_cast<std::int64_t>(grid.stride);
    grid.rows = (height + step - 1) / step;
    grid.columns = (width + step - 1) / step;
    return grid;
}

Result<PlaceGrid> patchGrid(const PerturbationSpec& spec, std::int64_t height, std::int64_t width) {
    if (spec.patch < 0)
        return fail(ErrorKind::BadInput, "patch-mean: the patch is " + std::to_string(spec.patch) +
                                             " pixels; expected 1 or more, or 0 for an eighth of the shorter side");
    const double shorter = static_cast<double>(std::min(height, width));
    PlaceGrid grid;
    grid.patch = spec.patch == 0 ? std::max<std::int64_t>(1, std::llround(shorter / patchesPerSide)) : spec.patch;
    grid.stride = static_cast<double>(grid.patch);
    grid.firstCentre = static_cast<double>(grid.patch - 1) / 2;
    grid.rows = (height + grid.patch - 1) / grid.patch;
    grid.columns = (width + grid.patch - 1) / grid.patch;
    return grid;
}

}  // namespace

std::string_view nameOf(PerturbationKind kind) {
    for (const auto& [value, name] : kindNames)
        if (value == kind)
            return name;
    return {};
}

Result<PerturbationKind> parsePerturbationKind(std::string_view wanted) {
    for (const auto& [value, name] : kindNames)
        if (name == wanted)
            return value;
    return fail(ErrorKind::BadInput,
                "perturbation: \"" + std::string(wanted) + "\" is not known; expected greydanus, patch-mean or state");
}

Result<PlaceGrid> placesOf(const PerturbationSpec& spec, std::int64_t height, std::int64_t width) {
    if (height < 1 || width < 1 || height > largestPixels || width > largestPixels)
        return fail(ErrorKind::BadInput, "an image of " + std::to_string(height) + "×" + std::to_string(width) +
                                             " pixels cannot be perturbed");
    switch (spec.kind) {
        case PerturbationKind::Greydanus:
            return greydanusGrid(spec, height, width);
        case PerturbationKind::PatchMean:
            return patchGrid(spec, height, width);
        case PerturbationKind::State:
            break;
    }
    return fail(ErrorKind::BadInput, "the perturbation \"state\" is for state vectors, not for images");
}

}  // namespace sqil
