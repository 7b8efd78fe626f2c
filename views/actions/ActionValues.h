#pragma once
#include "core/policy/PolicyCard.h"
#include "views/session/EpisodeResults.h"
#include "widgets/ActionBars.h"
#include "widgets/DistributionBars.h"

namespace sqil {

class StudioSession;

/// Names and units of the action's dimensions; "action 0", … where the card names none.
std::vector<ActionBars::Dimension> actionDimensions(const PolicyCard& card, std::size_t width);

/// Actions of the reference and of every compared policy over an episode, from normalized values to the card's units;
/// with how sure Gaussian and Beta heads are around the cursor, where that is known (StepProbe).
std::vector<ActionBars::Course> actionCourses(const StudioSession& session, int episode);

/// True where the action is a distribution over bins: categorical and token heads.
bool isDistribution(const PolicyCard& card);

/// The distributions at a step: one panel for a categorical head, one a dimension for tokens.
std::vector<DistributionBars::Panel> actionDistributions(const StudioSession& session, int episode, qint64 step);

/// Reference first, then the compared policies.
QStringList policyNames(const StudioSession& session);

}  // namespace sqil
