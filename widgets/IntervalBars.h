#pragma once
#include <vector>

#include "widgets/ThemedPlot.h"

namespace sqil {

/// A bar of a group; NaN: there is none, or no interval.
struct IntervalBar {
    double value = 0, low = 0, high = 0;
};

/// Groups of bars with their 95 % intervals, a colour for each of several series; the axis is logarithmic where the
/// longest bar is more than 30 times the shortest. A tooltip names the bar under the
/// mouse; values stand over the bars where there is room.
class IntervalBars : public ThemedPlot {
    Q_OBJECT
public:
    explicit IntervalBars(QWidget* parent = nullptr);

    struct Series {
        QString name;
        std::vector<IntervalBar> bars;  ///< one a group
    };
    /// `unit` follows the value in tooltips. The legend is shown for two series or more.
    void setBars(const QStringList& groups, std::vector<Series> series, const QString& axis, const QString& unit);
    const QStringList& groups() const { return groups_; }
    const std::vector<Series>& series() const { return series_; }
    QString textAt(const QPointF& pixel) const;  ///< what a tooltip there says; empty: nothing

protected:
    void style() override { rebuild(); }
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void rebuild();
    double leastValue() const;
    bool spansDecades() const;
    double placeOf(std::size_t series, int group) const;

    QStringList groups_;
    std::vector<Series> series_;
    QString axis_, unit_;
};

}  // namespace sqil
