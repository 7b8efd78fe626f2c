#include "views/frames/MapGeometry.h"

#include <algorithm>

namespace sqil {
namespace {

const CardInput* inputOf(const PolicyCard& card, const std::string& name) {
    const auto found =
        std::find_if(card.inputs.begin(), card.inputs.end(), [&](const auto& input) { return input.name == name; });
    return found == card.inputs.end() ? nullptr : &*found;
}

const PerturbationSpec* imagePerturbation(const AnalysisSpec& spec) {
    const auto found = std::find_if(spec.perturbations.begin(), spec.perturbations.end(),
                                    [](const auto& entry) { return entry.kind != PerturbationKind::State; });
    return found == spec.perturbations.end() ? nullptr : &*found;
}

}  // namespace

PlaceMap cameraMap(const std::vector<PlaceScores>& scores, const std::string& camera, const PolicyCard& card,
                   const AnalysisSpec& spec, QSize pictureSize) {
    for (const PlaceScores& one : scores) {
        const CardInput* input = inputOf(card, one.input);
        if ((input ? input->key : one.input) != camera || one.rows < 1 || one.columns < 1 ||
            (input && input->kind == InputKind::State))
            continue;
        PlaceMap map;
        map.rows = static_cast<int>(one.rows);
        map.columns = static_cast<int>(one.columns);
        map.scores = one.scores;
        // Even cells, unless the perturbation says where the places are.
        map.strideX = 1.0 / map.columns;
        map.strideY = 1.0 / map.rows;
        map.firstX = map.strideX / 2;
        map.firstY = map.strideY / 2;
        const bool resized = input && input->resize && input->resize->size() == 2;
        const double height = resized ? double((*input->resize)[0]) : pictureSize.height();
        const double width = resized ? double((*input->resize)[1]) : pictureSize.width();
        const PerturbationSpec* perturbation = imagePerturbation(spec);
        if (!perturbation || width <= 0 || height <= 0)
            return map;
        const auto grid = placesOf(*perturbation, static_cast<std::int64_t>(height), static_cast<std::int64_t>(width));
        if (grid && grid->rows == one.rows && grid->columns == one.columns && grid->stride > 0) {
            map.strideX = grid->stride / width;
            map.strideY = grid->stride / height;
            map.firstX = (grid->firstCentre + 0.5) / width;
            map.firstY = (grid->firstCentre + 0.5) / height;
        }
        return map;
    }
    return {};
}

std::vector<StateScores> stateScores(const std::vector<PlaceScores>& scores, const PolicyCard& card) {
    std::vector<StateScores> result;
    for (const PlaceScores& one : scores) {
        const CardInput* input = inputOf(card, one.input);
        if (input && input->kind == InputKind::State)
            result.push_back({QString::fromStdString(input->key), one.scores});
    }
    return result;
}

}  // namespace sqil
