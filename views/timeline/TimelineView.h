#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

class QAction;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;

namespace sqil {

class EmptyState;
class TimelinePlot;

/// SIS with the critical states, and the action gap, over the steps of the episode.
class TimelineView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit TimelineView(StudioSession& session, QWidget* parent = nullptr);

    /// Buttons for these commands, left and right in the header.
    void setCommands(const QList<QAction*>& transport, const QList<QAction*>& jumps);

    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;

    TimelinePlot* plot() const { return plot_; }
    QDoubleSpinBox* topPercentBox() const { return topPercent_; }
    QString position() const;  ///< as written in the header

private:
    QWidget* makeHeader();
    void newEpisode();
    void updateTracks();
    void updateBands();
    void updateCursor();
    void updateThresholdText();
    void updateEmptyState();

    StudioSession& session_;
    EmptyState* empty_;
    TimelinePlot* plot_;
    QHBoxLayout* transport_;
    QHBoxLayout* jumps_;
    QComboBox* speed_;
    QLabel* position_;
    QLabel* state_;
    QDoubleSpinBox* topPercent_;
    QLabel* threshold_;
};

}  // namespace sqil
