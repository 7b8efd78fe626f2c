#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/Perturbation.h"
#include "core/jobs/kinds/Common.h"

namespace sqil::kinds {

/// perturbation, stride, mask_sigma, blur_sigma, patch, state_change: how saliency, and so SIS, is computed.
/// `standard`: names of perturbations, an array.
std::vector<JobParameter> perturbationParameters(const std::string& group, nlohmann::json standard);
/// Of these parameters; empty where no perturbation is named.
Result<std::vector<PerturbationSpec>> perturbationsOf(const Values& values);

}  // namespace sqil::kinds
