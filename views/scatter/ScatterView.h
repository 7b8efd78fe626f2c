#pragma once
#include <QStackedWidget>
#include <QTimer>

#include "views/figures/ViewExport.h"
#include "views/scatter/StepRelation.h"
#include "views/session/LatestTask.h"
#include "views/session/SeriesCache.h"
#include "views/session/StudioSession.h"
#include "widgets/ScatterPlot.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSplitter;
class QToolButton;

namespace sqil {

class EmptyState;
class PrecisionRecallPlot;

/// SIS against the action gap, a point a step: how they correlate, and how well SIS, which needs no quantized policy,
/// foretells where the gap is large. A rubber band picks steps out for all views.
class ScatterView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit ScatterView(StudioSession& session, QWidget* parent = nullptr);
    ~ScatterView() override;

    /// Scatter and precision-recall side by side. Where the view has not been seen yet they are computed now.
    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;  ///< a row a step

    ScatterPlot* plot() const { return plot_; }
    PrecisionRecallPlot* curve() const { return curve_; }
    QComboBox* gapBox() const { return gapBox_; }
    QDoubleSpinBox* largeBox() const { return largeBox_; }
    QToolButton* logarithmicButton() const { return logarithmic_; }
    const StepRelation& relation() const { return relation_; }
    QString statistics() const;  ///< as written beside the plot

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct DensityPicture {
        QImage all, picked;
        ScatterAxis horizontal, vertical;
        std::uint32_t largest = 0;
    };

    QWidget* makeHeader();
    QWidget* makeStatistics();
    void updateSeries();
    void chooseGap();
    void chooseLarge();
    void refresh();
    void show(StepRelation relation);
    void requestDensity();
    static DensityPicture densityOf(const StepPoints& points, const std::vector<std::size_t>& picked,
                                    const ScatterAxis& horizontal, const ScatterAxis& vertical, QSize cells,
                                    const PlotTheme& theme);
    /// Dots and lines as shown here, on this plot or one for a figure.
    void fill(ScatterPlot& plot) const;
    void fill(PrecisionRecallPlot& curve) const;
    void showStatistics();
    QString caption() const;
    bool ensureRelation() const;
    void updateCursor();
    void updateEmptyState();
    void goTo(const QPointF& pixel);
    QString stepsText() const;

    StudioSession& session_;
    EmptyState* empty_;
    ScatterPlot* plot_;
    PrecisionRecallPlot* curve_;
    QComboBox* gapBox_;
    QComboBox* largeKind_;
    QDoubleSpinBox* largeBox_;
    QToolButton* logarithmic_;
    QLabel* correlation_;
    QLabel* detector_;

    std::vector<StepSeries> gaps_;
    mutable SeriesCache sis_, gap_;
    LargeGapChoice large_;
    mutable StepRelation relation_;
    std::vector<std::size_t> picked_;
    std::uint32_t mostInACell_ = 0;
    QTimer refreshing_;
    LatestTask<StepRelation> relations_;
    LatestTask<DensityPicture> densities_;
};

}  // namespace sqil
