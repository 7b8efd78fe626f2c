#pragma once
#include <QMap>
#include <QStringList>
#include <QWidget>
#include <array>
#include <optional>
#include <vector>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"
#include "views/jobs/JobsFeed.h"
#include "widgets/CurvesPlot.h"

class QComboBox;
class QSlider;

namespace sqil {

/// The curves of the chosen jobs over one another: two plots, each of what is asked for.
class JobCurves : public QWidget {
    Q_OBJECT
public:
    explicit JobCurves(QWidget* parent = nullptr);

    /// The jobs to show, by id, with their names.
    void setJobs(const std::vector<std::pair<RecordId, QString>>& jobs);
    void add(const JobDetails& details);
    void clear();

    CurvesPlot* plot(int index) const { return plots_[std::size_t(index)]; }
    QComboBox* choice(int index) const { return choices_[std::size_t(index)]; }
    /// Why the device's use is not all known, to be told where its curves would be; a line each.
    void setAbsent(RecordId job, const QStringList& reasons);
    qint64 steps(RecordId job) const;  ///< the last one told
    QMap<QString, double> lastValues(RecordId job) const;

    std::optional<Figure> figure() const;        ///< both plots as they are; none: nothing is measured
    std::optional<DataTable> dataTable() const;  ///< a row a point of their curves

private:
    /// Columns by name; NaN where a report had no such value.
    struct Run {
        QVector<double> step;
        QMap<QString, QVector<double>> values;
    };
    /// What was told of a job, by step; and of its device, by minutes.
    struct Told {
        Run metrics, usage;
        qint64 firstTime = 0;
        QStringList absent;
    };
    static void append(Run& run, double at, const std::string& json);
    void update();

    std::vector<std::pair<RecordId, QString>> jobs_;
    QMap<RecordId, Told> runs_;
    std::array<QComboBox*, 2> choices_;
    std::array<CurvesPlot*, 2> plots_;
    QSlider* smoothing_;
};

}  // namespace sqil
