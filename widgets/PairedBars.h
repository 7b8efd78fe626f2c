#pragma once
#include <QStringList>
#include <vector>

#include "widgets/PlotTheme.h"

class QCPPainter;

namespace sqil {

/// Named rows from top to bottom, each with two horizontal bars on one scale. Values only; drawn by drawPairedBars().
struct PairedBars {
    struct Row {
        QString name;
        double first = 0, second = 0;  ///< NaN: no bar
        bool marked = false;           ///< its name stands out
    };
    QString firstName, secondName;  ///< in the legend
    QString valueLabel;
    std::vector<Row> rows;
    double level = 0;  ///< a dashed line across; NaN: none
    QString levelName;
};

/// Room that the chart needs, in the theme's device units.
double heightOfPairedBars(const PairedBars& bars, const PlotTheme& theme);

/// Fills `area`: the legend, the rows, the axis.
void drawPairedBars(QCPPainter& painter, const QRectF& area, const PairedBars& bars, const PlotTheme& theme);

}  // namespace sqil
