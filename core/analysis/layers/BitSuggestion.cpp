#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

#include "core/analysis/layers/LayerSensitivity.h"

namespace sqil {
namespace {

constexpr std::array kWidths = {8, 6, 4, 3, 2};

double meanWeightBits(const std::vector<SensitiveLayer>& layers, const std::vector<LayerBits>& bits) {
    double total = 0, weights = 0;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        if (layers[index].sharing.front() != index)
            continue;  // a shared weight counts once
        total += static_cast<double>(layers[index].parameters) * bits[index].weights;
        weights += static_cast<double>(layers[index].parameters);
    }
    return weights > 0 ? total / weights : 0;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

/// One layer (with those that share its weight) on its way from 8 bits down.
struct Narrowing {
    std::size_t layer = 0;
    std::size_t width = 0;                          ///< index into kWidths
    std::array<double, kWidths.size()> alone = {};  ///< blame at each width
};

}  // namespace

Result<BitSuggestion> suggestBits(LayerSensitivity& sensitivity, std::span<const LayerBits> bits, double budget,
                                  std::int64_t steps, const Progress& progress) {
    const auto& layers = sensitivity.layers();
    std::vector<LayerBits> chosen(bits.begin(), bits.end());
    std::vector<Narrowing> narrowings;
    for (std::size_t layer = 0; layer < layers.size(); ++layer)
        if (layers[layer].sharing.front() == layer)
            narrowings.push_back({layer, 0, {}});
    const auto set = [&](const Narrowing& narrowing) {
        for (const std::size_t layer : layers[narrowing.layer].sharing)
            chosen[layer].weights = kWidths[narrowing.width];
    };
    for (std::size_t width = 0; width < kWidths.size(); ++width) {
        for (LayerBits& layer : chosen)
            layer.weights = kWidths[width];
        const auto report = sensitivity.blame(chosen, steps, BlameRuns::Alone, progress);
        if (!report)
            return tl::unexpected(report.error());
        for (Narrowing& narrowing : narrowings)
            narrowing.alone[width] = report->layers[narrowing.layer].alone;
    }
    for (const Narrowing& narrowing : narrowings)
        set(narrowing);
    auto gap = sensitivity.meanGap(chosen, steps, progress);
    if (!gap)
        return tl::unexpected(gap.error());
    if (*gap > budget)
        return fail(ErrorKind::BadInput, "even with 8-bit weights (activations as they are) the mean gap is " +
                                             number(*gap) + ", above the budget of " + number(budget) +
                                             ": raise the budget");

    std::vector<std::size_t> taken;  // which narrowing, in order
    double squares = 0;
    for (const Narrowing& narrowing : narrowings)
        squares += narrowing.alone[0] * narrowing.alone[0];
    while (true) {
        std::size_t best = narrowings.size();
        double bestPrice = std::numeric_limits<double>::infinity(), bestSquares = 0;
        for (std::size_t index = 0; index < narrowings.size(); ++index) {
            const Narrowing& candidate = narrowings[index];
            if (candidate.width + 1 >= kWidths.size())
                continue;
            const double before = candidate.alone[candidate.width], after = candidate.alone[candidate.width + 1];
            const double next = squares - before * before + after * after;
            const double saved = static_cast<double>(layers[candidate.layer].parameters) *
                                 (kWidths[candidate.width] - kWidths[candidate.width + 1]);
            const double price = (next - squares) / saved;
            if (next <= budget * budget && price < bestPrice) {
                best = index;
                bestPrice = price;
                bestSquares = next;
            }
        }
        if (best == narrowings.size())
            break;
        ++narrowings[best].width;
        set(narrowings[best]);
        squares = bestSquares;
        taken.push_back(best);
    }
    // The estimate leaves out how layers' errors meet: what counts is the gap itself.
    for (gap = sensitivity.meanGap(chosen, steps, progress); gap && *gap > budget && !taken.empty();
         gap = sensitivity.meanGap(chosen, steps, progress)) {
        --narrowings[taken.back()].width;
        set(narrowings[taken.back()]);
        taken.pop_back();
    }
    if (!gap)
        return tl::unexpected(gap.error());
    return BitSuggestion{chosen, *gap, meanWeightBits(layers, chosen)};
}

}  // namespace sqil
