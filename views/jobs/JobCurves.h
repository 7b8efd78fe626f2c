#pragma once
#include <QMap>
#include <QWidget>
#include <array>
#include <vector>

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
    qint64 steps(RecordId job) const;  ///< the last one told
    QMap<QString, double> lastValues(RecordId job) const;

private:
    /// Columns by name; NaN where a report had no such value.
    struct Run {
        QVector<double> step;
        QMap<QString, QVector<double>> values;
    };
    void update();

    std::vector<std::pair<RecordId, QString>> jobs_;
    QMap<RecordId, Run> runs_;
    std::array<QComboBox*, 2> choices_;
    std::array<CurvesPlot*, 2> plots_;
    QSlider* smoothing_;
};

}  // namespace sqil
