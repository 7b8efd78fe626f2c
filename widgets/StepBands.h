#pragma once
#include <qcustomplot.h>

#include <vector>

namespace sqil {

/// Stretches of steps [first, last] shaded over the height of one axis rectangle. However many
/// there are, no more are drawn than there are pixels: what is narrower is merged.
class StepBands : public QCPAbstractItem {
public:
    struct Interval {
        qint64 first = 0, last = 0;
        bool operator==(const Interval&) const = default;
    };

    StepBands(QCustomPlot* plot, QCPAxisRect* area);

    void setIntervals(std::vector<Interval> intervals);  ///< sorted, not overlapping
    const std::vector<Interval>& intervals() const { return intervals_; }
    void setBrush(const QBrush& brush) { brush_ = brush; }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

    /// The intervals of steps for which `holds` is true.
    template<class Predicate>
    static std::vector<Interval> where(qint64 steps, Predicate holds) {
        std::vector<Interval> result;
        for (qint64 step = 0; step < steps; ++step) {
            if (!holds(step))
                continue;
            if (!result.empty() && result.back().last == step - 1)
                result.back().last = step;
            else
                result.push_back({step, step});
        }
        return result;
    }

protected:
    void draw(QCPPainter* painter) override;

private:
    std::vector<Interval> intervals_;
    QBrush brush_;
};

}  // namespace sqil
