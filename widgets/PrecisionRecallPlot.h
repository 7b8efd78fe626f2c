#pragma once
#include <qcustomplot.h>

#include <optional>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Precision over recall of a detector, what chance would reach, and the point at which it is used.
class PrecisionRecallPlot : public QCustomPlot {
    Q_OBJECT
public:
    explicit PrecisionRecallPlot(QWidget* parent = nullptr);

    void setTheme(const PlotTheme& theme);
    /// By rising recall; empty: there is nothing to find.
    void setCurve(const QVector<double>& recall, const QVector<double>& precision);
    void setBaseRate(double rate);
    void setPoint(std::optional<QPointF> recallAndPrecision, const QString& label);

protected:
    void changeEvent(QEvent* event) override;

private:
    void style();

    PlotTheme theme_;
    bool ownTheme_ = false;
    QCPGraph* curve_;
    QCPItemStraightLine* base_;
    QCPItemText* baseLabel_;
    QCPItemTracer* point_;
    QCPItemText* pointLabel_;
};

}  // namespace sqil
