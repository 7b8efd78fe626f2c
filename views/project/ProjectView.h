#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

class QTreeView;

namespace sqil {

class EmptyState;
class ProjectModel;

/// The project tree. A click on an episode shows it; a double click or Enter on a policy compares it.
class ProjectView : public QStackedWidget, public TableSource {
    Q_OBJECT
public:
    explicit ProjectView(StudioSession& session, QWidget* parent = nullptr);

    std::optional<DataTable> dataTable() const override;  ///< the episodes shown

    QTreeView* tree() const { return tree_; }
    ProjectModel* model() const { return model_; }

signals:
    void quantizeRequested();
    void addFilesRequested();

private:
    void activate(const QModelIndex& index);
    void follow();
    void showMenu(const QPoint& position);
    void confirmRemoval(const QModelIndex& index);
    void locate(const QModelIndex& index);
    void arrange();

    StudioSession& session_;
    ProjectModel* model_;
    QTreeView* tree_;
    EmptyState* empty_;
    bool following_ = false;
};

}  // namespace sqil
