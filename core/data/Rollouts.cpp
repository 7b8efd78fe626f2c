#include "core/data/Rollouts.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <mutex>
#include <utility>

#include "core/data/ChunkCache.h"
#include "core/data/RolloutFormats.h"

namespace sqil {
namespace {

constexpr std::int64_t kChunkBytes = std::int64_t{1} << 20;
constexpr std::int64_t kLargestRange = std::int64_t{4} << 30;

std::string readableFormats() {
    std::string names;
    for (const RolloutFormat& format : rolloutFormats())
        names += (names.empty() ? "" : ", ") + format.name;
    return names.empty() ? "none (no format is registered)" : names;
}

std::string keysOf(const RolloutsInfo& info) {
    std::string names;
    for (const KeySpec& spec : info.observations)
        names += spec.name + ", ";
    return names + "actions, rewards, dones";
}

/// A reader is a plugin: what it returns is checked once, here.
Result<StepBlock> checked(StepBlock block, std::int64_t count, const std::string& place) {
    std::int64_t elements = 1;
    for (const std::int64_t size : block.shape)
        if (size < 0 || __builtin_mul_overflow(elements, size, &elements))
            elements = -1;
    if (block.shape.empty() || block.shape.front() != count || elements < 0 ||
        block.bytes.size() / sizeOf(block.type) != static_cast<std::size_t>(elements) ||
        block.bytes.size() % sizeOf(block.type) != 0)
        return fail(ErrorKind::BadInput, place + ": the reader gave another number of values than were asked for");
    return block;
}

}  // namespace

std::size_t sizeOf(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            return 1;
        case ValueType::Int32:
        case ValueType::Float32:
            return 4;
        case ValueType::Int64:
        case ValueType::Float64:
            return 8;
    }
    return 1;
}

std::string_view nameOf(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
            return "uint8";
        case ValueType::Int32:
            return "int32";
        case ValueType::Int64:
            return "int64";
        case ValueType::Float32:
            return "float32";
        case ValueType::Float64:
            return "float64";
        case ValueType::Bool:
            return "bool";
    }
    return "?";
}

bool KeySpec::isImage() const {
    return type == ValueType::UInt8 && shape.size() == 3 && shape[0] > 1 && shape[1] > 1 &&
           (shape[2] == 1 || shape[2] == 3 || shape[2] == 4);
}

std::int64_t KeySpec::elements() const {
    std::int64_t product = 1;
    for (const std::int64_t size : shape)
        product *= size;
    return product;
}

std::int64_t RolloutsInfo::totalSteps() const {
    std::int64_t total = 0;
    for (const EpisodeInfo& episode : episodes)
        total += episode.steps;
    return total;
}

const KeySpec* RolloutsInfo::observation(std::string_view key) const {
    const auto found =
        std::find_if(observations.begin(), observations.end(), [&](const KeySpec& spec) { return spec.name == key; });
    return found == observations.end() ? nullptr : &*found;
}

std::optional<std::size_t> RolloutsInfo::episodeIndex(std::string_view name) const {
    const auto found = std::find_if(episodes.begin(), episodes.end(),
                                    [&](const EpisodeInfo& episode) { return episode.name == name; });
    if (found == episodes.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - episodes.begin());
}

struct Rollouts::State {
    State(std::unique_ptr<RolloutReader> opened, std::size_t cacheBytes)
        : reader(std::move(opened)), cache(cacheBytes) {}

    /// Bytes of one step as listed; 8 for what has no listed shape (rewards, dones).
    std::int64_t stepBytes(std::string_view key) const {
        const RolloutsInfo& info = reader->info();
        const KeySpec* spec = info.observation(key);
        if (spec == nullptr && key == "actions" && info.action)
            spec = &*info.action;
        return spec == nullptr
                   ? 8
                   : std::max<std::int64_t>(1, spec->elements() * static_cast<std::int64_t>(sizeOf(spec->type)));
    }

    Result<void> check(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) const {
        const RolloutsInfo& info = reader->info();
        const std::string file = info.path.string();
        if (episode >= info.episodes.size())
            return fail(ErrorKind::NotFound, file + ": episode number " + std::to_string(episode) +
                                                 " was asked for, there are " + std::to_string(info.episodes.size()));
        const EpisodeInfo& known = info.episodes[episode];
        const bool isReserved = key == "actions" || key == "rewards" || key == "dones";
        if (!isReserved && info.observation(key) == nullptr)
            return fail(ErrorKind::NotFound,
                        file + ": no observation is named \"" + std::string(key) + "\"; there are " + keysOf(info));
        if (first < 0 || count < 0 || first > known.steps || count > known.steps - first)
            return fail(ErrorKind::NotFound, file + ": " + known.name + " has " + std::to_string(known.steps) +
                                                 " steps, " + std::to_string(count) + " from step " +
                                                 std::to_string(first) + " on were asked for");
        return {};
    }

