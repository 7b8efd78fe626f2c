#pragma once
#include <QImage>
#include <vector>

#include "widgets/ColourMap.h"

namespace sqil {

/// Scores at a regular grid of places on a picture, row-major. Positions are fractions of the
/// picture's width and height: the centre of place (r, c) is (firstX + c·strideX, firstY + r·strideY).
struct PlaceMap {
    int rows = 0, columns = 0;
    double firstX = 0.5, firstY = 0.5, strideX = 1, strideY = 1;
    std::vector<float> scores;

    bool isEmpty() const {
        return rows <= 0 || columns <= 0 || scores.size() != std::size_t(rows) * std::size_t(columns);
    }
    float largest() const;  ///< of |score|, finite ones only; 0 where there is none
};

/// quantized − reference place by place; empty where the grids differ.
PlaceMap difference(const PlaceMap& quantized, const PlaceMap& reference);

/// Bilinear between the places, constant beyond the outermost ones. `x`, `y` in [0, 1].
float scoreAt(const PlaceMap& map, double x, double y);

/// scoreAt() at every pixel centre of a picture of this size, row-major.
std::vector<float> upsample(const PlaceMap& map, QSize size);

/// How scores become colours.
struct HeatStyle {
    const ColourMap* colours = &ColourMap::viridis();
    double largest = 1;  ///< score at the end of the map; a diverging one runs from −largest
    /// Opacity grows with the score, so that the picture shows through where the policy does not look.
    bool fade = true;
};

/// The map as a picture of this size, premultiplied; null where the map is empty.
QImage heatImage(const PlaceMap& map, QSize size, const HeatStyle& style);

}  // namespace sqil
