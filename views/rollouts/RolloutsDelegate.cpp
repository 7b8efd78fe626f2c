#include "views/rollouts/RolloutsDelegate.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "views/rollouts/RolloutsModel.h"
#include "widgets/PlotTheme.h"

namespace sqil {
namespace {

constexpr int kMargin = 4;

}  // namespace

void paintSparkline(QPainter& painter, const QRectF& box, const std::vector<float>& values, double top,
                    const QColor& colour) {
    const auto count = double(values.size());
    if (values.empty() || !(top > 0))
        return;
    QColor fill = colour;
    fill.setAlphaF(0.28f);
    for (double x = 0; x < box.width(); ++x) {
        const auto first = std::size_t(x / box.width() * count);
        const auto last = std::max(first + 1, std::size_t((x + 1) / box.width() * count));
        double low = INFINITY, high = -INFINITY;
        for (std::size_t step = first; step < std::min(last, values.size()); ++step)
            if (std::isfinite(values[step])) {
                low = std::min(low, double(values[step]));
                high = std::max(high, double(values[step]));
            }
        if (low > high)
            continue;
        const auto y = [&](double value) { return box.bottom() - std::clamp(value / top, 0.0, 1.0) * box.height(); };
        painter.fillRect(QRectF(box.left() + x, y(high), 1, box.bottom() - y(high)), fill);
        painter.fillRect(QRectF(box.left() + x, y(high) - 0.7, 1, std::max(1.4, y(low) - y(high))), colour);
    }
}

void RolloutsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const int episode = index.data(RolloutsModel::EpisodeRole).toInt();
    const auto column = EpisodeColumn(index.column());
    const bool isSelected = option.state & QStyle::State_Selected;
    const Results& results = model_.session().results();
    const PlotTheme theme = PlotTheme::of(option.palette, option.font);
    const QColor plain = option.palette.color(QPalette::HighlightedText);
    const QRectF box = QRectF(option.rect).adjusted(kMargin, kMargin + 1, -kMargin, -kMargin);
    if (column == EpisodeColumn::SisCourse)
        paintSparkline(*painter, box, results.episode(episode).sis, results.scaleOfSis(),
                       isSelected ? plain : theme.first);
    else if (column == EpisodeColumn::GapCourse)
        paintSparkline(*painter, box, results.episode(episode).gap, results.scaleOfGap(),
                       isSelected ? plain : theme.second);
    else if (column == EpisodeColumn::Pictures)
        paintPictures(painter, option.rect, episode);
}

void RolloutsDelegate::paintPictures(QPainter* painter, const QRect& box, int episode) const {
    const EpisodePictures* pictures = model_.thumbnails().get(episode);
    if (!pictures)
        return;
    int left = box.left() + kMargin;
    for (const QImage* image : {&pictures->first, &pictures->middle}) {
        if (image->isNull())
            continue;
        const int side = box.height() - 4;
        const QSize size = image->size().scaled(side * 2, side, Qt::KeepAspectRatio);
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        painter->drawImage(QRect(QPoint(left, box.top() + 2), size), *image);
        left += size.width() + 2;
    }
}

}  // namespace sqil
