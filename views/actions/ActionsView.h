#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

class QComboBox;

namespace sqil {

class ActionBars;
class DistributionBars;
class EmptyState;

/// The actions of the reference and of every compared policy at the cursor: dimension by dimension in the action's own
/// units, with their courses around it; for categorical and token heads the distributions over bins.
class ActionsView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit ActionsView(StudioSession& session, QWidget* parent = nullptr);
    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;
    ActionBars* bars() const { return bars_; }
    DistributionBars* distributions() const { return distributions_; }
    QComboBox* reachBox() const { return reach_; }

signals:
    void quantizeRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeHeader();
    void updateDimensions();
    void updateCourses();
    void updateStep();
    void updateEmptyState();

    StudioSession& session_;
    QComboBox* reach_;
    QStackedWidget* kinds_;  ///< bars, or distributions
    ActionBars* bars_;
    DistributionBars* distributions_;
    EmptyState* empty_;
    EmptyState* hint_;
};

}  // namespace sqil
