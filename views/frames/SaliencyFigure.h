#pragma once
#include <optional>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/session/StudioSession.h"
#include "widgets/ColourMap.h"

namespace sqil {

/// How saliency is laid over the frames.
struct SaliencyStyle {
    const ColourMap* colours = &ColourMap::viridis();
    double opacity = 0.75;
    bool episodeScale = false;  ///< colours end at the episode's largest score instead of the frame's
};

/// The step's frames under the saliency of the reference and every compared policy, side by side, and their
/// differences; none where no frame is there. Maps of further compared policies (StepProbe) must have been computed.
std::optional<Figure> saliencyFigure(const StudioSession& session, const SaliencyStyle& style);

/// The step's saliency place by place: camera, position in the picture, S of each policy.
DataTable saliencyTable(const StudioSession& session);

}  // namespace sqil
