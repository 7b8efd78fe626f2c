#pragma once
#include <span>
#include <vector>

namespace sqil {

/// ‖a_FP − a_Q‖₂ of two actions of the same length, in normalized units. METHOD "Action gap".
double actionGap(std::span<const float> fullPrecision, std::span<const float> quantized);

/// Divergence of two saliency maps over the same places: each is normalized to sum to 1, then the
/// Jensen–Shannon divergence to base 2 (Lin 1991): 0 where both policies look at the same places
/// in the same proportion, 1 where they look at disjoint ones. A map of zeros spreads evenly.
/// NaN where a score is not finite.
double saliencyDivergence(std::span<const float> first, std::span<const float> second);

}  // namespace sqil
