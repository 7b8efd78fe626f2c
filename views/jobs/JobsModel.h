#pragma once
#include <QAbstractItemModel>
#include <vector>

#include "core/project/JobRecord.h"

namespace sqil {

/// The queue as a tree: groups (chains, grids) unfold into their jobs.
class JobsModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, State, Progress, Left, Columns };
    enum Role { IdRole = Qt::UserRole, ShareRole };

    explicit JobsModel(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

    void setJobs(const std::vector<JobRecord>& jobs);
    const JobRecord* job(const QModelIndex& index) const;
    const JobRecord* job(RecordId id) const;
    QModelIndex indexOf(RecordId id, int column = 0) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static QString stateText(const JobRecord& job);
    QString waitingText(const JobRecord& job) const;  ///< what a queued job waits for

private:
    struct Node {
        RecordId id = 0;
        int parent = -1;  ///< index of a node
        int row = 0;
        std::vector<int> children;
    };
    const JobRecord& recordAt(int node) const { return jobs_[std::size_t(node)]; }

    std::vector<JobRecord> jobs_;  ///< in the order of nodes_
    std::vector<Node> nodes_;
    std::vector<int> roots_;
};

}  // namespace sqil
