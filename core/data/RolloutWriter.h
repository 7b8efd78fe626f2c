#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/Rollouts.h"

namespace sqil {

/// One finished episode, ready to be written. Every block has the same number of steps.
struct EpisodeRecord {
    std::map<std::string, StepBlock> observations;
    StepBlock actions;
    std::vector<float> rewards;       ///< empty, or one a step
    std::vector<std::uint8_t> dones;  ///< empty, or one a step
    std::optional<bool> success;
    std::map<std::string, std::string> attributes;  ///< "seed", "policy", …
};

/// Writes the robomimic layout (data/demo_N/obs/…): everything this program makes opens in
/// h5py and robomimic. The file appears under its name only when finish() has succeeded.
class RolloutWriter {
public:
    static Result<std::unique_ptr<RolloutWriter>> create(const std::filesystem::path& path,
                                                         const std::string& environmentJson);
    ~RolloutWriter();  ///< without finish(): nothing is left behind
    Result<void> append(const EpisodeRecord& episode);
    Result<void> finish();

private:
    struct State;
    explicit RolloutWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sqil
