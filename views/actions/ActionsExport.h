#pragma once
#include <optional>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/session/StudioSession.h"

namespace sqil {

/// Both policies' actions at the cursor and over the episode, dimension by dimension.
std::optional<Figure> actionsFigure(const StudioSession& session);

/// Both policies' actions at every step of the episode, in the action's units.
std::optional<DataTable> actionsTable(const StudioSession& session);

}  // namespace sqil
