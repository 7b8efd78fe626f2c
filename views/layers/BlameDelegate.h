#pragma once
#include <QStyledItemDelegate>

namespace sqil {

/// A number over a bar as long as its share of the largest (LayersModel::ShareRole).
class BlameDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace sqil
