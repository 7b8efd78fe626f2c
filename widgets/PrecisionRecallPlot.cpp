#include "widgets/PrecisionRecallPlot.h"

#include <cmath>

#include "widgets/PlotAxes.h"

namespace sqil {

PrecisionRecallPlot::PrecisionRecallPlot(QWidget* parent) : ThemedPlot(parent) {
    setMinimumSize(140, 110);
    setNoAntialiasingOnDrag(false);
    curve_ = addGraph();
    base_ = new QCPItemStraightLine(this);
    baseLabel_ = new QCPItemText(this);
    point_ = new QCPItemTracer(this);
    pointLabel_ = new QCPItemText(this);
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{base_, baseLabel_, point_, pointLabel_}) {
        item->setSelectable(false);
        item->setVisible(false);
    }
    xAxis->setLabel(tr("recall"));
    yAxis->setLabel(tr("precision"));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->ticker()->setTickCount(4);
        axis->setSubTicks(false);
    }
    xAxis->setRange(0, 1.02);
    yAxis->setRange(0, 1.05);
    style();
}

void PrecisionRecallPlot::style() {
    const double u = theme().unit;
    const QFont small = theme().scaled(0.92);
    setBackground(theme().background);
    styleAxes(*axisRect(), theme());
    curve_->setPen(QPen(theme().first, 1.5 * u, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    base_->setPen(QPen(theme().muted, u, Qt::DashLine));
    point_->setStyle(QCPItemTracer::tsCircle);
    point_->setSize(8 * u);
    point_->setPen(QPen(theme().background, 1.25 * u));
    point_->setBrush(theme().second);
    QColor backdrop = theme().background;
    backdrop.setAlpha(210);
    for (QCPItemText* text : {baseLabel_, pointLabel_}) {
        text->setFont(small);
        text->setColor(theme().muted);
        text->setBrush(backdrop);
        text->setPadding(QMargins(qRound(4 * u), qRound(u), qRound(4 * u), qRound(u)));
    }
    pointLabel_->setColor(theme().text);
    replot(rpQueuedReplot);
}

void PrecisionRecallPlot::setCurve(const QVector<double>& recall, const QVector<double>& precision) {
    curve_->setData(recall, precision, true);
    replot(rpQueuedReplot);
}

void PrecisionRecallPlot::setBaseRate(double rate) {
    const bool known = std::isfinite(rate);
    base_->setVisible(known);
    baseLabel_->setVisible(known);
    if (known) {
        base_->point1->setCoords(0, rate);
        base_->point2->setCoords(1, rate);
        baseLabel_->setText(tr("chance"));
        baseLabel_->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        baseLabel_->position->setCoords(1, rate);
        baseLabel_->setPositionAlignment(Qt::AlignRight | (rate > 0.5 ? Qt::AlignTop : Qt::AlignBottom));
    }
    replot(rpQueuedReplot);
}

void PrecisionRecallPlot::setPoint(std::optional<QPointF> recallAndPrecision, const QString& label) {
    point_->setVisible(recallAndPrecision.has_value());
    pointLabel_->setVisible(recallAndPrecision.has_value() && !label.isEmpty());
    if (recallAndPrecision) {
        point_->position->setCoords(*recallAndPrecision);
        pointLabel_->setText(label);
        pointLabel_->position->setCoords(*recallAndPrecision);
        pointLabel_->setPositionAlignment((recallAndPrecision->x() > 0.6 ? Qt::AlignRight : Qt::AlignLeft) |
                                          (recallAndPrecision->y() > 0.8 ? Qt::AlignTop : Qt::AlignBottom));
    }
    replot(rpQueuedReplot);
}

}  // namespace sqil
