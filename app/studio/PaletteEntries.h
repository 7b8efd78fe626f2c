#pragma once
#include "app/studio/CommandPalette.h"

namespace sqil {

class MainWindow;

/// Everything that the window can do or go to at this moment: the enabled commands, the episodes,
/// the layouts, the recent projects.
std::vector<PaletteEntry> paletteEntries(MainWindow& window);

/// What follows from the text typed: "120", "step 120", "demo_3 40" go there.
std::vector<PaletteEntry> paletteAnswers(MainWindow& window, const QString& typed);

}  // namespace sqil
