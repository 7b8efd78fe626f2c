#pragma once
#include <QColor>
#include <QImage>
#include <QSize>
#include <cstdint>
#include <span>
#include <vector>

namespace sqil {

/// One axis of a scatter plot. On a logarithmic one there is no place for values that are not above zero.
struct ScatterAxis {
    double lower = 0, upper = 1;
    bool logarithmic = false;
    /// 0 at `lower`, 1 at `upper`; NaN where the value has no place.
    double positionOf(double value) const;
};

/// Points counted in the cells of a grid, the first row at the top.
struct ScatterCounts {
    QSize size;
    std::vector<std::uint32_t> counts;
    std::uint32_t largest = 0;
};

/// Points outside the axes are not counted.
ScatterCounts countPoints(std::span<const float> x, std::span<const float> y, const ScatterAxis& horizontal,
                          const ScatterAxis& vertical, QSize cells);

/// The more points in a cell, the nearer its colour to `full` (by the logarithm of the count); transparent where there
/// is none. A cell with one point is well visible.
QImage densityImage(const ScatterCounts& counts, const QColor& faint, const QColor& full);

}  // namespace sqil
