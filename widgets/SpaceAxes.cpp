#include "widgets/SpaceAxes.h"

#include <QImage>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

namespace sqil {
namespace {

constexpr float kFilled = 0.78f;  ///< of the view by the box, at most; the rest is for its texts
constexpr double kForTexts = 48;  ///< screen pixels on each side
constexpr int kTicks = 5;         ///< wanted along the longest side

bool isFinite(const QVector3D& point) {
    return std::isfinite(point.x() + point.y() + point.z());
}

/// 1, 2 or 5 times a power of ten, about a `parts`-th of `length`.
float niceStep(float length, int parts) {
    const double raw = std::max(1e-9, double(length) / parts);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double share = raw / power;
    return float(power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10));
}

/// With as many decimals as tell ticks apart.
QString tickText(float value, float tick) {
    const int decimals = std::max(0, -int(std::floor(std::log10(double(tick)) + 1e-6)));
    const QString text = QLocale().toString(std::abs(double(value)), 'f', decimals);
    return value < -tick / 2 ? QStringLiteral("−") + text : text;
}

}  // namespace

void SpaceAxes::measure(const std::vector<SpacePath>& paths, const std::array<QString, 3>& names, const QString& unit) {
    names_ = names;
    unit_ = unit;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    QVector3D low(infinity, infinity, infinity), high(-infinity, -infinity, -infinity);
    for (const SpacePath& path : paths)
        for (const QVector3D& point : path.points)
            if (isFinite(point))
                for (int axis = 0; axis < 3; ++axis) {
                    low[axis] = std::min(low[axis], point[axis]);
                    high[axis] = std::max(high[axis], point[axis]);
                }
    if (!isFinite(low)) {
        low = {-1, -1, -1};
        high = {1, 1, 1};
    }
    const QVector3D extent = high - low;
    flat_ = extent.z() == 0;
    tick_ = niceStep(std::max({extent.x(), extent.y(), extent.z(), 1e-6f}), kTicks);
    for (int axis = 0; axis < 3; ++axis) {
        low_[axis] = std::floor(low[axis] / tick_) * tick_;
        high_[axis] = std::ceil(high[axis] / tick_) * tick_;
    }
    if (flat_)
        low_.setZ(low.z()), high_.setZ(low.z());
}

std::vector<SpaceLine> SpaceAxes::lines(const PlotTheme& theme) const {
    const auto mixed = [&](double share) {
        const QColor &a = theme.background, &b = theme.text;
        return QColor::fromRgbF(a.redF() + share * (b.redF() - a.redF()),
                                a.greenF() + share * (b.greenF() - a.greenF()),
                                a.blueF() + share * (b.blueF() - a.blueF()))
            .rgb();
    };
    const QRgb faint = mixed(0.14), strong = mixed(0.45);
    std::vector<SpaceLine> lines;
    const int columns = qRound((high_.x() - low_.x()) / tick_), rows = qRound((high_.y() - low_.y()) / tick_);
    for (int column = 0; column <= columns; ++column) {
        const float x = low_.x() + float(column) * tick_;
        lines.push_back({{x, low_.y(), low_.z()}, {x, high_.y(), low_.z()}, faint});
    }
    for (int row = 0; row <= rows; ++row) {
        const float y = low_.y() + float(row) * tick_;
        lines.push_back({{low_.x(), y, low_.z()}, {high_.x(), y, low_.z()}, faint});
    }
    lines.push_back({low_, {high_.x(), low_.y(), low_.z()}, strong});
    lines.push_back({low_, {low_.x(), high_.y(), low_.z()}, strong});
    if (!flat_)
        lines.push_back({low_, {low_.x(), low_.y(), high_.z()}, strong});
    return lines;
}

namespace {

/// One of the three edges with ticks, in the view.
struct Edge {
    QPointF from, to, outwards;  ///< outwards: of length 1, away from the middle of the box
    double length = 0;
};

std::optional<Edge> edgeOf(const SpaceAxes& axes, int axis, const QSizeF& size, const SpaceCamera& camera) {
    QVector3D end = axes.low();
    end[axis] = axes.high()[axis];
    const auto from = camera.project(axes.low(), size), to = camera.project(end, size),
               middle = camera.project(axes.middle(), size);
    if ((axis == 2 && axes.isFlat()) || !from || !to || !middle)
        return std::nullopt;
    const QPointF along = *to - *from;
    const double length = std::hypot(along.x(), along.y());
    QPointF outwards = length > 0 ? QPointF(-along.y(), along.x()) / length : QPointF();
    if (QPointF::dotProduct(outwards, *middle - (*from + *to) / 2) > 0)
        outwards = -outwards;
    return Edge{*from, *to, outwards, length};
}

/// What a picture in the view had better not hide.
class Occupied {
public:
    Occupied(const SpaceAxes& axes, const QSizeF& size, const SpaceCamera& camera, double unit) {
        constexpr int steps = 12;
        for (int axis = 0; axis < 3; ++axis)
            if (const auto edge = edgeOf(axes, axis, size, camera))
                for (int step = 0; step <= steps; ++step)
                    for (const double away : {0.0, 20.0, 40.0})
                        numbers_.push_back(edge->from + (edge->to - edge->from) * step / steps +
                                           edge->outwards * away * unit);
        const QVector3D extent = axes.high() - axes.low();
        for (int place = 0; place < 125; ++place) {
            const QVector3D share(float(place % 5), float(place / 5 % 5), float(place / 25));
            if (const auto at = camera.project(axes.low() + extent * share / 4, size))
                box_.push_back(*at);
        }
    }