    Result<ChunkCache::Block> chunk(std::size_t episode, const std::string& key, std::int64_t number,
                                    std::int64_t chunkSteps) {
        return cache.get({episode, key, number}, [&]() -> Result<StepBlock> {
            const EpisodeInfo& known = reader->info().episodes[episode];
            const std::int64_t first = number * chunkSteps;
            const std::int64_t count = std::min(chunkSteps, known.steps - first);
            const std::lock_guard lock(readerMutex);
            return reader->read(episode, key, first, count).and_then([&](StepBlock block) {
                return checked(std::move(block), count, reader->info().path.string() + ": " + known.name + "/" + key);
            });
        });
    }

    std::unique_ptr<RolloutReader> reader;
    std::mutex readerMutex;
    ChunkCache cache;
};

Result<std::shared_ptr<Rollouts>> Rollouts::open(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return fail(ErrorKind::NotFound,
                    path.string() + ": there is no such file" + (error ? " (" + error.message() + ")" : std::string()));
    for (const RolloutFormat& format : rolloutFormats()) {
        if (format.recognizes(path))
            return format.open(path).map(
                [](std::unique_ptr<RolloutReader> reader) { return std::make_shared<Rollouts>(std::move(reader)); });
    }
    std::string why;
    for (const RolloutFormat& format : rolloutFormats()) {
        if (!format.explain)
            continue;
        if (const std::string reason = format.explain(path); !reason.empty() && why.find(reason) == std::string::npos)
            why += "\n  " + format.name + ": " + reason;
    }
    return fail(ErrorKind::BadInput,
                path.string() + ": is in no rollout format that can be read (" + readableFormats() + ")" + why);
}

Rollouts::Rollouts(std::unique_ptr<RolloutReader> reader, std::size_t cacheBytes)
    : state_(std::make_unique<State>(std::move(reader), cacheBytes)) {}

Rollouts::~Rollouts() = default;

const RolloutsInfo& Rollouts::info() const {
    return state_->reader->info();
}

Result<StepBlock> Rollouts::step(std::size_t episode, std::string_view key, std::int64_t step) {
    return range(episode, key, step, 1);
}

Result<StepBlock> Rollouts::range(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) {
    if (auto valid = state_->check(episode, key, first, count); !valid)
        return tl::unexpected(valid.error());
    const std::string name(key);
    if (count == 0) {
        const std::lock_guard lock(state_->readerMutex);
        return state_->reader->read(episode, name, first, 0);
    }
    const std::int64_t chunkSteps = std::max<std::int64_t>(1, kChunkBytes / state_->stepBytes(key));
    StepBlock result;
    for (std::int64_t done = 0; done < count;) {
        const std::int64_t number = (first + done) / chunkSteps;
        auto chunk = state_->chunk(episode, name, number, chunkSteps);
        if (!chunk)
            return tl::unexpected(chunk.error());
        const StepBlock& block = **chunk;
        const std::int64_t offset = first + done - number * chunkSteps;
        const std::int64_t taken = std::min(block.shape.front() - offset, count - done);
        const std::size_t stepBytes = block.bytes.size() / static_cast<std::size_t>(block.shape.front());
        if (done == 0) {
            if (count > kLargestRange / static_cast<std::int64_t>(std::max<std::size_t>(1, stepBytes)))
                return fail(ErrorKind::Unsupported, info().path.string() + ": " + std::to_string(count) + " steps of " +
                                                        name + " are more than 4 GiB; ask for fewer at a time");
            result.type = block.type;
            result.shape = block.shape;
            result.shape.front() = count;
            try {
                result.bytes.resize(stepBytes * static_cast<std::size_t>(count));
            } catch (const std::exception&) {
                return fail(ErrorKind::Io, info().path.string() + ": not enough memory for " + std::to_string(count) +
                                               " steps of " + name + "; ask for fewer at a time");
            }
        }
        if (stepBytes != 0)
            std::memcpy(result.bytes.data() + stepBytes * static_cast<std::size_t>(done),
                        block.bytes.data() + stepBytes * static_cast<std::size_t>(offset),
                        stepBytes * static_cast<std::size_t>(taken));
        done += taken;
    }
    return result;
}

std::size_t Rollouts::cachedBytes() const {
    return state_->cache.bytes();
}

}  // namespace sqil
