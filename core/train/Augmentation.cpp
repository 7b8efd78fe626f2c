#include "core/train/Augmentation.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/train/CounterRandom.h"

namespace sqil {
namespace {

constexpr std::uint64_t kStream = 0xA0;  // apart from the data order's numbers

at::Tensor shifted(const at::Tensor& image, int most, CounterRandom& random) {
    const auto places = [&](std::int64_t size) {
        const auto by = static_cast<std::int64_t>(random.below(2 * static_cast<std::uint64_t>(most) + 1)) - most;
        return (at::arange(size, at::kLong) + by).clamp(0, size - 1);
    };
    const at::Tensor rows = places(image.size(1));
    return image.index_select(1, rows).index_select(2, places(image.size(2)));
}

at::Tensor cropped(const at::Tensor& image, double least, CounterRandom& random) {
    const double share = random.uniform(least, 1);
    const auto side = [&](std::int64_t size) {
        return std::max<std::int64_t>(1, std::llround(share * static_cast<double>(size)));
    };
    const std::int64_t height = side(image.size(1)), width = side(image.size(2));
    const auto top = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(image.size(1) - height + 1)));
    const auto left = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(image.size(2) - width + 1)));
    const at::Tensor part = image.slice(1, top, top + height).slice(2, left, left + width).unsqueeze(0);
    return at::upsample_bilinear2d(part, {image.size(1), image.size(2)}, /*align_corners=*/false)[0];
}

at::Tensor perChannel(const std::vector<double>& values) {
    return at::tensor(at::ArrayRef<double>(values), at::kDouble).to(at::kFloat).view({-1, 1, 1});
}

at::Tensor recoloured(at::Tensor image, const AugmentationSpec& spec, const CardInput& card, CounterRandom& random) {
    const auto factor = [&](double spread) { return random.uniform(1 - spread, 1 + spread); };
    const double brightness = factor(spec.brightness), contrast = factor(spec.contrast), colour = factor(spec.colour);
    if (!card.std.empty())
        image = image * perChannel(card.std);
    if (!card.mean.empty())
        image = image + perChannel(card.mean);
    image = image * brightness;
    const at::Tensor middle = image.mean();
    image = (image - middle) * contrast + middle;
    if (image.size(0) == 3) {
        const at::Tensor grey = image.mean(0, /*keepdim=*/true);
        image = (image - grey) * colour + grey;
    }
    image = image.clamp(std::min(0.0, 255 * card.scale), std::max(0.0, 255 * card.scale));
    if (!card.mean.empty())
        image = image - perChannel(card.mean);
    if (!card.std.empty())
        image = image / perChannel(card.std);
    return image;
}

}  // namespace

void augment(const AugmentationSpec& spec, std::uint64_t seed, std::int64_t pass, const std::vector<CardInput>& cards,
             std::vector<at::Tensor>& inputs) {
    if (!spec.any())
        return;
    const at::NoGradGuard noGradient;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
        if (cards[input].kind != InputKind::Image || inputs[input].dim() != 4)
            continue;
        std::vector<at::Tensor> images;
        for (std::int64_t row = 0; row < inputs[input].size(0); ++row) {
            CounterRandom random{kStream, seed, static_cast<std::uint64_t>(pass), static_cast<std::uint64_t>(row),
                                 input};
            at::Tensor image = inputs[input][row];
            if (spec.shift > 0)
                image = shifted(image, spec.shift, random);
            if (spec.crop < 1)
                image = cropped(image, spec.crop, random);
            if (spec.brightness > 0 || spec.contrast > 0 || spec.colour > 0)
                image = recoloured(image, spec, cards[input], random);
            images.push_back(image);
        }
        inputs[input] = at::stack(images);
    }
}

}  // namespace sqil
