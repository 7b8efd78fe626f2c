#include "widgets/SpaceAxes.h"

#include <QImage>
#include <QLocale>
#include <QPainter>
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

void SpaceAxes::draw(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const PlotTheme& theme) const {
    const double unit = theme.unit;
    const QFont small = theme.scaled(0.85);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    const auto middle = camera.project(this->middle(), size);
    for (int axis = 0; axis < 3; ++axis) {
        if (axis == 2 && flat_)
            continue;
        QVector3D end = low_;
        end[axis] = high_[axis];
        const auto from = camera.project(low_, size), to = camera.project(end, size);
        if (!from || !to || !middle)
            continue;
        const QPointF along = *to - *from;
        const double length = std::hypot(along.x(), along.y());
        if (length < 24 * unit)
            continue;  // seen from its end
        QPointF outwards(-along.y() / length, along.x() / length);
        const QPointF towards = *middle - (*from + *to) / 2;
        if (QPointF::dotProduct(outwards, towards) > 0)
            outwards = -outwards;
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
        QPointF centre = (*from + *to) / 2 + outwards * away;
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
    // On the side of the marker that is away from the paths' middle, and within the view.
    const auto middle = camera.project(axes.middle(), size);
    const bool left = middle && at->x() < middle->x(), below = middle && at->y() > middle->y();
    QRectF area(left ? at->x() - gap - side : at->x() + gap, below ? at->y() + gap : at->y() - gap - height, side,
                height);
    area.moveLeft(std::clamp(area.left(), edge, std::max(edge, size.width() - side - edge)));
    area.moveTop(std::clamp(area.top(), edge, std::max(edge, size.height() - height - edge)));
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
