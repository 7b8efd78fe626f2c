#pragma once
#include <optional>
#include <vector>

#include "views/figures/Figure.h"
#include "views/session/StudioSession.h"

namespace sqil {

/// Action gap of every compared policy over the episode, with the largest of the primary one's marked and the first
/// camera's pictures there. None without a compared policy.
std::optional<Figure> discrepancyFigure(const StudioSession& session);

/// SIS over the episode, the critical states shaded, with pictures at its peaks.
std::optional<Figure> peaksFigure(const StudioSession& session);

/// Densities of each action dimension, in its unit, over all steps known of the data set: the reference and every
/// compared policy. None for distributions over bins or tokens, which have no density.
std::optional<Figure> actionDensityFigure(const StudioSession& session);

/// Those of the figures above that can be drawn now. Reads a few pictures and a copy of the actions: milliseconds, but
/// a tenth of a second for a million steps. GUI thread.
std::vector<Figure> paperFigures(const StudioSession& session);

}  // namespace sqil
