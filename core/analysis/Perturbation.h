#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

enum class PerturbationKind {
    Greydanus,  ///< I·(1−M) + blur(I, σ_b)·M, M a Gaussian with its peak at 1 (Greydanus et al. 2018)
    PatchMean,  ///< non-overlapping square patches replaced by the image's channel means
    State,      ///< one place per dimension of a state vector
};

enum class StateChange { Mean, PlusStd, MinusStd };

/// A named local change φ(s, k) with every parameter that its scores depend on. METHOD "Saliency and SIS".
struct PerturbationSpec {
    PerturbationKind kind = PerturbationKind::Greydanus;
    /// Pixels of the policy's input. 0: scaled with the image from the published 80×80 values
    /// (stride 5, mask σ 5, blur σ 3) by its shorter side.
    double stride = 0;
    double maskSigma = 0;
    double blurSigma = 0;
    int patch = 0;  ///< pixels; 0: an eighth of the shorter side (28 of 224)
    StateChange stateChange = StateChange::Mean;
};

std::string_view nameOf(PerturbationKind kind);  ///< "greydanus", "patch-mean", "state"
Result<PerturbationKind> parsePerturbationKind(std::string_view name);
std::string_view nameOf(StateChange change);  ///< "mean", "plus-std", "minus-std"
Result<StateChange> parseStateChange(std::string_view name);

/// The places at which an image of this size is perturbed: a grid of rows × columns.
struct PlaceGrid {
    std::int64_t rows = 0, columns = 0;
    double stride = 0;                    ///< pixels between places
    double firstCentre = 0;               ///< pixel of the first place's centre, both axes
    double maskSigma = 0, blurSigma = 0;  ///< as resolved; 0 where the kind has none
    std::int64_t patch = 0;
    std::int64_t count() const { return rows * columns; }
};
Result<PlaceGrid> placesOf(const PerturbationSpec& spec, std::int64_t height, std::int64_t width);

}  // namespace sqil
