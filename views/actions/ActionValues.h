#pragma once
#include "core/policy/PolicyCard.h"
#include "views/session/EpisodeResults.h"
#include "widgets/ActionBars.h"

namespace sqil {

/// Names and units of the action's dimensions; "action 0", … where the card names none.
std::vector<ActionBars::Dimension> actionDimensions(const PolicyCard& card, std::size_t width);

/// Both policies' actions over an episode, from normalized values to the card's units.
ActionBars::Courses actionCourses(const EpisodeResults& results, const PolicyCard& card);

}  // namespace sqil
