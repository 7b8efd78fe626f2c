#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/analysis/Analysis.h"

namespace sqil {
namespace {

constexpr std::pair<StateChange, std::string_view> kStateChanges[] = {
    {StateChange::Mean, "mean"}, {StateChange::PlusStd, "plus-std"}, {StateChange::MinusStd, "minus-std"}};

}  // namespace

std::string_view nameOf(StateChange change) {
    for (const auto& [value, name] : kStateChanges)
        if (value == change)
            return name;
    return {};
}

Result<StateChange> parseStateChange(std::string_view wanted) {
    for (const auto& [value, name] : kStateChanges)
        if (name == wanted)
            return value;
    return fail(ErrorKind::BadInput,
                "state change: \"" + std::string(wanted) + "\" is not known; expected mean, plus-std or minus-std");
}

std::string toJson(const AnalysisSpec& spec) {
    nlohmann::json json{{"top_percent", spec.topPercent}, {"perturbations", nlohmann::json::array()}};
    for (const auto& entry : spec.perturbations) {
        nlohmann::json perturbation{{"kind", nameOf(entry.kind)}};
        switch (entry.kind) {
            case PerturbationKind::Greydanus:
                perturbation.update(
                    {{"stride", entry.stride}, {"mask_sigma", entry.maskSigma}, {"blur_sigma", entry.blurSigma}});
                break;
            case PerturbationKind::PatchMean:
                perturbation["patch"] = entry.patch;
                break;
            case PerturbationKind::State:
                perturbation["state_change"] = nameOf(entry.stateChange);
                break;
        }
        json["perturbations"].push_back(std::move(perturbation));
    }
    return json.dump();
}

Result<AnalysisSpec> parseAnalysisSpec(std::string_view text) {
    AnalysisSpec spec;
    try {
        const auto json = nlohmann::json::parse(text);
        spec.topPercent = json.value("top_percent", spec.topPercent);
        spec.perturbations.clear();
        for (const auto& entry : json.at("perturbations")) {
            PerturbationSpec perturbation;
            const auto kind = parsePerturbationKind(entry.at("kind").get<std::string>());
            if (!kind)
                return tl::unexpected(kind.error());
            perturbation.kind = *kind;
            perturbation.stride = entry.value("stride", 0.0);
            perturbation.maskSigma = entry.value("mask_sigma", 0.0);
            perturbation.blurSigma = entry.value("blur_sigma", 0.0);
            perturbation.patch = entry.value("patch", 0);
            const auto change = parseStateChange(entry.value("state_change", std::string("mean")));
            if (!change)
                return tl::unexpected(change.error());
            perturbation.stateChange = *change;
            spec.perturbations.push_back(perturbation);
        }
    } catch (const nlohmann::json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("analysis settings: ") + problem.what());
    }
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    return spec;
}

Result<void> check(const AnalysisSpec& spec) {
    if (!(spec.topPercent > 0 && spec.topPercent < 100))
        return fail(ErrorKind::BadInput, "critical states: top " + std::to_string(spec.topPercent) +
                                             " %; expected more than 0 and less than 100");
    const auto images = std::count_if(spec.perturbations.begin(), spec.perturbations.end(),
                                      [](const auto& entry) { return entry.kind != PerturbationKind::State; });
    if (spec.perturbations.empty() || images > 1 || static_cast<std::size_t>(images) + 1 < spec.perturbations.size())
        return fail(
            ErrorKind::BadInput,
            "perturbations: expected greydanus or patch-mean for images, state for state vectors, or one of each");
    return {};
}

}  // namespace sqil
