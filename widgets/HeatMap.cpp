#include "widgets/HeatMap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sqil {
namespace {

/// The two places a coordinate lies between, and how far it is from the first.
struct Between {
    int lower = 0, upper = 0;
    float fraction = 0;
};

Between between(double position, double first, double stride, int count) {
    const double place = std::clamp((position - first) / stride, 0.0, static_cast<double>(count - 1));
    const int lower = std::min(static_cast<int>(place), std::max(0, count - 2));
    return {lower, std::min(lower + 1, count - 1), static_cast<float>(place - lower)};
}

float blend(const PlaceMap& map, const Between& row, const Between& column) {
    const auto score = [&](int r, int c) {
        return map.scores[std::size_t(r) * std::size_t(map.columns) + std::size_t(c)];
    };
    const float top =
        score(row.lower, column.lower) * (1 - column.fraction) + score(row.lower, column.upper) * column.fraction;
    const float bottom =
        score(row.upper, column.lower) * (1 - column.fraction) + score(row.upper, column.upper) * column.fraction;
    return top * (1 - row.fraction) + bottom * row.fraction;
}

/// Premultiplied colours for scores quantized to 256 levels: one look-up a pixel.
std::array<QRgb, 256> colourTable(const HeatStyle& style) {
    std::array<QRgb, 256> table{};
    for (int level = 0; level < 256; ++level) {
        const double position = level / 255.0;
        const double strength = style.colours->isDiverging() ? std::abs(2 * position - 1) : position;
        // Pale colours in the middle of a diverging map would veil the picture: they fade faster.
        const double opacity = !style.fade ? 1.0 : std::pow(strength, style.colours->isDiverging() ? 0.9 : 0.6);
        const QRgb colour = style.colours->at(position);
        table[std::size_t(level)] = qPremultiply(
            qRgba(qRed(colour), qGreen(colour), qBlue(colour), static_cast<int>(std::lround(opacity * 255))));
    }
    return table;
}

}  // namespace

float PlaceMap::largest() const {
    float result = 0;
    for (const float score : scores)
        if (std::isfinite(score))
            result = std::max(result, std::abs(score));
    return result;
}

PlaceMap difference(const PlaceMap& quantized, const PlaceMap& reference) {
    if (quantized.isEmpty() || quantized.rows != reference.rows || quantized.columns != reference.columns ||
        reference.isEmpty())
        return {};
    PlaceMap result = quantized;
    for (std::size_t index = 0; index < result.scores.size(); ++index)
        result.scores[index] -= reference.scores[index];
    return result;
}

float scoreAt(const PlaceMap& map, double x, double y) {
    return blend(map, between(y, map.firstY, map.strideY, map.rows), between(x, map.firstX, map.strideX, map.columns));
}

std::vector<float> upsample(const PlaceMap& map, QSize size) {
    std::vector<float> values;
    if (map.isEmpty() || size.isEmpty())
        return values;
    std::vector<Between> columns(static_cast<std::size_t>(size.width()));
    for (int x = 0; x < size.width(); ++x)
        columns[std::size_t(x)] = between((x + 0.5) / size.width(), map.firstX, map.strideX, map.columns);
    values.reserve(columns.size() * static_cast<std::size_t>(size.height()));
    for (int y = 0; y < size.height(); ++y) {
        const Between row = between((y + 0.5) / size.height(), map.firstY, map.strideY, map.rows);
        for (const Between& column : columns)
            values.push_back(blend(map, row, column));
    }
    return values;
}

QImage heatImage(const PlaceMap& map, QSize size, const HeatStyle& style) {
    const std::vector<float> values = upsample(map, size);
    if (values.empty())
        return {};
    const std::array<QRgb, 256> table = colourTable(style);
    const double scale = style.largest > 0 ? 1.0 / style.largest : 0.0;
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const float* row = values.data() + std::size_t(y) * std::size_t(size.width());
        for (int x = 0; x < size.width(); ++x) {
            double position = row[x] * scale;
            if (style.colours->isDiverging())
                position = 0.5 + 0.5 * position;
            line[x] = std::isfinite(position)
                          ? table[static_cast<std::size_t>(std::lround(std::clamp(position, 0.0, 1.0) * 255))]
                          : qRgba(0, 0, 0, 0);
        }
    }
    return image;
}

}  // namespace sqil
