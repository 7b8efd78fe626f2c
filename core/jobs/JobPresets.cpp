#include "core/jobs/JobPresets.h"

namespace sqil {

using nlohmann::json;

std::span<const JobPreset> jobPresets() {
    static const std::vector<JobPreset> presets{
        {"quick-look", "Quick look", "Sixty steps: whether the loss falls and the gap closes at all. No result.",
         "train",
         json{{"recipe", "sqil"},
              {"steps", 60},
              {"batch", 32},
              {"evaluate_every", 20},
              {"checkpoint_every", 20},
              {"weights", 4},
              {"activations", 16}}},
        {"openvla", "OpenVLA, as in the paper",
         "Adapters of rank 32 on 4-bit weights, AdamW 2e-5, batch 16 (SQIL, ICCV 2025). The paper's adapters stand on "
         "AWQ or QuaRot; these on rounding to nearest. The number of steps is yours.",
         "train",
         json{{"recipe", "sqil"},
              {"weights", 4},
              {"activations", 16},
              {"granularity", "group"},
              {"group_size", 128},
              {"lora", 32},
              {"lora_alpha", 16.0},
              {"lora_dropout", 0.0},
              {"optimizer", "adamw"},
              {"learning_rate", 2e-5},
              {"batch", 16},
              {"beta", 2.0},
              {"top_percent", 20.0}}},
        {"cilrs-w4a4", "CILRS W4A4, as in the paper",
         "Weights and activations at 4 bits, Adam 2e-4, batch 64, L1 on actions (Roach's CILRS). The number of steps "
         "is "
         "yours.",
         "train",
         json{{"recipe", "sqil"},
              {"weights", 4},
              {"activations", 4},
              {"optimizer", "adam"},
              {"learning_rate", 2e-4},
              {"batch", 64},
              {"action_loss", "l1"},
              {"beta", 2.0},
              {"top_percent", 20.0}}},
        {"physics-control", "Physics control INT4",
         "Small networks on state vectors at 4 bits: large batches, no cameras. The paper gives the bit width; batch "
         "and "
         "learning rate are this program's.",
         "train",
         json{{"recipe", "sqil"},
              {"weights", 4},
              {"activations", 4},
              {"batch", 256},
              {"steps", 5000},
              {"beta", 2.0},
              {"top_percent", 20.0}}},
        {"openvla", "OpenVLA, as in the paper", "64 patches of 28 px, set to the image's mean.", "analyze",
         json{{"perturbation", {"patch-mean"}}}},
        {"physics-control", "Physics control", "One place for each dimension of the state.", "analyze",
         json{{"perturbation", {"state"}}}},
        {"quick-look", "Quick look", "Ten episodes: an interval as wide as a barn door. No result.", "evaluate",
         json{{"episodes", 10}}},
        {"quick-look", "Quick look", "One seed, 300 steps, ten episodes: whether the table comes together. No result.",
         "compare", json{{"seeds", 1}, {"steps", 300}, {"episodes", 10}}},
    };
    return presets;
}

Result<JobPreset> findPreset(std::string_view kind, std::string_view name) {
    std::string known;
    for (const JobPreset& preset : jobPresets()) {
        if (preset.kind != kind)
            continue;
        if (preset.name == name)
            return preset;
        known += (known.empty() ? "" : ", ") + preset.name;
    }
    return fail(ErrorKind::BadInput, "preset: \"" + std::string(name) + "\"; " + std::string(kind) +
                                         (known.empty() ? " has none" : " has " + known));
}

}  // namespace sqil
