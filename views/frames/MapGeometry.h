#pragma once
#include "core/analysis/Analysis.h"
#include "core/policy/PolicyCard.h"
#include "widgets/HeatMap.h"

namespace sqil {

/// The scores of one camera among those of a step, placed on its picture: where a place lies follows
/// from the perturbation and the size at which the policy sees the picture. Empty where
/// the policy does not look at this camera, or at nothing yet.
PlaceMap cameraMap(const std::vector<PlaceScores>& scores, const std::string& camera, const PolicyCard& card,
                   const AnalysisSpec& spec, QSize pictureSize);

/// The scores of inputs that are no pictures, with the key they come from.
struct StateScores {
    QString key;
    std::vector<float> scores;
};
std::vector<StateScores> stateScores(const std::vector<PlaceScores>& scores, const PolicyCard& card);

}  // namespace sqil
