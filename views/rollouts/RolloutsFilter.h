#pragma once
#include <QSortFilterProxyModel>
#include <QTimer>

#include "views/rollouts/FilterExpression.h"

namespace sqil {

class RolloutsModel;

/// The episodes that a filter lets through, in the order of a column; values not known come last in either order. While
/// numbers come in, both are brought up to date a few times a second.
class RolloutsFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit RolloutsFilter(RolloutsModel& model, QObject* parent = nullptr);

    void setFilter(FilterExpression filter);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    RolloutsModel& model_;
    FilterExpression filter_;
    QTimer updating_;
};

}  // namespace sqil
