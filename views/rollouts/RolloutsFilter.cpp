#include "views/rollouts/RolloutsFilter.h"

#include <cmath>

#include "core/data/Rollouts.h"
#include "views/rollouts/RolloutsModel.h"

namespace sqil {
namespace {
constexpr int kUpdateMilliseconds = 400;
}

RolloutsFilter::RolloutsFilter(RolloutsModel& model, QObject* parent) : QSortFilterProxyModel(parent), model_(model) {
    setSourceModel(&model);
    setDynamicSortFilter(false);  // by hand: thousands of rows change at once while numbers come in
    updating_.setSingleShot(true);
    updating_.setInterval(kUpdateMilliseconds);
    connect(&updating_, &QTimer::timeout, this, [this] { invalidate(); });
    connect(&model_, &RolloutsModel::numbersChanged, this, [this] {
        const bool byNumber = sortColumn() > int(EpisodeColumn::Name);
        if ((byNumber || !filter_.isEmpty()) && !updating_.isActive())
            updating_.start();
    });
}

void RolloutsFilter::setFilter(FilterExpression filter) {
    filter_ = std::move(filter);
    invalidateFilter();
}

bool RolloutsFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    return model_.table().matches(row, filter_);
}

bool RolloutsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const auto column = EpisodeColumn(left.column());
    if (column == EpisodeColumn::Name || column == EpisodeColumn::Pictures)
        return left.row() < right.row();  // the file's natural order: demo_2 before demo_10
    const double a = model_.table().number(left.row(), column), b = model_.table().number(right.row(), column);
    if (std::isnan(a) || std::isnan(b)) {
        const bool last = sortOrder() == Qt::AscendingOrder;
        return std::isnan(a) == std::isnan(b) ? left.row() < right.row() : std::isnan(b) == last;
    }
    return a == b ? left.row() < right.row() : a < b;
}

}  // namespace sqil
