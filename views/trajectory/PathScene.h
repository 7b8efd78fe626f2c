#pragma once
#include <QString>
#include <vector>

#include "views/session/StudioSession.h"
#include "views/trajectory/PathFiles.h"
#include "widgets/PlotTheme.h"
#include "widgets/SpaceScene.h"

namespace sqil {

enum class PathColouring { Sis = 1, Gap, Outcome, Recorded };
/// Of all that is read: the current episode, those that began as it did, everything.
enum class PathChoice { Current = 1, SameBeginning, All };

struct PathOptions {
    PathColouring colouring = PathColouring::Sis;
    PathChoice choice = PathChoice::All;
    bool withCriticalStates = true;
};

/// A name and the colour that it has in the scene.
struct PathLegendEntry {
    QString name;
    QColor colour;
};

/// What is drawn, and what it says.
struct PathScene {
    SpaceScene scene;
    std::vector<PathPlace> places;  ///< of each path
    bool byValue = false;
    double largest = 0;  ///< of the values that the colours show
    std::vector<PathLegendEntry> legend;
    std::size_t criticalStates = 0, steps = 0;  ///< of the paths of the first file
};

std::vector<PathPlace> chosenPaths(const std::vector<PathFile>& files, PathChoice choice, int current);

/// The paths in the theme's colours. Files laid over the first have no numbers of the analysis: they are drawn in a
/// colour of their own, which the legend names.
PathScene makePathScene(const StudioSession& session, const std::vector<PathFile>& files, const PathOptions& options,
                        const PlotTheme& theme);

/// An episode that began as the current one did, in its policy's colour.
struct PathCompanion {
    PathPlace place;
    QColor colour;
};
std::vector<PathCompanion> companionsOf(const std::vector<PathFile>& files, int episode);

}  // namespace sqil
