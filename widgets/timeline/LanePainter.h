#pragma once
#include <QColor>
#include <QRectF>
#include <vector>

#include "widgets/timeline/TimelineScene.h"

class QPainter;

namespace sqil {

/// Drawing of one lane at the cost of its pixels, whatever the number of steps: where several steps share a unit of
/// the painter, their smallest and largest value are drawn. Everything is vectors: figures use the same.
class LanePainter {
public:
    LanePainter(QPainter& painter, const StepAxis& axis, const PlotTheme& theme, const QRectF& lane)
        : painter_(painter), axis_(axis), theme_(theme), lane_(lane) {}

    void curve(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled);
    /// Bars of full `height` from `top` on, where values are above the threshold.
    void bars(const SeriesPyramid& values, double threshold, const QColor& colour, double top, double height);
    /// Hatched where nothing is known.
    void missing(const SeriesPyramid& values);
    /// Shaded by how many of a pixel's steps count.
    void shade(const StepCounts& counts, const QColor& colour);

private:
    /// The steps [first, last) that the unit column `x` to `x + 1` stands for.
    std::pair<qint64, qint64> stepsOf(double x) const;
    bool isDense() const { return axis_.pixelsPerStep() < 1; }
    std::pair<qint64, qint64> visibleSteps() const;
    void points(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled);
    void columns(const SeriesPyramid& values, const Extent& scale, const QColor& colour, bool filled);
    struct Column {
        double x = 0, top = 0, bottom = 0;
    };
    bool isOnScreen() const;
    Extent extentOf(const SeriesPyramid& values, double x) const;
    Extent courseOf(const SeriesPyramid& values, double x) const;
    void drawLines(const std::vector<Column>& columns, double base, const QColor& colour, bool filled);
    void drawPolygons(const std::vector<Column>& columns, double base, const QColor& colour, bool filled);
    template<class Holds>
    void runs(Holds holds, double top, double height);

    QPainter& painter_;
    const StepAxis& axis_;
    const PlotTheme& theme_;
    QRectF lane_;
};

}  // namespace sqil
