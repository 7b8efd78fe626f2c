#pragma once
#include <QMatrix4x4>
#include <QPointF>
#include <QSizeF>
#include <QVector3D>
#include <optional>

namespace sqil {

/// Looks at a point from around it; z is up.
struct SpaceCamera {
    enum class Preset { Isometric = 1, Front, Side, Top };

    QVector3D centre;
    float distance = 1;    ///< from the centre
    float azimuth = -50;   ///< degrees; 0: from +x, −90: from −y, "front"
    float elevation = 28;  ///< degrees above the horizon, −90 to 90
    bool orthographic = false;

    static constexpr float viewAngle = 30;  ///< vertical, degrees

    QVector3D position() const;
    QVector3D up() const;
    float parallelScale() const;  ///< half the height of what is seen at the centre

    /// From the preset's direction, so that a ball of this radius around the centre is seen whole.
    void look(Preset preset, const QVector3D& at, float radius);
    void fit(const QVector3D& at, float radius);
    void orbit(float right, float up);                        ///< degrees
    void pan(const QPointF& pixels, const QSizeF& viewport);  ///< what is at the centre follows the mouse
    void zoom(float factor);                                  ///< > 1: nearer

    QMatrix4x4 matrix(const QSizeF& viewport) const;
    /// Where a point is seen, in pixels from the upper left corner; none behind the eye.
    std::optional<QPointF> project(const QVector3D& point, const QSizeF& viewport) const;
};

}  // namespace sqil
