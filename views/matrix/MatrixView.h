#pragma once
#include <QStackedWidget>
#include <QTimer>

#include "views/figures/ViewExport.h"
#include "views/matrix/EpisodeOrder.h"
#include "views/session/LatestTask.h"
#include "views/session/SeriesCache.h"
#include "views/session/StudioSession.h"
#include "widgets/MatrixPlot.h"

class QAction;
class QComboBox;
class QLabel;
class QToolButton;

namespace sqil {

class ColourBar;
class EmptyState;

/// All episodes at once: a row each, time along it, a series as colour; failures at the side, critical or brushed
/// steps picked out, the cursor as a crosshair.
class MatrixView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit MatrixView(StudioSession& session, QWidget* parent = nullptr);
    ~MatrixView() override;

    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;  ///< a row an episode, in the order shown

    MatrixPlot* plot() const { return plot_; }
    QComboBox* seriesBox() const { return seriesBox_; }
    QComboBox* orderBox() const { return orderBox_; }
    QToolButton* criticalButton() const { return critical_; }
    /// Episodes in the order of the rows.
    const std::vector<int>& order() const { return order_; }
    /// What the tool tip over a cell says.
    QString describe(const MatrixPlot::Place& place) const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Picture {
        QImage image;
        MatrixWindow window;
        double largest = 0;
    };
    /// What a picture is made of, on any thread.
    struct Recipe {
        MatrixRows rows;
        MatrixWindow window;
        QSize size;
        CellAggregate aggregate = CellAggregate::Largest;
        double share = 1;  ///< of the values that lie within the colours
        MatrixStyle style;
    };

    QWidget* makeHeader();
    QToolButton* makeOptions();
    void updateSeries();
    void forgetValues();
    void markDirty(int episode);
    void refresh();
    void bringUpToDate() const;
    std::vector<MatrixPlot::Row> rows() const;
    void requestPicture();
    Recipe recipe(const QSize& size) const;
    static Picture make(const Recipe& recipe);
    void updateCursor();
    void updateBrush();
    void updateEmptyState();
    void pick(const MatrixPlot::Place& place);
    void brush(int firstRow, int lastRow, double firstTime, double lastTime);
    void showTip(std::optional<MatrixPlot::Place> place, const QPoint& globalPosition);
    const StepSeries* series() const;

    StudioSession& session_;
    EmptyState* empty_;
    MatrixPlot* plot_;
    ColourBar* bar_;
    QComboBox* seriesBox_;
    QComboBox* orderBox_;
    QToolButton* descending_;
    QToolButton* critical_;
    QToolButton* clearBrush_;
    QLabel* brushed_;
    QAction* mean_;
    QAction* stretched_;
    QAction* wholeScale_;

    std::vector<StepSeries> all_;
    // As of the last bringUpToDate(), which a figure of a hidden view asks for as well.
    mutable SeriesCache values_, sis_;
    mutable std::vector<EpisodeFacts> facts_;
    mutable std::vector<int> order_, rowOf_;
    QTimer refreshing_;
    LatestTask<Picture> pictures_;
};

}  // namespace sqil
