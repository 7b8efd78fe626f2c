#pragma once
#include <optional>

#include "widgets/ThemedPlot.h"

namespace sqil {

/// Precision over recall of a detector, what chance would reach, and the point at which it is used.
class PrecisionRecallPlot : public ThemedPlot {
    Q_OBJECT
public:
    explicit PrecisionRecallPlot(QWidget* parent = nullptr);

    /// By rising recall; empty: there is nothing to find.
    void setCurve(const QVector<double>& recall, const QVector<double>& precision);
    void setBaseRate(double rate);
    void setPoint(std::optional<QPointF> recallAndPrecision, const QString& label);

protected:
    void style() override;

private:
    QCPGraph* curve_;
    QCPItemStraightLine* base_;
    QCPItemText* baseLabel_;
    QCPItemTracer* point_;
    QCPItemText* pointLabel_;
};

}  // namespace sqil
