#include "views/figures/PaperFigures.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/analysis/Density.h"
#include "views/actions/ActionValues.h"
#include "views/figures/Peaks.h"
#include "views/session/StepPicture.h"
#include "widgets/DensityPanels.h"
#include "widgets/MarkedCurves.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kMarks = 4;
constexpr qint64 kShortestDistance = 3;  ///< steps between marks
constexpr double kLowestPeak = 0.2;      ///< of the largest: lower ones are not worth a picture

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PaperFigures)
};

std::vector<MarkedCurves::Mark> marksAt(const StudioSession& session, const std::vector<float>& values) {
    const qint64 steps = session.selection().steps();
    std::vector<MarkedCurves::Mark> marks;
    for (const qint64 step : peaksOf(values, kMarks, std::max(kShortestDistance, steps / 20), kLowestPeak))
        marks.push_back({step, firstCamera(*session.comparison().rollouts,
                                           static_cast<std::size_t>(session.selection().episode()), step)});
    return marks;
}

Figure figureOf(const QString& name, MarkedCurves curves) {
    Figure figure;
    figure.name = name;
    figure.width = kColumnMillimetres;
    const double units = figure.width * kFigureUnitsPerMillimetre;
    figure.height = heightOfMarkedCurves(curves, units, PlotTheme::print()) / kFigureUnitsPerMillimetre;
    figure.draw = [curves = std::move(curves)](QCPPainter& painter, QSize size) {
        drawMarkedCurves(painter, QRectF(QPointF(), QSizeF(size)), curves, PlotTheme::print());
    };
    return figure;
}

bool anyKnown(const std::vector<float>& values) {
    return std::any_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// One dimension of a policy's actions over all episodes, in the card's unit.
std::vector<float> dimensionOverAll(const StudioSession& session, std::size_t policy, std::size_t dimension,
                                    std::size_t width) {
    const PolicyCard& card = session.card();
    const bool inUnits = card.dimensions.size() == width;
    const double scale = inUnits ? card.dimensions[dimension].scale : 1;
    const double offset = inUnits ? card.dimensions[dimension].offset : 0;
    std::vector<float> values;
    for (int episode = 0; episode < session.selection().episodeCount(); ++episode) {
        const EpisodeResults& results = session.results().episode(episode);
        if (results.width != width)
            continue;
        const auto& actions = policy == 0 ? results.action : results.actionOf(policy - 1);
        for (std::size_t index = dimension; index < actions.size(); index += width)
            values.push_back(static_cast<float>(double(actions[index]) * scale + offset));
    }
    return values;
}

}  // namespace

std::optional<Figure> discrepancyFigure(const StudioSession& session) {
    if (!session.hasQuantized() || session.selection().episode() < 0)
        return std::nullopt;
    const EpisodeResults& results = session.results().episode(session.selection().episode());
    const PlotTheme theme = PlotTheme::print();
    MarkedCurves curves;
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared)
        if (anyKnown(results.gapOf(compared)))
            curves.curves.push_back(
                {session.comparedName(compared), results.gapOf(compared), theme.compared(compared)});
    if (curves.curves.empty())
        return std::nullopt;
    curves.marks = marksAt(session, curves.curves.front().values);
    curves.valueLabel = Words::tr("action gap");
    curves.stepsPerSecond = session.controlRate();
    return figureOf(QStringLiteral("discrepancy"), std::move(curves));
}

std::optional<Figure> peaksFigure(const StudioSession& session) {
    const int episode = session.selection().episode();
    if (!session.hasPolicy() || episode < 0 || !anyKnown(session.results().episode(episode).sis))
        return std::nullopt;
    const PlotTheme theme = PlotTheme::print();
    MarkedCurves curves;
    curves.curves.push_back({Words::tr("SIS"), session.results().episode(episode).sis, theme.first});
    curves.marks = marksAt(session, curves.curves.front().values);
    curves.bands = intervalsWhere(session.selection().steps(),
                                  [&](qint64 step) { return session.results().isCritical(episode, step); });
    curves.bandsName = Words::tr("critical states");
    if (std::isfinite(session.results().threshold())) {
        curves.threshold = session.results().threshold();
        curves.thresholdName = Words::tr("T (top %1 %)").arg(QLocale().toString(session.selection().topPercent()));
    }
    curves.valueLabel = Words::tr("SIS");
    curves.stepsPerSecond = session.controlRate();
    return figureOf(QStringLiteral("sis-peaks"), std::move(curves));
}

std::optional<Figure> actionDensityFigure(const StudioSession& session) {
    const ActionHead head = session.card().head;
    const std::size_t width = session.results().episode(session.selection().episode()).width;
    if (!session.hasPolicy() || width == 0 || head == ActionHead::Categorical || head == ActionHead::TokenLogits)
        return std::nullopt;
    const PlotTheme theme = PlotTheme::print();
    DensityPanels panels;
    panels.names << session.policyName();
    panels.colours << theme.first;
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared) {
        panels.names << session.comparedName(compared);
        panels.colours << theme.compared(compared);
    }
    const auto dimensions = actionDimensions(session.card(), width);
    for (std::size_t dimension = 0; dimension < width; ++dimension) {
        DensityPanels::Panel panel;
        panel.label = dimensions[dimension].unit.isEmpty()
                          ? dimensions[dimension].name
                          : QStringLiteral("%1 (%2)").arg(dimensions[dimension].name, dimensions[dimension].unit);
        std::vector<std::vector<float>> values;
        for (std::size_t policy = 0; policy <= session.comparedCount(); ++policy)
            values.push_back(dimensionOverAll(session, policy, dimension, width));
        // One bandwidth for all, the reference's: they differ by what the policies do, not by how they are smoothed.
        const Density reference = estimateDensity(values.front());
        if (reference.values.empty())
            continue;
        double lower = reference.lower, upper = reference.upper;
        for (const auto& one : values) {
            const Density alone = estimateDensity(one, 2, reference.bandwidth);
            if (!alone.values.empty()) {
                lower = std::min(lower, alone.lower);
                upper = std::max(upper, alone.upper);
            }
        }
        for (const auto& one : values)
            panel.densities.push_back(estimateDensity(one, 256, reference.bandwidth, lower, upper).values);
        panel.lower = lower;
        panel.upper = upper;
        panels.panels.push_back(std::move(panel));
    }
    if (panels.panels.empty())
        return std::nullopt;
    Figure figure;
    figure.name = QStringLiteral("action-densities");
    figure.width = panels.panels.size() > 4 ? kPageMillimetres : kColumnMillimetres;
    const double units = figure.width * kFigureUnitsPerMillimetre;
    figure.height = heightOfDensityPanels(panels, units, theme) / kFigureUnitsPerMillimetre;
    figure.draw = [panels = std::move(panels)](QCPPainter& painter, QSize size) {
        drawDensityPanels(painter, QRectF(QPointF(), QSizeF(size)), panels, PlotTheme::print());
    };
    return figure;
}

std::vector<Figure> paperFigures(const StudioSession& session) {
    std::vector<Figure> figures;
    for (auto figure : {discrepancyFigure(session), peaksFigure(session), actionDensityFigure(session)})
        if (figure)
            figures.push_back(std::move(*figure));
    return figures;
}

}  // namespace sqil
