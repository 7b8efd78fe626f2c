#include "widgets/PlotAxes.h"

namespace sqil {

void styleAxes(QCPAxisRect& area, const PlotTheme& theme) {
    const double u = theme.unit;
    const QFont small = theme.scaled(0.92);
    area.setupFullAxesBox();
    area.setAutoMargins(QCP::msAll);
    area.setMinimumMargins(QMargins(qRound(8 * u), qRound(8 * u), qRound(12 * u), qRound(4 * u)));
    for (QCPAxis* axis : area.axes()) {
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->setTickLabelColor(theme.muted);
        axis->setLabelColor(theme.text);
        axis->setBasePen(QPen(theme.grid.darker(theme.dark ? 100 : 115), u));
        axis->setTickPen(QPen(theme.muted, u));
        axis->setSubTickPen(QPen(theme.grid, u));
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(qRound(3 * u));
        axis->setSubTickLengthIn(0);
        axis->setSubTickLengthOut(qRound(2 * u));
        axis->setTickLabelPadding(qRound(3 * u));
        axis->setLabelPadding(qRound(4 * u));
        axis->grid()->setPen(QPen(theme.grid, u));
        axis->grid()->setZeroLinePen(QPen(theme.grid, u));
    }
    for (const auto type : {QCPAxis::atTop, QCPAxis::atRight}) {
        area.axis(type)->setTicks(false);
        area.axis(type)->setSubTicks(false);
        area.axis(type)->setTickLabels(false);
    }
}

}  // namespace sqil
