#include "widgets/SpaceCamera.h"

#include <QtMath>
#include <algorithm>

namespace sqil {

QVector3D SpaceCamera::position() const {
    const float a = qDegreesToRadians(azimuth), e = qDegreesToRadians(elevation);
    return centre + distance * QVector3D(std::cos(e) * std::cos(a), std::cos(e) * std::sin(a), std::sin(e));
}

QVector3D SpaceCamera::up() const {
    const float a = qDegreesToRadians(azimuth), e = qDegreesToRadians(elevation);
    // The direction in which the elevation grows: z where the camera is level, and well defined from above.
    return {-std::sin(e) * std::cos(a), -std::sin(e) * std::sin(a), std::cos(e)};
}

float SpaceCamera::parallelScale() const {
    return distance * std::tan(qDegreesToRadians(viewAngle / 2));
}

void SpaceCamera::fit(const QVector3D& at, float radius) {
    centre = at;
    distance = std::max(radius, 1e-6f) / std::sin(qDegreesToRadians(viewAngle / 2));
}

void SpaceCamera::look(Preset preset, const QVector3D& at, float radius) {
    switch (preset) {
        case Preset::Isometric:
            azimuth = -50;
            elevation = 28;
            break;
        case Preset::Front:
            azimuth = -90;
            elevation = 0;
            break;
        case Preset::Side:
            azimuth = 0;
            elevation = 0;
            break;
        case Preset::Top:
            azimuth = -90;
            elevation = 90;
            break;
    }
    fit(at, radius);
}

void SpaceCamera::orbit(float right, float up) {
    azimuth = std::remainder(azimuth - right, 360.f);
    elevation = std::clamp(elevation + up, -90.f, 90.f);
}

void SpaceCamera::pan(const QPointF& pixels, const QSizeF& viewport) {
    const float step = 2 * parallelScale() / float(std::max(1.0, viewport.height()));
    const QVector3D forward = (centre - position()).normalized();
    const QVector3D right = QVector3D::crossProduct(forward, up());
    centre += step * (float(-pixels.x()) * right + float(pixels.y()) * up());
}

void SpaceCamera::zoom(float factor) {
    distance = std::clamp(distance / factor, 1e-6f, 1e9f);
}

QMatrix4x4 SpaceCamera::matrix(const QSizeF& viewport) const {
    const float aspect = float(viewport.width() / std::max(1.0, viewport.height()));
    const float nearest = distance * 1e-3f, farthest = distance * 1e3f;
    QMatrix4x4 matrix;
    if (orthographic)
        matrix.ortho(-parallelScale() * aspect, parallelScale() * aspect, -parallelScale(), parallelScale(), nearest,
                     farthest);
    else
        matrix.perspective(viewAngle, aspect, nearest, farthest);
    matrix.lookAt(position(), centre, up());
    return matrix;
}

std::optional<QPointF> SpaceCamera::project(const QVector3D& point, const QSizeF& viewport) const {
    const QVector4D clip = matrix(viewport) * QVector4D(point, 1);
    if (clip.w() <= 0)
        return std::nullopt;
    return QPointF((clip.x() / clip.w() + 1) / 2 * viewport.width(), (1 - clip.y() / clip.w()) / 2 * viewport.height());
}

}  // namespace sqil
