#include "views/layers/BlameDelegate.h"

#include <QPainter>

#include "views/layers/LayersModel.h"
#include "widgets/PlotTheme.h"

namespace sqil {

void BlameDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant share = index.data(LayersModel::ShareRole);
    if (!share.isValid())
        return;
    const PlotTheme theme = PlotTheme::of(option.palette, option.font);
    QRectF bar(option.rect);
    bar.adjust(2, bar.height() - 4, -2, -1);
    bar.setLeft(bar.right() - bar.width() * std::clamp(share.toDouble(), 0.0, 1.0));
    painter->fillRect(bar, theme.second);
}

}  // namespace sqil
