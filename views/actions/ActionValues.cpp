#include "views/actions/ActionValues.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "views/session/StepProbe.h"
#include "views/session/StudioSession.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ActionValues)
};

std::vector<float> inUnits(const std::vector<float>& normalized, const PolicyCard& card, std::size_t width) {
    std::vector<float> values = normalized;
    if (card.dimensions.size() != width)
        return values;
    for (std::size_t index = 0; index < values.size(); ++index) {
        const ActionDimension& dimension = card.dimensions[index % width];
        values[index] = static_cast<float>(values[index] * dimension.scale + dimension.offset);
    }
    return values;
}

/// Deviations around the cursor as a course over the whole episode; empty where none are known.
std::vector<float> deviationCourse(const ActionSpread* spread, std::size_t steps, std::size_t width,
                                   const PolicyCard& card) {
    if (!spread || spread->dimensions != width || spread->deviation.empty())
        return {};
    std::vector<float> course(steps * width, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t index = 0; index < spread->deviation.size(); ++index) {
        const std::size_t at = static_cast<std::size_t>(spread->first) * width + index;
        const double scale = card.dimensions.size() == width ? card.dimensions[index % width].scale : 1;
        if (at < course.size())
            course[at] = static_cast<float>(spread->deviation[index] * std::abs(scale));
    }
    return course;
}

std::vector<float> rowOf(const std::vector<float>& actions, std::size_t width, qint64 step) {
    const std::size_t first = static_cast<std::size_t>(step) * width;
    if (width == 0 || first + width > actions.size())
        return {};
    return {actions.begin() + std::ptrdiff_t(first), actions.begin() + std::ptrdiff_t(first + width)};
}

}  // namespace

std::vector<ActionBars::Dimension> actionDimensions(const PolicyCard& card, std::size_t width) {
    std::vector<ActionBars::Dimension> dimensions;
    for (std::size_t index = 0; index < width; ++index) {
        if (card.dimensions.size() == width)
            dimensions.push_back({QString::fromStdString(card.dimensions[index].name),
                                  QString::fromStdString(card.dimensions[index].unit)});
        else
            dimensions.push_back({Words::tr("action %1").arg(index), Words::tr("normalized")});
    }
    return dimensions;
}

QStringList policyNames(const StudioSession& session) {
    QStringList names{Words::tr("Full precision")};
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared)
        names << (session.comparedCount() > 1 ? session.comparedName(compared) : Words::tr("Quantized"));
    return names;
}

std::vector<ActionBars::Course> actionCourses(const StudioSession& session, int episode) {
    const EpisodeResults& results = session.results().episode(episode);
    std::vector<ActionBars::Course> courses;
    if (results.width == 0)
        return courses;
    const PolicyCard& card = session.card();
    const QStringList names = policyNames(session);
    const std::size_t steps = results.sis.size();
    const bool ofCursor = episode == session.selection().episode();
    for (std::size_t policy = 0; policy <= session.comparedCount(); ++policy)
        courses.push_back(
            {names[qsizetype(policy)],
             inUnits(policy == 0 ? results.action : results.actionOf(policy - 1), card, results.width),
             deviationCourse(ofCursor ? session.probe().spread(policy) : nullptr, steps, results.width, card)});
    return courses;
}

bool isDistribution(const PolicyCard& card) {
    return card.head == ActionHead::Categorical || card.head == ActionHead::TokenLogits;
}

std::vector<DistributionBars::Panel> actionDistributions(const StudioSession& session, int episode, qint64 step) {
    const EpisodeResults& results = session.results().episode(episode);
    const PolicyCard& card = session.card();
    std::vector<DistributionBars::Panel> panels;
    if (results.width == 0)
        return panels;
    const bool tokens =
        card.head == ActionHead::TokenLogits && !card.dimensions.empty() && results.width % card.dimensions.size() == 0;
    const std::size_t count = tokens ? card.dimensions.size() : 1;
    const std::size_t bins = results.width / count;
    for (std::size_t panel = 0; panel < count; ++panel)
        panels.push_back({tokens ? QString::fromStdString(card.dimensions[panel].name) : Words::tr("action"), {}});
    for (std::size_t policy = 0; policy <= session.comparedCount(); ++policy) {
        const auto row = rowOf(policy == 0 ? results.action : results.actionOf(policy - 1), results.width, step);
        for (std::size_t panel = 0; panel < count; ++panel)
            panels[panel].policies.push_back(
                row.empty() ? std::vector<float>{}
                            : std::vector<float>(row.begin() + std::ptrdiff_t(panel * bins),
                                                 row.begin() + std::ptrdiff_t((panel + 1) * bins)));
    }
    return panels;
}

}  // namespace sqil
