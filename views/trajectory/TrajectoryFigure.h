#pragma once
#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/trajectory/PathScene.h"
#include "widgets/SpaceAxes.h"

namespace sqil {

/// What a figure of the 3-D view is made of, in PlotTheme::print()'s colours.
struct TrajectoryPicture {
    PathScene paths;
    SpaceAxes axes;
    SpaceCamera camera;
    bool fitted = true;  ///< the camera shows everything, at any size
    std::optional<QVector3D> marker;
    std::vector<SpaceGlyph> companions;
    QImage frame;        ///< of the camera at the marker; null: none
    QString valueLabel;  ///< of the colour bar
    /// For what cannot be drawn with strokes: draws into a picture, or gives none.
    std::function<QImage(const SpaceScene&, const SpaceCamera&, const QSize&)> render;
};

/// Strokes where the scene can be drawn so, else a picture at 600 dots an inch between axes, bar and legend of strokes.
Figure trajectoryFigure(TrajectoryPicture picture);

/// A row a point of the chosen paths, with the analysis's numbers where they are known.
DataTable trajectoryTable(const StudioSession& session, const std::vector<PathFile>& files,
                          const std::vector<PathPlace>& places, const QString& unit);

}  // namespace sqil
