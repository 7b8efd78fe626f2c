#pragma once
#include <QStandardItemModel>

#include "views/session/StudioSession.h"

namespace sqil {

/// Policies, rollouts and their episodes as a tree; numbers fill in as they are computed.
class ProjectModel : public QStandardItemModel {
    Q_OBJECT
public:
    enum Column { Name, Steps, Sis, Gap, ColumnCount };
    enum class Kind { None, Section, Policy, Rollouts, Episode };
    enum Role { KindRole = Qt::UserRole + 1, IdRole, EpisodeRole };

    explicit ProjectModel(StudioSession& session, QObject* parent = nullptr);

    static Kind kindOf(const QModelIndex& index);
    QModelIndex episodeIndex(int episode) const;  ///< of the rollouts being looked at
    QModelIndex rolloutsIndex() const;

private:
    void rebuild();
    void updateRoles();
    void updateEpisode(int episode);
    QStandardItem* addSection(const QString& text, const char* iconName);
    void addPolicy(QStandardItem* section, const PolicyItem& item);
    void addRollouts(QStandardItem* section, const RolloutsItem& item);

    StudioSession& session_;
};

}  // namespace sqil
