#pragma once
#include <QStringList>
#include <vector>

#include "views/benchmark/BenchmarkContents.h"
#include "widgets/IntervalBars.h"

namespace sqil {

/// What reports show as bars: groups along the axis, a series for each colour.
struct BenchmarkBars {
    QStringList groups;
    std::vector<IntervalBars::Series> series;
    QString axis, unit;
};

using Reports = std::vector<const BenchmarkReport*>;

/// Policies: the ways of each (widths), a series a report.
BenchmarkBars barsOf(const Reports& policies, BenchmarkMeasure measure);
/// A training step: its time, or (`relative`) as a multiple of full precision's; a series a report.
BenchmarkBars barsOfTraining(const Reports& reports, bool relative);
/// Saliency of a frame: the policies are the groups, the ways of computing it the series; its time, or (`relative`) as
/// a multiple of this engine's.
BenchmarkBars barsOfSaliency(const Reports& reports, bool relative);
/// Rollouts: steps a second of each way, a series a report.
BenchmarkBars barsOfRollouts(const Reports& reports);

}  // namespace sqil
