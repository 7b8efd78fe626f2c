#include "core/jobs/kinds/PerturbationParameters.h"

namespace sqil::kinds {

std::vector<JobParameter> perturbationParameters(const std::string& group, nlohmann::json standard) {
    std::vector<JobParameter> all;
    JobParameter perturbation = choiceParameter(
        "perturbation", "greydanus or patch-mean (images), state (state vectors), or one of each: greydanus,state", "",
        group, {"greydanus", "patch-mean", "state"});
    perturbation.isList = true;
    perturbation.standard = std::move(standard);
    all.push_back(perturbation);
    all.push_back(advanced(numberParameter(
        "stride", "greydanus: pixels between centres; 0: 5 at 80 px, scaled with the image", 0, group, "px", 0, {})));
    all.push_back(advanced(numberParameter("mask_sigma", "greydanus: σ of the mask in pixels; 0: 5 at 80 px, scaled", 0,
                                           group, "px", 0, {})));
    all.push_back(advanced(numberParameter("blur_sigma", "greydanus: σ of the blur in pixels; 0: 3 at 80 px, scaled", 0,
                                           group, "px", 0, {})));
    all.push_back(advanced(
        wholeParameter("patch", "patch-mean: side in pixels; 0: an eighth of the image", 0, group, "px", 0, 1 << 16)));
    all.push_back(advanced(choiceParameter("state_change", "state: mean, plus-std or minus-std", "mean", group,
                                           {"mean", "plus-std", "minus-std"})));
    return all;
}

Result<std::vector<PerturbationSpec>> perturbationsOf(const Values& values) {
    std::vector<PerturbationSpec> perturbations;
    for (const std::string& name : values.texts("perturbation")) {
        auto kind = parsePerturbationKind(name);
        if (!kind)
            return tl::unexpected(kind.error());
        auto change = parseStateChange(values.text("state_change"));
        if (!change)
            return tl::unexpected(change.error());
        perturbations.push_back({.kind = *kind,
                                 .stride = values.real("stride"),
                                 .maskSigma = values.real("mask_sigma"),
                                 .blurSigma = values.real("blur_sigma"),
                                 .patch = values.integer("patch"),
                                 .stateChange = *change});
    }
    return perturbations;
}

}  // namespace sqil::kinds
