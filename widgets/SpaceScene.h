#pragma once
#include <QColor>
#include <QVector3D>
#include <vector>

namespace sqil {

/// A path in space. Colours are one a point: whoever makes the scene has mapped values to them.
struct SpacePath {
    std::vector<QVector3D> points;
    std::vector<QRgb> colours;
    float radius = 0.004f;  ///< of the tube, in the scene's unit
};

struct SpaceGlyph {
    QVector3D point;
    QRgb colour = 0;
    float radius = 0.01f;
};

struct SpaceLine {
    QVector3D from, to;
    QRgb colour = 0;
};

/// A solid of a robot or a scene.
struct SpaceSolid {
    enum class Kind { Box, Sphere, Capsule, Cylinder, Ellipsoid };
    Kind kind = Kind::Box;
    QVector3D position;
    float rotation[4] = {1, 0, 0, 0};  ///< quaternion, w first
    QVector3D size;                    ///< half sizes; capsules and cylinders: radius, half length along z
    QRgb colour = 0;
};

/// What is drawn; z is up.
struct SpaceScene {
    std::vector<SpacePath> paths;
    std::vector<SpaceGlyph> glyphs;
    std::vector<SpaceLine> lines;
    std::vector<SpaceSolid> solids;
    QColor background;
};

}  // namespace sqil
