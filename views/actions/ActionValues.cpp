#include "views/actions/ActionValues.h"

#include <QCoreApplication>

namespace sqil {
namespace {

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

}  // namespace

std::vector<ActionBars::Dimension> actionDimensions(const PolicyCard& card, std::size_t width) {
    std::vector<ActionBars::Dimension> dimensions;
    for (std::size_t index = 0; index < width; ++index) {
        if (card.dimensions.size() == width)
            dimensions.push_back({QString::fromStdString(card.dimensions[index].name),
                                  QString::fromStdString(card.dimensions[index].unit)});
        else
            dimensions.push_back({QCoreApplication::translate("ActionValues", "action %1").arg(index),
                                  QCoreApplication::translate("ActionValues", "normalized")});
    }
    return dimensions;
}

ActionBars::Courses actionCourses(const EpisodeResults& results, const PolicyCard& card) {
    if (results.width == 0)
        return {};
    return {inUnits(results.action, card, results.width), inUnits(results.quantizedAction, card, results.width)};
}

}  // namespace sqil
