#include "core/analysis/PerturbedFrame.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analysis/ImagePerturbation.h"
#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

/// The pixels of an axis where the mask is above 1 %, as fractions of the axis.
std::pair<double, double> reachOf(const AxisMasks& axis, std::int64_t place) {
    const auto mask = axis.mask(place);
    std::int64_t first = axis.pixels(), last = -1;
    for (std::int64_t pixel = 0; pixel < axis.pixels(); ++pixel)
        if (mask[static_cast<std::size_t>(pixel)] > 0.01f) {
            first = std::min(first, pixel);
            last = pixel;
        }
    const auto pixels = static_cast<double>(axis.pixels());
    return {static_cast<double>(std::min(first, axis.pixels())) / pixels, static_cast<double>(last + 1) / pixels};
}

double valueFor(const std::vector<double>& values, std::int64_t channel, double otherwise) {
    if (values.empty())
        return otherwise;
    return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(channel)];
}

/// Undoes mean, deviation and scale of the card.
std::uint8_t toByte(float value, const CardInput& input, std::int64_t channel) {
    const double stored =
        (static_cast<double>(value) * valueFor(input.std, channel, 1) + valueFor(input.mean, channel, 0)) / input.scale;
    return static_cast<std::uint8_t>(std::lround(std::clamp(stored, 0.0, 255.0)));
}

}  // namespace

Result<PerturbedFrame> perturbedFrame(Rollouts& rollouts, std::size_t episode, std::int64_t step,
                                      const CardInput& input, const PerturbationSpec& perturbation,
                                      std::int64_t place) {
    if (input.kind != InputKind::Image || perturbation.kind == PerturbationKind::State)
        return fail(ErrorKind::BadInput, "input \"" + input.name + "\" is no picture that a place of is perturbed");
    const auto block = rollouts.step(episode, input.key, step);
    if (!block)
        return tl::unexpected(block.error());
    const auto prepared = preprocess(*block, input, nullptr);
    if (!prepared)
        return tl::unexpected(prepared.error());
    if (prepared->dim() != 4)
        return fail(ErrorKind::BadInput, "key \"" + input.key + "\" does not hold pictures");
    const at::Tensor image = prepared->contiguous();
    const std::int64_t channels = image.size(1), height = image.size(2), width = image.size(3);
    const auto perturb = ImagePerturbation::create(perturbation, height, width);
    if (!perturb)
        return tl::unexpected(perturb.error());
    if (place < 0 || place >= perturb->places().count())
        return fail(ErrorKind::NotFound, "input \"" + input.name + "\" has " +
                                             std::to_string(perturb->places().count()) + " places, not place " +
                                             std::to_string(place));
    if ((input.mean.size() > 1 && static_cast<std::int64_t>(input.mean.size()) < channels) ||
        (input.std.size() > 1 && static_cast<std::int64_t>(input.std.size()) < channels) || input.scale == 0)
        return fail(ErrorKind::BadInput, "the card's scaling of \"" + input.name + "\" cannot be undone");

    const std::span<const float> values(image.const_data_ptr<float>(), static_cast<std::size_t>(image.numel()));
    std::vector<float> changed(values.size());
    perturb->apply(values, perturb->change(values, channels), place, changed);

    PerturbedFrame frame{height, width, {}, 0, 0, 1, 1};
    const auto plane = static_cast<std::size_t>(height * width);
    frame.pixels.resize(plane * 3);
    for (std::int64_t colour = 0; colour < 3; ++colour) {
        const std::int64_t channel = channels >= 3 ? colour : 0;
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            frame.pixels[pixel * 3 + static_cast<std::size_t>(colour)] =
                toByte(changed[static_cast<std::size_t>(channel) * plane + pixel], input, channel);
    }
    const std::int64_t columns = perturb->places().columns;
    std::tie(frame.top, frame.bottom) = reachOf(perturb->rows(), place / columns);
    std::tie(frame.left, frame.right) = reachOf(perturb->columns(), place % columns);
    return frame;
}

}  // namespace sqil
