#include "views/actions/ActionsExport.h"

#include <qcustomplot.h>

#include "views/actions/ActionValues.h"
#include "views/actions/ActionsView.h"

namespace sqil {
namespace {

std::vector<float> dimensionOf(const std::vector<float>& course, std::size_t dimension, std::size_t width) {
    std::vector<float> values;
    for (std::size_t index = dimension; index < course.size(); index += width)
        values.push_back(course[index]);
    return values;
}

Figure distributionFigure(const StudioSession& session) {
    const Selection& selection = session.selection();
    Figure figure;
    figure.name = QStringLiteral("actions");
    figure.width = kColumnMillimetres;
    auto panels = actionDistributions(session, selection.episode(), selection.step());
    figure.height = 8 + 17.0 * double(panels.size());
    figure.draw = [names = policyNames(session), panels = std::move(panels)](QCPPainter& painter, QSize size) {
        DistributionBars bars;
        bars.setNames(names);
        bars.setPanels(panels);
        bars.draw(painter, QRectF(QPointF(), QSizeF(size)), PlotTheme::print());
    };
    return figure;
}

}  // namespace

std::optional<Figure> actionsFigure(const StudioSession& session) {
    const int episode = session.selection().episode();
    const EpisodeResults& results = session.results().episode(episode);
    if (results.width == 0)
        return std::nullopt;
    if (isDistribution(session.card()))
        return distributionFigure(session);
    Figure figure;
    figure.name = QStringLiteral("actions");
    figure.width = kColumnMillimetres;
    figure.height = 6 + (16.0 + 4.0 * double(session.comparedCount())) * double(results.width);
    figure.draw = [dimensions = actionDimensions(session.card(), results.width),
                   courses = actionCourses(session, episode),
                   step = session.selection().step()](QCPPainter& painter, QSize size) {
        ActionBars bars;
        bars.setDimensions(dimensions);
        bars.setCourses(courses);
        bars.setStep(step);
        bars.draw(painter, QRectF(QPointF(), QSizeF(size)), PlotTheme::print());
    };
    return figure;
}

std::optional<DataTable> actionsTable(const StudioSession& session) {
    const int episode = session.selection().episode();
    const EpisodeResults& results = session.results().episode(episode);
    if (results.width == 0)
        return std::nullopt;
    const auto dimensions = actionDimensions(session.card(), results.width);
    std::vector<qint64> step(std::size_t(session.selection().steps()));
    for (std::size_t index = 0; index < step.size(); ++index)
        step[index] = static_cast<qint64>(index);
    DataTable table{QStringLiteral("actions"), {{QStringLiteral("step"), std::move(step)}}};
    const auto courses = actionCourses(session, episode);
    for (std::size_t policy = 0; policy < courses.size(); ++policy) {
        const QString who = policy == 0 ? session.policyName() : session.comparedName(policy - 1);
        for (std::size_t index = 0; !courses[policy].values.empty() && index < dimensions.size(); ++index) {
            const auto& [name, unit] = dimensions[index];
            table.columns.push_back({unit.isEmpty() ? QStringLiteral("%1, %2").arg(name, who)
                                                    : QStringLiteral("%1 (%2), %3").arg(name, unit, who),
                                     dimensionOf(courses[policy].values, index, results.width)});
        }
    }
    return table;
}

}  // namespace sqil
