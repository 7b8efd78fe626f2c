#include "core/train/FinishedTraining.h"

#include "core/policy/PolicyFile.h"
#include "core/train/TrainFile.h"

namespace sqil {

using nlohmann::json;

std::optional<json> finishedTraining(const std::filesystem::path& policy, const TrainSpec& spec) {
    std::error_code ignored;
    if (!std::filesystem::exists(policy, ignored) || std::filesystem::exists(checkpointPath(policy), ignored))
        return std::nullopt;
    const auto file = readPolicyFile(policy);
    if (!file || !file->extraFiles.contains(kTrainingFile))
        return std::nullopt;
    const json training = json::parse(file->extraFiles.at(kTrainingFile), nullptr, /*allow_exceptions=*/false);
    if (!training.is_object() || training.value("spec", json()) != json::parse(toJson(spec)))
        return std::nullopt;
    json summary{{"steps", training.value("steps_done", json())}};
    for (const char* name : {"best_step", "held_out_gap", "exported_gap"})
        summary[name] = training.value(name, json());
    return summary;
}

}  // namespace sqil
