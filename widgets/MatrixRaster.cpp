#include "widgets/MatrixRaster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace sqil {
namespace {

constexpr std::size_t kSampledValues = 1'000'000;

/// What lies under one pixel.
struct Cell {
    double sum = 0;
    float largest = -std::numeric_limits<float>::infinity();
    int known = 0;
    bool covered = false, focus = false;

    void add(float value, bool inFocus) {
        covered = true;
        if (!std::isfinite(value))
            return;
        focus = focus || inFocus;
        sum += value;
        largest = std::max(largest, value);
        ++known;
    }
    float value(CellAggregate aggregate) const {
        return aggregate == CellAggregate::Largest ? largest : static_cast<float>(sum / known);
    }
    MatrixCells::State state() const {
        if (!covered)
            return MatrixCells::State::Outside;
        if (known == 0)
            return MatrixCells::State::Missing;
        return focus ? MatrixCells::State::InFocus : MatrixCells::State::Grey;
    }
};

void addRow(std::vector<Cell>& line, const MatrixRows& matrix, std::size_t row, const MatrixWindow& window) {
    const std::size_t steps = matrix.stepsOf(row);
    if (steps == 0)
        return;
    const std::vector<float>& values = *matrix.rows[row];
    const double span = matrix.span(row);
    const double pixel = window.time / double(line.size()) * span;  // steps under one pixel
    for (std::size_t x = 0; x < line.size(); ++x) {
        const double from = window.firstTime * span + pixel * double(x);
        const auto first = static_cast<std::ptrdiff_t>(std::floor(from + 1e-9));
        const auto last = std::max(first, static_cast<std::ptrdiff_t>(std::ceil(from + pixel - 1e-9)) - 1);
        if (last < 0 || first >= static_cast<std::ptrdiff_t>(steps))
            continue;
        const auto end = std::min(last + 1, static_cast<std::ptrdiff_t>(steps));
        for (auto step = std::max<std::ptrdiff_t>(0, first); step < end; ++step) {
            const auto at = static_cast<std::size_t>(step);
            line[x].add(values[at], !matrix.inFocus || matrix.inFocus(row, at));
        }
    }
}

/// Rows [first, last] under line y; none where first > last.
std::pair<std::ptrdiff_t, std::ptrdiff_t> rowsUnder(int y, int height, const MatrixWindow& window, std::size_t count) {
    const double pixel = window.rows / height;
    const double from = window.firstRow + pixel * y;
    // A row taller than a pixel is the one under the pixel's middle; of smaller ones, all that begin in it.
    if (pixel <= 1) {
        const auto row = static_cast<std::ptrdiff_t>(std::floor(from + pixel / 2));
        return row >= 0 && row < static_cast<std::ptrdiff_t>(count) ? std::pair{row, row}
                                                                    : std::pair{std::ptrdiff_t(1), std::ptrdiff_t(0)};
    }
    const auto first = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(std::floor(from + 1e-9)));
    const auto last = std::min(static_cast<std::ptrdiff_t>(count) - 1,
                               static_cast<std::ptrdiff_t>(std::ceil(from + pixel - 1e-9)) - 1);
    return {first, last};
}

}  // namespace

MatrixCells rasterize(const MatrixRows& rows, const MatrixWindow& window, QSize size, CellAggregate aggregate) {
    MatrixCells cells;
    cells.size = size;
    const auto width = static_cast<std::size_t>(std::max(0, size.width()));
    const auto count = width * static_cast<std::size_t>(std::max(0, size.height()));
    cells.values.assign(count, 0);
    cells.states.assign(count, MatrixCells::State::Outside);
    std::pair<std::ptrdiff_t, std::ptrdiff_t> done{1, 0};
    for (int y = 0; y < size.height(); ++y) {
        const auto under = rowsUnder(y, size.height(), window, rows.rows.size());
        const std::size_t begin = static_cast<std::size_t>(y) * width;
        if (under.first > under.second)
            continue;
        if (under == done) {  // another line of the same row
            std::copy_n(cells.values.begin() + std::ptrdiff_t(begin - width), width,
                        cells.values.begin() + std::ptrdiff_t(begin));
            std::copy_n(cells.states.begin() + std::ptrdiff_t(begin - width), width,
                        cells.states.begin() + std::ptrdiff_t(begin));
            continue;
        }
        std::vector<Cell> line(width);
        for (auto row = under.first; row <= under.second; ++row)
            addRow(line, rows, static_cast<std::size_t>(row), window);
        for (std::size_t x = 0; x < width; ++x) {
            cells.states[begin + x] = line[x].state();
            cells.values[begin + x] = line[x].known > 0 ? line[x].value(aggregate) : 0;
        }
        done = under;
    }
    return cells;
}

double scaleEnd(const MatrixRows& rows, double share) {
    std::size_t total = 0;
    for (const auto& row : rows.rows)
        total += row ? row->size() : 0;
    const std::size_t stride = std::max<std::size_t>(1, total / kSampledValues);
    std::vector<float> values;
    std::size_t index = 0;
    for (const auto& row : rows.rows) {
        if (!row)
            continue;
        for (const float value : *row)
            if (index++ % stride == 0 && std::isfinite(value))
                values.push_back(value);
    }
    if (values.empty())
        return 0;
    const auto place = static_cast<std::ptrdiff_t>(std::ceil(share * double(values.size()))) - 1;
    const auto at = values.begin() + std::clamp<std::ptrdiff_t>(place, 0, std::ptrdiff_t(values.size()) - 1);
    std::nth_element(values.begin(), at, values.end());
    return double(*at);
}

QImage matrixImage(const MatrixCells& cells, const MatrixStyle& style) {
    if (cells.size.isEmpty())
        return {};
    std::array<QRgb, 256> colours{}, greys{};
    const int paper = qGray(style.background);
    for (std::size_t level = 0; level < 256; ++level) {
        colours[level] = style.colours->at(double(level) / 255.0);
        const int grey = (2 * paper + qGray(colours[level])) / 3;  // still readable, far from every colour
        greys[level] = qRgb(grey, grey, grey);
    }
    const double scale = style.largest > 0 ? 255.0 / style.largest : 0.0;
    QImage image(cells.size, QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const std::size_t at = std::size_t(y) * std::size_t(image.width()) + std::size_t(x);
            const auto level =
                static_cast<std::size_t>(std::lround(std::clamp(double(cells.values[at]) * scale, 0.0, 255.0)));
            switch (cells.states[at]) {
                case MatrixCells::State::Outside:
                    line[x] = style.background;
                    break;
                case MatrixCells::State::Missing:
                    line[x] = style.missing;
                    break;
                case MatrixCells::State::Grey:
                    line[x] = greys[level];
                    break;
                case MatrixCells::State::InFocus:
                    line[x] = colours[level];
                    break;
            }
        }
    }
    return image;
}

}  // namespace sqil
