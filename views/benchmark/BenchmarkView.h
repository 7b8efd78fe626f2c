#pragma once
#include <QStackedWidget>

#include "views/benchmark/BenchmarkContents.h"
#include "views/figures/ViewExport.h"
#include "views/session/LatestTask.h"
#include "views/session/StudioSession.h"

class QComboBox;
class QLabel;
class QListWidget;
class QToolButton;

namespace sqil {

class EmptyState;
class IntervalBars;
class LabelledPoints;

/// What `sqil bench` has measured, here and on other machines: bars of each policy's ways, kernels under the machine's
/// roofs, success against latency. The reports that are ticked are shown together.
class BenchmarkView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit BenchmarkView(StudioSession& session, QWidget* parent = nullptr);

    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;

    const BenchmarkContents& contents() const { return contents_; }
    QListWidget* list() const { return list_; }
    QComboBox* choice() const { return choice_; }
    IntervalBars* bars() const { return bars_; }
    LabelledPoints* points() const { return points_; }
    QString note() const;  ///< what is said instead of a plot; empty: there is a plot

public slots:
    /// Reads the project's reports again.
    void refresh();
    void chooseImport();
    void removeSelected();

signals:
    void benchmarkRequested();  ///< the user wants to measure

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum Shown {
        Latency,
        Memory,
        Energy,
        SpeedUp,
        Kernels,
        Success,
        Training,
        TrainingRatio,
        Saliency,
        SaliencyRatio,
        RolloutRate
    };

    QWidget* makeList();
    QWidget* makePlots();
    void take(BenchmarkContents contents);
    void updatePlots();
    void showNote(const QString& text);
    Shown shown() const;
    std::vector<const BenchmarkReport*> ticked(const char* kind) const;
    bool isPoints() const { return shown() == Kernels || shown() == Success; }
    /// What the bars show has not been measured; empty: it has.
    QString missingBars() const;
    /// Another plot where the chosen one shows nothing of the reports and others do.
    void chooseWhatIsThere();
    void fill(IntervalBars& bars) const;
    void fill(LabelledPoints& points) const;

    StudioSession& session_;
    EmptyState* empty_;
    QListWidget* list_;
    QComboBox* choice_;
    QStackedWidget* plots_;
    IntervalBars* bars_;
    LabelledPoints* points_;
    QLabel* note_;
    QToolButton* remove_;
    BenchmarkContents contents_;
    std::vector<RecordId> unticked_;
    LatestTask<BenchmarkContents> reading_;
};

}  // namespace sqil
