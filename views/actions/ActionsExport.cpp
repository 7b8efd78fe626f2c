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

}  // namespace

std::optional<Figure> actionsFigure(const StudioSession& session) {
    const EpisodeResults& results = session.results().episode(session.selection().episode());
    if (results.width == 0)
        return std::nullopt;
    Figure figure;
    figure.name = QStringLiteral("actions");
    figure.width = kColumnMillimetres;
    figure.height = 6 + 20.0 * double(results.width);
    figure.draw = [dimensions = actionDimensions(session.card(), results.width),
                   courses = actionCourses(results, session.card()),
                   step = session.selection().step()](QCPPainter& painter, QSize size) {
        ActionBars bars;
        bars.setNames(ActionsView::tr("Full precision"), ActionsView::tr("Quantized"));
        bars.setDimensions(dimensions);
        bars.setCourses(courses);
        bars.setStep(step);
        bars.draw(painter, QRectF(QPointF(), QSizeF(size)), PlotTheme::print());
    };
    return figure;
}

std::optional<DataTable> actionsTable(const StudioSession& session) {
    const EpisodeResults& results = session.results().episode(session.selection().episode());
    if (results.width == 0)
        return std::nullopt;
    const auto dimensions = actionDimensions(session.card(), results.width);
    const ActionBars::Courses courses = actionCourses(results, session.card());
    std::vector<qint64> step(std::size_t(session.selection().steps()));
    for (std::size_t index = 0; index < step.size(); ++index)
        step[index] = static_cast<qint64>(index);
    DataTable table{QStringLiteral("actions"), {{QStringLiteral("step"), std::move(step)}}};
    const auto add = [&](const std::vector<float>& course, const QString& policy) {
        for (std::size_t index = 0; !course.empty() && index < dimensions.size(); ++index) {
            const auto& [name, unit] = dimensions[index];
            table.columns.push_back({unit.isEmpty() ? QStringLiteral("%1, %2").arg(name, policy)
                                                    : QStringLiteral("%1 (%2), %3").arg(name, unit, policy),
                                     dimensionOf(course, index, results.width)});
        }
    };
    add(courses.first, session.policyName());
    add(courses.second, session.quantizedName());
    return table;
}

}  // namespace sqil
