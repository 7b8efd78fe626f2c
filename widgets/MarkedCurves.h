#pragma once
#include <QImage>
#include <optional>
#include <vector>

#include "widgets/PlotTheme.h"
#include "widgets/StepIntervals.h"

namespace sqil {

/// Curves over the steps of an episode with marked instants and what was to be seen there: the figure of most papers on
/// robot policies. Values only; drawn by drawMarkedCurves().
struct MarkedCurves {
    struct Curve {
        QString name;
        std::vector<float> values;  ///< one a step; NaN: a gap
        QColor colour;
    };
    struct Mark {
        qint64 step = 0;
        QImage picture;  ///< null: only the mark
    };
    std::vector<Curve> curves;
    std::vector<Mark> marks;  ///< by step; lettered a, b, c, …
    std::vector<StepInterval> bands;
    QString bandsName;  ///< in the legend; empty: not named
    std::optional<double> threshold;
    QString thresholdName;
    QString valueLabel;
    double stepsPerSecond = 0;  ///< 0: the axis counts steps
};

/// Room that the figure needs at a width, both in the theme's device units.
double heightOfMarkedCurves(const MarkedCurves& curves, double width, const PlotTheme& theme);

/// Fills `area`: the marked pictures in a row, the legend, the curves.
void drawMarkedCurves(QCPPainter& painter, const QRectF& area, const MarkedCurves& curves, const PlotTheme& theme);

}  // namespace sqil
