#include "widgets/ScatterDensity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sqil {

double ScatterAxis::positionOf(double value) const {
    if (!logarithmic)
        return (value - lower) / (upper - lower);
    if (!(value > 0) || !(lower > 0))
        return std::numeric_limits<double>::quiet_NaN();
    return std::log(value / lower) / std::log(upper / lower);
}

ScatterCounts countPoints(std::span<const float> x, std::span<const float> y, const ScatterAxis& horizontal,
                          const ScatterAxis& vertical, QSize cells) {
    ScatterCounts result;
    result.size = cells;
    if (cells.isEmpty())
        return result;
    result.counts.assign(std::size_t(cells.width()) * std::size_t(cells.height()), 0);
    for (std::size_t point = 0; point < std::min(x.size(), y.size()); ++point) {
        const double right = horizontal.positionOf(double(x[point]));
        const double up = vertical.positionOf(double(y[point]));
        if (!(right >= 0 && right <= 1 && up >= 0 && up <= 1))
            continue;
        const auto column = std::min(static_cast<std::size_t>(right * cells.width()), std::size_t(cells.width()) - 1);
        const auto row = std::min(static_cast<std::size_t>((1 - up) * cells.height()), std::size_t(cells.height()) - 1);
        result.largest = std::max(result.largest, ++result.counts[row * std::size_t(cells.width()) + column]);
    }
    return result;
}

QImage densityImage(const ScatterCounts& counts, const QColor& faint, const QColor& full) {
    if (counts.size.isEmpty())
        return {};
    QImage image(counts.size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const double scale = std::log(1.0 + counts.largest);
    const auto mix = [](int from, int to, double share) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const auto count = counts.counts[std::size_t(y) * std::size_t(image.width()) + std::size_t(x)];
            if (count == 0)
                continue;
            const double share = std::log(1.0 + count) / scale;
            line[x] = qRgb(mix(faint.red(), full.red(), share), mix(faint.green(), full.green(), share),
                           mix(faint.blue(), full.blue(), share));
        }
    }
    return image;
}

}  // namespace sqil
