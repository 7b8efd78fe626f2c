#pragma once
#include <filesystem>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/train/TrainSpec.h"

namespace sqil {

/// What a trained policy's archive says of its training ({"steps", "best_step", "held_out_gap", "exported_gap"}), where
/// it is the whole result of this very spec and no checkpoint is left beside it. None: it is to be trained.
std::optional<nlohmann::json> finishedTraining(const std::filesystem::path& policy, const TrainSpec& spec);

}  // namespace sqil
