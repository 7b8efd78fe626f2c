#pragma once
#include <QStyledItemDelegate>
#include <vector>

namespace sqil {

class RolloutsModel;

/// Draws courses as sparklines, and the episode's pictures.
class RolloutsDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    RolloutsDelegate(RolloutsModel& model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintPictures(QPainter* painter, const QRect& box, int episode) const;

    RolloutsModel& model_;
};

/// A course over the width of a box: the range of each pixel's values, `top` being the largest of the scale.
void paintSparkline(QPainter& painter, const QRectF& box, const std::vector<float>& values, double top,
                    const QColor& colour);

}  // namespace sqil
