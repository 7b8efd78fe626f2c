#pragma once
#include <QStackedWidget>

#include "views/session/StudioSession.h"

class QTreeView;

namespace sqil {

class EmptyState;
class ProjectModel;

/// The project tree. A double click or Enter on a policy compares it, on rollouts shows them.
class ProjectView : public QStackedWidget {
    Q_OBJECT
public:
    explicit ProjectView(StudioSession& session, QWidget* parent = nullptr);

    QTreeView* tree() const { return tree_; }
    ProjectModel* model() const { return model_; }

signals:
    void quantizeRequested();
    void cardRequested(qint64 policy);
    void addFilesRequested();

private:
    void activate(const QModelIndex& index);
    void showMenu(const QPoint& position);
    void confirmRemoval(const QModelIndex& index);
    void locate(const QModelIndex& index);
    void rename(const QModelIndex& index);
    void arrange();

    StudioSession& session_;
    ProjectModel* model_;
    QTreeView* tree_;
    EmptyState* empty_;
};

}  // namespace sqil
