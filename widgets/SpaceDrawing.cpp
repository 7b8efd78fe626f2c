#include "widgets/SpaceDrawing.h"

#include <QPainter>
#include <QtMath>
#include <algorithm>
#include <cmath>

namespace sqil {
namespace {

constexpr std::size_t kMostPoints = 20'000;
constexpr double kShortest = 0.3;  ///< screen pixels: shorter pieces of a path are drawn as one

/// A stroke, or a disc where both ends are the same.
struct Piece {
    float depth = 0;
    QPointF from, to;
    double width = 0;
    QRgb colour = 0;
    bool isDisc = false;
};

struct Seen {
    QPointF place;
    float depth = 0;
};

class Projection {
public:
    Projection(const SpaceCamera& camera, const QSizeF& size)
        : camera_(camera),
          size_(size),
          matrix_(camera.matrix(size)),
          eye_(camera.position()),
          forward_((camera.centre - camera.position()).normalized()) {}

    std::optional<Seen> at(const QVector3D& point) const {
        if (!std::isfinite(point.x() + point.y() + point.z()))
            return std::nullopt;
        const QVector4D clip = matrix_ * QVector4D(point, 1);
        if (!(clip.w() > 0))
            return std::nullopt;
        return Seen{{(clip.x() / clip.w() + 1) / 2 * size_.width(), (1 - clip.y() / clip.w()) / 2 * size_.height()},
                    QVector3D::dotProduct(point - eye_, forward_)};
    }

    double lengthOf(float length, float depth) const {
        const double half = camera_.orthographic
                                ? double(camera_.parallelScale())
                                : double(depth) * std::tan(qDegreesToRadians(double(SpaceCamera::viewAngle) / 2));
        return half > 0 ? double(length) * size_.height() / 2 / half : 0;
    }

private:
    const SpaceCamera& camera_;
    QSizeF size_;
    QMatrix4x4 matrix_;
    QVector3D eye_, forward_;
};

QRgb mean(QRgb one, QRgb other) {
    return qRgb((qRed(one) + qRed(other)) / 2, (qGreen(one) + qGreen(other)) / 2, (qBlue(one) + qBlue(other)) / 2);
}

void addPath(std::vector<Piece>& pieces, const SpacePath& path, const Projection& projection, double pixel) {
    if (path.points.size() != path.colours.size())
        return;
    std::optional<Seen> last;
    QRgb lastColour = 0;
    for (std::size_t index = 0; index < path.points.size(); ++index) {
        const auto seen = projection.at(path.points[index]);
        if (!seen) {  // where the value is not finite the path is cut
            last.reset();
            continue;
        }
        if (!last) {
            last = seen;
            lastColour = path.colours[index];
            continue;
        }
        const QPointF apart = seen->place - last->place;
        if (std::hypot(apart.x(), apart.y()) < kShortest * pixel && index + 1 < path.points.size())
            continue;
        const float depth = (seen->depth + last->depth) / 2;
        pieces.push_back({depth, last->place, seen->place, 2 * projection.lengthOf(path.radius, depth),
                          mean(lastColour, path.colours[index]), false});
        last = seen;
        lastColour = path.colours[index];
    }
}

}  // namespace

bool isDrawable(const SpaceScene& scene) {
    std::size_t points = scene.glyphs.size();
    for (const SpacePath& path : scene.paths)
        points += path.points.size();
    return scene.solids.empty() && points <= kMostPoints;
}

void drawSpace(QPainter& painter, const QSizeF& size, const SpaceScene& scene, const SpaceCamera& camera,
               double pixel) {
    const Projection projection(camera, size);
    for (const SpaceLine& line : scene.lines) {
        const auto from = projection.at(line.from), to = projection.at(line.to);
        if (!from || !to)
            continue;
        painter.setPen(QPen(QColor(line.colour), pixel));
        painter.drawLine(from->place, to->place);
    }
    std::vector<Piece> pieces;
    for (const SpacePath& path : scene.paths)
        addPath(pieces, path, projection, pixel);
    for (const SpaceGlyph& glyph : scene.glyphs)
        if (const auto seen = projection.at(glyph.point))
            pieces.push_back({seen->depth - glyph.radius, seen->place, seen->place,
                              2 * projection.lengthOf(glyph.radius, seen->depth), glyph.colour, true});
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const Piece& one, const Piece& other) { return one.depth > other.depth; });
    for (const Piece& piece : pieces) {
        if (piece.isDisc) {
            painter.setPen(QPen(scene.background, 0.7 * pixel));
            painter.setBrush(QColor(piece.colour));
            painter.drawEllipse(piece.from, piece.width / 2, piece.width / 2);
            continue;
        }
        painter.setPen(
            QPen(QColor(piece.colour), std::max(piece.width, pixel), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawLine(piece.from, piece.to);
    }
}

}  // namespace sqil
