#include "views/figures/TableFigure.h"

#include <qcustomplot.h>

namespace sqil {

Figure tableFigure(const QString& name, TextTable table) {
    Figure figure;
    figure.name = name;
    const PlotTheme theme = PlotTheme::print();
    figure.width =
        (widthOfTextTable(table, kPageMillimetres * kFigureUnitsPerMillimetre, theme) + 1) / kFigureUnitsPerMillimetre;
    figure.height = heightOfTextTable(table, theme) / kFigureUnitsPerMillimetre;
    figure.draw = [table = std::move(table)](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        drawTextTable(painter, QRect(QPoint(), size), table, theme);
    };
    return figure;
}

}  // namespace sqil
