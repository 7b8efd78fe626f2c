#include "views/rollouts/RolloutsModel.h"

#include <QIcon>
#include <algorithm>

namespace sqil {

RolloutsModel::RolloutsModel(StudioSession& session, QObject* parent)
    : QAbstractTableModel(parent), session_(session), table_(session) {
    connect(&session_.selection(), &Selection::episodesChanged, this, &RolloutsModel::reset);
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        if (rows_ != table_.rows())
            reset();
    });
    Results& results = session_.results();
    connect(&results, &Results::episodeUpdated, this, [this](int episode) { updateRows(episode, episode); });
    connect(&results, &Results::episodesUpdated, this, [this] { updateRows(0, rows_ - 1); });
    connect(&results, &Results::thresholdChanged, this, [this] { updateRows(0, rows_ - 1); });
    connect(&session_.bookmarks(), &Bookmarks::changed, this, [this] { updateRows(0, rows_ - 1); });
    connect(&thumbnails_, &Thumbnails::ready, this, [this](int episode) {
        if (episode < rows_)
            emit dataChanged(index(episode, int(EpisodeColumn::Pictures)), index(episode, int(EpisodeColumn::Pictures)),
                             {Qt::DecorationRole});
    });
    reset();
}

void RolloutsModel::reset() {
    beginResetModel();
    rows_ = table_.rows();
    thumbnails_.setRollouts(session_.comparison().rollouts);
    endResetModel();
}

void RolloutsModel::updateRows(int first, int last) {
    if (first < 0 || last < first || last >= rows_)
        return;
    emit dataChanged(index(first, int(EpisodeColumn::SisCourse)), index(last, int(EpisodeColumn::Bookmarks)));
    emit numbersChanged();
}

bool RolloutsModel::hasPictures() const {
    return thumbnails_.hasCamera();
}

int RolloutsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : rows_;
}

int RolloutsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(EpisodeColumn::Count);
}

QVariant RolloutsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= std::min(rows_, table_.rows()))
        return {};
    const auto column = EpisodeColumn(index.column());
    switch (role) {
        case Qt::DisplayRole:
            return table_.text(index.row(), column);
        case NumberRole:
            return table_.number(index.row(), column);
        case EpisodeRole:
            return index.row();
        case Qt::ToolTipRole:
            return table_.toolTip(index.row());
        case Qt::AccessibleTextRole:
            if (column == EpisodeColumn::Success) {
                const auto& success = table_.info(index.row()).success;
                return !success ? tr("not known") : *success ? tr("succeeded") : tr("failed");
            }
            return table_.text(index.row(), column);
        case Qt::DecorationRole:
            if (const auto& success = table_.info(index.row()).success; column == EpisodeColumn::Success && success)
                return QIcon(*success ? QStringLiteral(":/icons/success.svg") : QStringLiteral(":/icons/failure.svg"));
            return {};
        case Qt::TextAlignmentRole:
            return int((column == EpisodeColumn::Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        default:
            return {};
    }
}

QVariant RolloutsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = EpisodeColumn(section);
    switch (role) {
        case Qt::DisplayRole:
            return EpisodeTable::title(column);
        case Qt::ToolTipRole:
            return EpisodeTable::explanation(column);
        case Qt::DecorationRole:
            return column == EpisodeColumn::Bookmarks ? QVariant(QIcon(QStringLiteral(":/icons/bookmark-column.svg")))
                                                      : QVariant();
        case Qt::TextAlignmentRole:
            return int((column == EpisodeColumn::Name || column == EpisodeColumn::SisCourse ||
                                column == EpisodeColumn::GapCourse
                            ? Qt::AlignLeft
                            : Qt::AlignRight) |
                       Qt::AlignVCenter);
        default:
            return {};
    }
}

Qt::ItemFlags RolloutsModel::flags(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= std::min(rows_, table_.rows()))
        return Qt::NoItemFlags;
    // An episode without steps is listed and cannot be shown.
    return table_.info(index.row()).steps > 0 ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
                                              : Qt::ItemNeverHasChildren;
}

}  // namespace sqil
