#pragma once
#include <functional>
#include <span>
#include <vector>

#include "views/session/StudioSession.h"
#include "widgets/timeline/TimelineScene.h"

namespace sqil {

/// A lane that the timeline can show, and where its numbers come from.
struct LaneChoice {
    struct Source {
        QString name;            ///< of the policy
        std::size_t colour = 0;  ///< LaneSeries::colour
        /// Writes one value a step; `values` is NaN where nothing is written.
        std::function<void(const EpisodeResults& results, std::span<float> values)> copy;
    };
    TimelineLane lane;  ///< without series
    std::vector<Source> sources;
    bool isShownFirst = false;  ///< where the user has not chosen
};

inline const QString kSisLane = QStringLiteral("sis");
inline const QString kGapLane = QStringLiteral("gap");

/// What there is to show of a comparison: SIS in all and by modality, the gap of every compared policy, the divergence
/// of the saliency maps, each dimension of the action in its unit, and when the gripper is told to close.
std::vector<LaneChoice> laneChoices(const StudioSession& session);

}  // namespace sqil
