#include "widgets/PictureBoard.h"

#include <QEvent>
#include <algorithm>
#include <cmath>

namespace sqil {
namespace {
constexpr int kGap = 12;
}

PictureBoard::PictureBoard(QWidget* parent) : QWidget(parent) {}

void PictureBoard::setPictures(const std::vector<QWidget*>& pictures, int columnsMultipleOf) {
    pictures_ = pictures;
    multiple_ = std::max(1, columnsMultipleOf);
    for (QWidget* picture : pictures_) {
        picture->setParent(this);
        picture->show();
    }
    arrange();
}

void PictureBoard::setLegend(QWidget* legend) {
    legend_ = legend;
    legend_->setParent(this);
    arrange();
}

void PictureBoard::setAspect(double widthOverHeight) {
    if (widthOverHeight <= 0 || widthOverHeight == aspect_)
        return;
    aspect_ = widthOverHeight;
    arrange();
}

void PictureBoard::setTitleHeight(int pixels) {
    titleHeight_ = pixels;
    arrange();
}

void PictureBoard::resizeEvent(QResizeEvent*) {
    arrange();
}

bool PictureBoard::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return QWidget::event(event);
}

void PictureBoard::arrange() {
    if (pictures_.empty())
        return;
    const bool hasLegend = legend_ && !legend_->isHidden();
    const int legendWidth = hasLegend ? legend_->sizeHint().width() + kGap : 0;
    const int margin = hasLegend ? legend_->fontMetrics().height() / 2 + 1 : 0;  // the legend's last number hangs below
    const int count = static_cast<int>(pictures_.size());
    int bestColumns = multiple_;
    double best = -1;
    for (int columns = multiple_; columns < count + multiple_; columns += multiple_) {
        const int rows = (count + columns - 1) / columns;
        const double wide = (width() - legendWidth - kGap * (columns - 1)) / double(columns);
        const double high = ((height() - margin - kGap * (rows - 1)) / double(rows) - titleHeight_) * aspect_;
        const double size = std::min(wide, high);
        if (size > best) {
            best = size;
            bestColumns = columns;
        }
    }
    const int columns = std::min(bestColumns, count);
    const int rows = (count + columns - 1) / columns;
    const int wide = std::max(24, static_cast<int>(best));
    const int high = std::max(24, static_cast<int>(best / aspect_)) + titleHeight_;
    const int blockWidth = columns * wide + kGap * (columns - 1) + legendWidth;
    const int blockHeight = rows * high + kGap * (rows - 1);
    const int left = std::max(0, (width() - blockWidth) / 2), top = std::max(0, (height() - margin - blockHeight) / 2);
    for (int index = 0; index < count; ++index)
        pictures_[std::size_t(index)]->setGeometry(left + index % columns * (wide + kGap),
                                                   top + index / columns * (high + kGap), wide, high);
    if (hasLegend) {
        const int barTop = top + titleHeight_ - legend_->fontMetrics().height() / 2;
        legend_->setGeometry(left + blockWidth - legendWidth + kGap, barTop, legendWidth - kGap,
                             std::max(80, blockHeight - titleHeight_ + legend_->fontMetrics().height()));
    }
}

}  // namespace sqil
