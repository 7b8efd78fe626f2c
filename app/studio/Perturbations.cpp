#include "app/studio/Perturbations.h"

#include <QCoreApplication>

namespace sqil {
namespace {
QString text(const char* source) {
    return QCoreApplication::translate("Perturbations", source);
}
}  // namespace

std::vector<PerturbationChoice> perturbationChoices() {
    const PerturbationSpec greydanus{PerturbationKind::Greydanus}, patch{PerturbationKind::PatchMean},
        state{PerturbationKind::State};
    return {{"greydanus", text(QT_TRANSLATE_NOOP("Perturbations", "Local blur (Greydanus)")), {greydanus}},
            {"patch-mean", text(QT_TRANSLATE_NOOP("Perturbations", "Patches set to the mean")), {patch}},
            {"state", text(QT_TRANSLATE_NOOP("Perturbations", "State dimensions set to the mean")), {state}},
            {"greydanus-state",
             text(QT_TRANSLATE_NOOP("Perturbations", "Local blur and state dimensions")),
             {greydanus, state}}};
}

bool hasPerturbations(const AnalysisSpec& spec, const std::vector<PerturbationSpec>& perturbations) {
    AnalysisSpec other = spec;
    other.perturbations = perturbations;
    return toJson(spec) == toJson(other);
}

}  // namespace sqil
