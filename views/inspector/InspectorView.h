#pragma once
#include <QStackedWidget>
#include <QTimer>

#include "views/figures/ViewExport.h"
#include "views/inspector/StepFacts.h"
#include "views/session/LatestTask.h"
#include "views/session/StudioSession.h"

class QLineEdit;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTreeView;

namespace sqil {

class EmptyState;

/// Everything known of the step under the cursor, to be searched and copied.
class InspectorView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit InspectorView(StudioSession& session, QWidget* parent = nullptr);
    ~InspectorView() override;

    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;

    QLineEdit* search() const { return search_; }
    QTreeView* tree() const { return tree_; }
    const std::vector<FactSection>& facts() const { return facts_; }

public slots:
    void copySelection();  ///< "name<tab>value" a line; everything where nothing is selected
    void copyText();
    void copyJson();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    void scheduleUpdate();
    void updateFacts();
    void showFacts();
    bool sameRows() const;

    StudioSession& session_;
    EmptyState* empty_;
    QLineEdit* search_;
    QTreeView* tree_;
    QStandardItemModel* model_;
    QSortFilterProxyModel* filter_;
    std::vector<FactSection> facts_;
    RecordedStep recorded_;
    QTimer updating_;
    LatestTask<RecordedStep> reading_;
};

}  // namespace sqil
