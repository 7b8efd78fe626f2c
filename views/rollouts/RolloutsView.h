#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

class QLabel;
class QTableView;

namespace sqil {

class EmptyState;
class FilterEdit;
class RolloutsFilter;
class RolloutsModel;

/// The episodes of the rollouts as a table, with a filter above it. The row that is current is the episode that is
/// shown, and the other way round.
class RolloutsView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit RolloutsView(StudioSession& session, QWidget* parent = nullptr);

    std::optional<Figure> figure() const override;        ///< the first of the rows shown, as a table
    std::optional<DataTable> dataTable() const override;  ///< the rows shown, in their order

    QTableView* table() const { return table_; }
    FilterEdit* filter() const { return edit_; }
    RolloutsModel* model() const { return model_; }
    QString status() const;  ///< as written beside the filter
    /// The row of an episode as the table is sorted and filtered; −1: it is filtered out.
    int rowOf(int episode) const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeTable();
    void arrange();
    void follow();
    void choose(const QModelIndex& current);
    void updateStatus();

    StudioSession& session_;
    RolloutsModel* model_;
    RolloutsFilter* proxy_;
    FilterEdit* edit_;
    QTableView* table_;
    QLabel* status_;
    QLabel* problem_;
    EmptyState* empty_;
    bool following_ = false;
};

}  // namespace sqil
