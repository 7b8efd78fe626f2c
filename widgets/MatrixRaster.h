#pragma once
#include <QImage>
#include <QRectF>
#include <functional>
#include <memory>
#include <vector>

#include "widgets/ColourMap.h"

namespace sqil {

/// Rows of values over time drawn as cells. Nothing here knows a widget: it may run on any thread.
struct MatrixRows {
    using Values = std::shared_ptr<const std::vector<float>>;
    std::vector<Values> rows;  ///< NaN: not known; null: a row without steps
    /// Every row fills the width; otherwise a step is as wide in every row and short rows end early.
    bool stretched = true;
    std::size_t longest = 1;  ///< steps of the longest row: the width where rows are not stretched
    /// Which cells keep their colours, the others turn grey; empty: all. `row` is the index in `rows`.
    std::function<bool(std::size_t row, std::size_t step)> inFocus;

    std::size_t stepsOf(std::size_t row) const { return rows[row] ? rows[row]->size() : 0; }
    /// Steps that fill the width of this row.
    double span(std::size_t row) const { return double(stretched ? stepsOf(row) : longest); }
};

enum class CellAggregate { Largest, Mean };

/// What of the matrix is looked at: rows from top to bottom and time from 0 to 1, both fractional.
struct MatrixWindow {
    double firstRow = 0, rows = 1, firstTime = 0, time = 1;
    bool operator==(const MatrixWindow&) const = default;
};

/// One value a pixel. However many steps and rows lie under a pixel, all of them count.
struct MatrixCells {
    enum class State : char { Outside, Missing, Grey, InFocus };
    QSize size;
    std::vector<float> values;  ///< row-major; meaningful where Grey or InFocus
    std::vector<State> states;
};

MatrixCells rasterize(const MatrixRows& rows, const MatrixWindow& window, QSize size, CellAggregate aggregate);

/// The value below which `share` of the finite values lie (of an even sample where there are more than a million);
/// 0 where there is none.
double scaleEnd(const MatrixRows& rows, double share);

struct MatrixStyle {
    const ColourMap* colours = &ColourMap::viridis();
    double largest = 1;  ///< at the end of the colours; larger values are drawn like it
    QRgb missing = 0xffc3c9d1;
    QRgb background = 0xffffffff;
};
QImage matrixImage(const MatrixCells& cells, const MatrixStyle& style);

}  // namespace sqil
