#include "widgets/StepBands.h"

#include <algorithm>

namespace sqil {

StepBands::StepBands(QCustomPlot* plot, QCPAxisRect* area) : QCPAbstractItem(plot) {
    setClipToAxisRect(true);
    setClipAxisRect(area);
    setSelectable(false);
    setAntialiased(false);
}

void StepBands::setIntervals(std::vector<Interval> intervals) {
    intervals_ = std::move(intervals);
}

void StepBands::draw(QCPPainter* painter) {
    const QCPAxisRect* area = clipAxisRect();
    const QCPAxis* axis = area ? area->axis(QCPAxis::atBottom) : nullptr;
    if (!axis || intervals_.empty())
        return;
    const QRectF box = area->rect();
    painter->setPen(Qt::NoPen);
    painter->setBrush(brush_);

    const auto firstVisible =
        std::lower_bound(intervals_.begin(), intervals_.end(), axis->range().lower - 0.5,
                         [](const Interval& band, double step) { return double(band.last) < step; });
    double left = 0, right = -1;  // the band being collected, in pixels
    const auto flush = [&] {
        if (right > left)
            painter->drawRect(QRectF(left, box.top(), std::max(1.0, right - left), box.height()));
    };
    for (auto band = firstVisible; band != intervals_.end() && double(band->first) - 0.5 < axis->range().upper;
         ++band) {
        const double from = std::max(box.left(), axis->coordToPixel(double(band->first) - 0.5));
        const double to = std::min(box.right() + 1, axis->coordToPixel(double(band->last) + 0.5));
        if (right > left && from - right < 1) {
            right = std::max(right, to);
            continue;
        }
        flush();
        left = from;
        right = to;
    }
    flush();
}

}  // namespace sqil