    /// The share of the ticks' numbers in it, and half that of the box that holds the paths.
    double within(const QRectF& area) const { return share(numbers_, area) + share(box_, area) / 2; }

private:
    static double share(const std::vector<QPointF>& points, const QRectF& area) {
        const auto hidden =
            std::count_if(points.begin(), points.end(), [&](const QPointF& at) { return area.contains(at); });
        return points.empty() ? 0 : double(hidden) / double(points.size());
    }

    std::vector<QPointF> numbers_, box_;
};

}  // namespace

void SpaceAxes::draw(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const PlotTheme& theme) const {
    const double unit = theme.unit;
    const QFont small = theme.scaled(0.85);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    for (int axis = 0; axis < 3; ++axis) {
        const auto edge = edgeOf(*this, axis, size, camera);
        if (!edge || edge->length < 24 * unit)
            continue;  // or seen from its end
        const auto& [from, to, outwards, length] = *edge;
        const int ticks = qRound((high_[axis] - low_[axis]) / tick_);
        const int every =
            std::max(1, int(std::ceil(ticks * (metrics.horizontalAdvance(QStringLiteral("−0.00")) + 8 * unit) /
                                      std::max(1.0, length))));
        painter.setPen(theme.muted);
        for (int tick = 0; tick <= ticks; tick += every) {
            QVector3D place = low_;
            place[axis] += float(tick) * tick_;
            const auto position = camera.project(place, size);
            if (!position)
                continue;
            const QString text = tickText(place[axis], tick_);
            const QPointF centre =
                *position + outwards * (6 * unit + metrics.horizontalAdvance(text) / 2 * std::abs(outwards.x()) +
                                        metrics.height() / 2 * std::abs(outwards.y()));
            const QRectF box(centre.x() - 40 * unit, centre.y() - 10 * unit, 80 * unit, 20 * unit);
            painter.drawText(box, Qt::AlignCenter, text);
        }
        painter.setPen(theme.text);
        const QString title = unit_.isEmpty() ? names_[std::size_t(axis)]
                                              : QStringLiteral("%1 (%2)").arg(names_[std::size_t(axis)], unit_);
        const double away = 12 * unit + metrics.horizontalAdvance(QStringLiteral("−0.00")) * std::abs(outwards.x()) +
                            metrics.height() * (1.2 + std::abs(outwards.y()));
        QPointF centre = (from + to) / 2 + outwards * away;
        const double half = metrics.horizontalAdvance(title) / 2 + 3 * unit;  // a name is never cut off
        if (size.width() > 2 * half)
            centre.setX(std::clamp(centre.x(), half, size.width() - half));
        painter.drawText(QRectF(centre.x() - 80 * unit, centre.y() - 10 * unit, 160 * unit, 20 * unit), Qt::AlignCenter,
                         title);
    }
}

SpaceCamera SpaceAxes::fitted(SpaceCamera camera, const QSizeF& size, double unit) const {
    // In a small view the texts need a larger share.
    const auto filled = [unit](double length) {
        return float(std::clamp(1 - 2 * kForTexts * unit / std::max(1.0, length), 0.45, double(kFilled)));
    };
    const float across = filled(size.width()), along = filled(size.height());
    for (int round = 0; round < 8 && !size.isEmpty(); ++round) {
        const QMatrix4x4 matrix = camera.matrix(size);
        float farthest = 0;
        for (int corner = 0; corner < 8; ++corner) {
            const QVector4D clip =
                matrix * QVector4D(corner & 1 ? high_.x() : low_.x(), corner & 2 ? high_.y() : low_.y(),
                                   corner & 4 ? high_.z() : low_.z(), 1);
            if (clip.w() > 0)
                farthest =
                    std::max({farthest, std::abs(clip.x() / clip.w()) / across, std::abs(clip.y() / clip.w()) / along});
        }
        if (farthest > 0)
            camera.distance *= farthest;
    }
    return camera;
}

void drawBillboard(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const SpaceAxes& axes,
                   const QVector3D& point, const QImage& picture, const PlotTheme& theme) {
    const auto at = camera.project(point, size);
    if (!at)
        return;
    const double unit = theme.unit;
    const double side = std::clamp(std::min(size.width(), size.height()) * 0.22, 56.0 * unit, 160.0 * unit);
    const double height = side * picture.height() / std::max(1, picture.width());
    const double gap = 26 * unit;
    const double edge = 6 * unit;
    // Beside the marker or in a corner of the view: where it hides least, and then where it is near.
    const Occupied occupied(axes, size, camera, unit);
    QRectF area;
    double least = std::numeric_limits<double>::infinity();
    for (const bool beside : {true, false})
        for (const bool left : {true, false})
            for (const bool above : {true, false}) {
                QRectF place(0, 0, side, height);
                place.moveTopLeft(beside ? QPointF(left ? at->x() - gap - side : at->x() + gap,
                                                   above ? at->y() - gap - height : at->y() + gap)
                                         : QPointF(left ? 0 : size.width(), above ? 0 : size.height()));
                place.moveLeft(std::clamp(place.left(), edge, std::max(edge, size.width() - side - edge)));
                place.moveTop(std::clamp(place.top(), edge, std::max(edge, size.height() - height - edge)));
                const QPointF away = place.center() - *at;
                const double cost = occupied.within(place.adjusted(-edge, -edge, edge, edge)) +
                                    0.1 * std::hypot(away.x() / size.width(), away.y() / size.height()) +
                                    (place.contains(*at) ? 1 : 0);
                if (cost < least) {
                    least = cost;
                    area = place;
                }
            }
    const QPointF corner(area.left() > at->x() ? area.left() : area.right(),
                         area.top() > at->y() ? area.top() : area.bottom());
    painter.setPen(QPen(theme.text, unit));
    painter.drawLine(*at, corner);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(area, picture);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area);
}

}  // namespace sqil
