#pragma once
#include <qcustomplot.h>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Fonts, pens and margins of a plot's axes as the theme has them; the upper and the right axis become a plain frame.
void styleAxes(QCPAxisRect& area, const PlotTheme& theme);

}  // namespace sqil
