#pragma once
#include <QStandardItemModel>

#include "views/session/StudioSession.h"

namespace sqil {

/// The policies and the files of rollouts as a tree, with what is in use marked.
class ProjectModel : public QStandardItemModel {
    Q_OBJECT
public:
    enum Column { Name, Steps, ColumnCount };
    enum class Kind { None, Section, Policy, Rollouts };
    enum Role { KindRole = Qt::UserRole + 1, IdRole };

    explicit ProjectModel(StudioSession& session, QObject* parent = nullptr);

    static Kind kindOf(const QModelIndex& index);
    QModelIndex rolloutsIndex() const;  ///< of those being looked at

private:
    void rebuild();
    void updateRoles();
    QStandardItem* addSection(const QString& text, const char* iconName);
    void addPolicy(QStandardItem* section, const PolicyItem& item);
    void addRollouts(QStandardItem* section, const RolloutsItem& item);

    StudioSession& session_;
};

}  // namespace sqil
