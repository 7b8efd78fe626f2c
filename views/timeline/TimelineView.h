#pragma once
#include <QStackedWidget>

#include "views/figures/ViewExport.h"
#include "views/timeline/TimelineSeries.h"

class QAction;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace sqil {

class BookmarkMenu;
class EmptyState;
class SegmentedControl;
class TimelinePlot;

/// SIS with the critical states, the gap of every compared policy, and the actions, over the steps of the episode or of
/// all episodes.
class TimelineView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit TimelineView(StudioSession& session, QWidget* parent = nullptr);

    /// Buttons for these commands, left and right in the header.
    void setCommands(const QList<QAction*>& transport, const QList<QAction*>& jumps);

    std::optional<Figure> figure() const override;        ///< at its zoom, with its lanes
    std::optional<DataTable> dataTable() const override;  ///< the episode, step by step

    TimelinePlot* plot() const { return plot_; }
    TimelineSeries& series() { return *series_; }
    QDoubleSpinBox* topPercentBox() const { return topPercent_; }
    QMenu* laneMenu() const { return laneMenu_; }
    QString position() const;       ///< as written in the header
    QString thresholdText() const;  ///< likewise: how many states are critical
    TimelineSeries::Scope scope() const { return series_->scope(); }
    QStringList shownLanes() const;

public slots:
    void setScope(sqil::TimelineSeries::Scope scope);
    void showLane(const QString& key, bool shown);
    void toggleBookmark();
    void writeNote();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeLaneButton();
    void connectSession();
    void rebuild();
    void followEpisode();
    void updateLanes();
    void updateCritical();
    void updatePicked();
    void updateFlags();
    void updateCursor();
    void updateThresholdText();
    void updateEmptyState();
    void fillLaneMenu();
    void moveThreshold(double sis);
    void showPlotMenu(const QPoint& position, qint64 step);
    bool isShown(const LaneChoice& choice) const;

    StudioSession& session_;
    TimelineSeries* series_;
    EmptyState* empty_;
    TimelinePlot* plot_;
    BookmarkMenu* bookmarks_;
    QHBoxLayout* transport_;
    QHBoxLayout* jumps_;
    QComboBox* speed_;
    SegmentedControl* scope_;
    QLabel* position_;
    QLabel* state_;
    QDoubleSpinBox* topPercent_;
    QLabel* threshold_;
    QLabel* criticalLabel_;
    QWidget* header_;
    QMenu* laneMenu_;
    QMap<QString, bool> chosenLanes_;  ///< by the user; others as LaneChoice::isShownFirst
    std::optional<double> dragFrom_;   ///< the share before the threshold was taken hold of
};

}  // namespace sqil
