#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"

namespace sqil {

/// Which simulator, and how it is run.
struct EnvironmentOptions {
    std::string name;              ///< "metaworld/drawer-open-v3", "gym/HalfCheetah-v5"
    int workers = 2;               ///< processes
    int slots = 0;                 ///< environments in each; 0: chosen by what is observed
    std::string settings;          ///< JSON object for the preset (camera, …); empty: its defaults
    std::filesystem::path python;  ///< empty: $SQIL_PYTHON, the program's own environment, python3
    double timeoutSeconds = 60;    ///< of one answer; a worker that takes longer hangs
};

/// What a simulator says of itself.
struct EnvironmentInfo {
    std::string name;
    std::vector<KeySpec> observations;
    std::int64_t actionDimensions = 0;            ///< 1 where actions are discrete: their index
    std::vector<float> low, high;                 ///< of actions, one a dimension
    std::optional<std::int64_t> discreteActions;  ///< how many there are to choose from
    std::int64_t maximumSteps = 0;                ///< the preset's limit of an episode
    bool reportsSuccess = false;
    std::string versionsJson;  ///< {"python": …, "mujoco": …, …}
};

/// What one environment did since it was asked.
struct SlotResult {
    int slot = 0;
    bool lost = false;  ///< its worker crashed or hung and was started again: the episode is to be repeated
    double reward = 0;
    bool terminated = false;
    bool truncated = false;
    std::optional<bool> success;  ///< so far, where the simulator says
};

/// Environments side by side, in several workers that answer at their own pace. One thread.
class VectorEnvironment {
public:
    virtual ~VectorEnvironment() = default;
    virtual const EnvironmentInfo& info() const = 0;
    virtual int slots() const = 0;
    virtual int batch() const = 0;  ///< slots that answer together: one worker's

    /// Asks a slot, that has answered everything before, for a new episode or a step. Actions have
    /// actionDimensions values. Slots of one worker go to work together, at the next wait().
    virtual void reset(int slot, std::uint64_t seed) = 0;
    virtual void step(int slot, std::span<const float> action) = 0;
    /// Blocks until a worker has answered: the results of all slots it was asked for. Error where a worker
    /// cannot be started again.
    virtual Result<std::vector<SlotResult>> wait() = 0;

    /// The last observation of a slot: the bytes of one step, in the order of info().observations.
    virtual std::span<const std::byte> observation(int slot, std::size_t key) const = 0;

    virtual const std::vector<std::string>& incidents() const = 0;  ///< crashes and hangs so far, in words
};

/// Opens the environments of a name: what a simulator plugin offers.
using EnvironmentOpener = std::function<Result<std::unique_ptr<VectorEnvironment>>(const EnvironmentOptions&)>;
void setEnvironmentOpener(EnvironmentOpener opener);
Result<std::unique_ptr<VectorEnvironment>> openEnvironment(const EnvironmentOptions& options);

}  // namespace sqil
