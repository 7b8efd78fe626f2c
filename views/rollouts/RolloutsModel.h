#pragma once
#include <QAbstractTableModel>

#include "views/rollouts/EpisodeTable.h"
#include "views/rollouts/Thumbnails.h"

namespace sqil {

/// The episodes of the rollouts that are shown, a row each: numbers fill in as they are computed, nothing is kept
/// twice.
class RolloutsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { NumberRole = Qt::UserRole + 1, EpisodeRole };

    explicit RolloutsModel(StudioSession& session, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    const EpisodeTable& table() const { return table_; }
    Thumbnails& thumbnails() { return thumbnails_; }
    StudioSession& session() const { return session_; }
    bool hasPictures() const;

signals:
    void numbersChanged();  ///< some row's: sorting and filtering may come out otherwise

private:
    void reset();
    void updateRows(int first, int last);

    StudioSession& session_;
    EpisodeTable table_;
    Thumbnails thumbnails_;
    int rows_ = 0;
};

}  // namespace sqil
