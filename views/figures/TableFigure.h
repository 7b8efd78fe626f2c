#pragma once
#include "views/figures/Figure.h"
#include "widgets/TextTable.h"

namespace sqil {

/// A table as a figure, as large as it needs, at most as wide as a page.
Figure tableFigure(const QString& name, TextTable table);

}  // namespace sqil
