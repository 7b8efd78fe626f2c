#pragma once
#include <QString>
#include <vector>

#include "core/analysis/Analysis.h"

namespace sqil {

/// A perturbation that the Analysis menu offers.
struct PerturbationChoice {
    const char* name;
    QString text;
    std::vector<PerturbationSpec> spec;
};

std::vector<PerturbationChoice> perturbationChoices();
bool hasPerturbations(const AnalysisSpec& spec, const std::vector<PerturbationSpec>& perturbations);

}  // namespace sqil
