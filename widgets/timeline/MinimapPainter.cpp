#include "widgets/timeline/MinimapPainter.h"

#include <QPainter>
#include <algorithm>

#include "widgets/timeline/LanePainter.h"
#include "widgets/timeline/TimelineLayout.h"

namespace sqil {

QRectF minimapWindow(const TimelineScene& scene, const QRectF& box) {
    const StepRange& visible = scene.axis.visible();
    double left = minimapX(box, scene.axis.steps(), visible.lower);
    double right = minimapX(box, scene.axis.steps(), visible.upper);
    const double least = 9 * scene.theme.unit;
    if (right - left < least) {
        const double centre = std::clamp((left + right) / 2, box.left() + least / 2, box.right() - least / 2);
        left = centre - least / 2;
        right = centre + least / 2;
    }
    return {left, box.top(), right - left, box.height()};
}

void paintMinimap(QPainter& painter, const TimelineScene& scene, const QRectF& box) {
    const double u = scene.theme.unit;
    painter.fillRect(box, scene.theme.panel);
    StepAxis everything = scene.axis;
    everything.setVisible(everything.everything());
    everything.setPixels(box.left(), box.right());
    LanePainter lane(painter, everything, scene.theme, box.adjusted(0, 2 * u, 0, -u));
    painter.save();
    painter.setClipRect(box);
    if (scene.critical)
        lane.shade(*scene.critical, scene.theme.band);
    if (!scene.lanes.empty() && !scene.lanes.front().series.empty() && scene.lanes.front().series.front().values &&
        scene.lanes.front().kind == TimelineLane::Kind::Curve)
        lane.curve(*scene.lanes.front().series.front().values, scene.lanes.front().scale(), scene.theme.muted, false);
    double last = -1e9;
    painter.setPen(QPen(scene.theme.flag, 1.5 * u));
    for (const TimelineFlag& flag : scene.flags) {
        const double x = minimapX(box, scene.axis.steps(), double(flag.step));
        if (x - last >= u)
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.top() + box.height() * 0.4));
        last = x;
    }
    painter.restore();
    if (!scene.axis.showsEverything()) {
        const QRectF window = minimapWindow(scene, box);
        QColor shadow = scene.theme.background;
        shadow.setAlphaF(0.62f);
        painter.fillRect(QRectF(box.topLeft(), QPointF(window.left(), box.bottom())), shadow);
        painter.fillRect(QRectF(QPointF(window.right(), box.top()), box.bottomRight()), shadow);
        painter.setPen(QPen(scene.theme.first, 1.25 * u));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(window.adjusted(0, 0.5 * u, 0, -0.5 * u));
        painter.setPen(Qt::NoPen);
        painter.setBrush(scene.theme.first);
        for (const double x : {window.left(), window.right()})
            painter.drawRoundedRect(QRectF(x - 2 * u, window.center().y() - 6 * u, 4 * u, 12 * u)
                                        .intersected(box.adjusted(-2 * u, 0, 2 * u, 0)),
                                    1.5 * u, 1.5 * u);
    }
    painter.setPen(QPen(scene.theme.grid, u));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(box);
}

void paintMinimapCursor(QPainter& painter, const TimelineScene& scene, const QRectF& box) {
    const double x = minimapX(box, scene.axis.steps(), double(scene.cursor));
    painter.setPen(QPen(scene.theme.cursor, scene.theme.unit));
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
}

}  // namespace sqil
