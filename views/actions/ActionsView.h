#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

namespace sqil {

class ActionBars;
class EmptyState;

/// Both policies' actions at the cursor, dimension by dimension, in the action's own units.
class ActionsView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit ActionsView(StudioSession& session, QWidget* parent = nullptr);
    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;
    ActionBars* bars() const { return bars_; }

signals:
    void quantizeRequested();

private:
    void updateDimensions();
    void updateCourses();
    void updateEmptyState();

    StudioSession& session_;
    ActionBars* bars_;
    EmptyState* empty_;
    EmptyState* hint_;
};

}  // namespace sqil
