#pragma once
#include <QStringList>
#include <vector>

#include "widgets/PlotTheme.h"

class QCPPainter;

namespace sqil {

/// Densities of several quantities under several policies, a panel a quantity. Values only.
struct DensityPanels {
    struct Panel {
        QString label;  ///< of the horizontal axis: "dx (m)"
        double lower = 0, upper = 1;
        std::vector<std::vector<double>> densities;  ///< by policy, evenly from lower to upper; empty: not known
    };
    QStringList names;  ///< of the policies
    QList<QColor> colours;
    std::vector<Panel> panels;
};

double heightOfDensityPanels(const DensityPanels& panels, double width, const PlotTheme& theme);
/// The first policy as an area, the others as lines; the vertical axes have no numbers, for areas are 1.
void drawDensityPanels(QCPPainter& painter, const QRectF& area, const DensityPanels& panels, const PlotTheme& theme);

}  // namespace sqil
