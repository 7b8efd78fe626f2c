#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// Element types that recorded rollouts use.
enum class ValueType { UInt8, Int32, Int64, Float32, Float64, Bool };

std::size_t sizeOf(ValueType type);
std::string_view nameOf(ValueType type);  ///< NumPy's name: "uint8", "float32", …

/// What is recorded at every step under one name.
struct KeySpec {
    std::string name;  ///< "agentview_image": without the "obs/" of the file
    ValueType type = ValueType::Float32;
    std::vector<std::int64_t> shape;  ///< of one step: {96, 96, 3}, {7}, {} for a scalar

    /// Stored height×width×channel bytes, 1, 3 or 4 channels: a camera.
    bool isImage() const;
    std::int64_t elements() const;  ///< of one step
};

struct EpisodeInfo {
    std::string name;                               ///< "demo_0"
    std::int64_t steps = 0;                         ///< may be zero: such an episode is listed, never read
    std::optional<bool> success;                    ///< where the file says so
    std::optional<double> totalReward;              ///< sum of "rewards" where the reader has it at no cost
    std::map<std::string, std::string> attributes;  ///< everything else the file says, as text
};

/// Everything about a data set that is known without reading its steps.
struct RolloutsInfo {
    std::filesystem::path path;
    std::string format;                 ///< "robomimic HDF5", "D4RL HDF5", …
    std::vector<EpisodeInfo> episodes;  ///< in natural order: demo_2 before demo_10
    std::vector<KeySpec> observations;  ///< of one step; the same in every episode
    std::optional<KeySpec> action;      ///< none: the file records no actions
    std::map<std::string, std::string> attributes;

    std::int64_t totalSteps() const;
    const KeySpec* observation(std::string_view key) const;  ///< null where there is none
    std::optional<std::size_t> episodeIndex(std::string_view name) const;
};

/// A dense row-major block of consecutive steps: first axis is the step.
struct StepBlock {
    ValueType type = ValueType::Float32;
    std::vector<std::int64_t> shape;  ///< {steps, …KeySpec::shape}
    std::vector<std::byte> bytes;

    template<class T>
    std::span<const T> as() const {
        return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
    }
};

/// One file format. Implementations live in plugins/ and are called by one thread at a time
/// (Rollouts sees to it). Errors name the file, the data set in it, and what was expected.
/// What the file says about an episode but does not keep (a step count, an image size that
/// differs) is its attribute "problem", in words; reading the key concerned is an Error.
class RolloutReader {
public:
    virtual ~RolloutReader() = default;
    virtual const RolloutsInfo& info() const = 0;
    /// Steps [first, first + count) of an observation key, or of "actions", "rewards", "dones".
    virtual Result<StepBlock> read(std::size_t episode, std::string_view key, std::int64_t first,
                                   std::int64_t count) = 0;
};

/// Recorded rollouts, read lazily in chunks of about 1 MiB (at least one step) through a bounded least-recently-used
/// cache. All methods may be called from any thread.
class Rollouts {
public:
    /// Opens the file with the first registered format that recognizes it.
    static Result<std::shared_ptr<Rollouts>> open(const std::filesystem::path& path);

    explicit Rollouts(std::unique_ptr<RolloutReader> reader, std::size_t cacheBytes = std::size_t{256} << 20);
    ~Rollouts();

    const RolloutsInfo& info() const;

    /// One step of one key (shape {1, …}); served from the cache where it was read before.
    Result<StepBlock> step(std::size_t episode, std::string_view key, std::int64_t step);
    /// A range of steps, concatenated from cached chunks; at most 4 GiB.
    Result<StepBlock> range(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count);

    std::size_t cachedBytes() const;  ///< never more than the bound given to the constructor

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sqil
