#include "core/data/RolloutWriter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "core/data/Hdf5.h"

namespace sqil {
namespace {

using hdf5::Handle;
using hdf5::Lock;

constexpr std::int64_t kImageChunkBytes = 128 << 10;
constexpr unsigned kCompression = 4;

/// NumPy's bool as h5py stores it.
Handle booleanType() {
    Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
    signed char value = 0;
    H5Tenum_insert(type.get(), "FALSE", &value);
    value = 1;
    H5Tenum_insert(type.get(), "TRUE", &value);
    return type;
}

Handle fileType(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
            return {H5Tcopy(H5T_STD_U8LE), H5Tclose};
        case ValueType::Int32:
            return {H5Tcopy(H5T_STD_I32LE), H5Tclose};
        case ValueType::Int64:
            return {H5Tcopy(H5T_STD_I64LE), H5Tclose};
        case ValueType::Float32:
            return {H5Tcopy(H5T_IEEE_F32LE), H5Tclose};
        case ValueType::Float64:
            return {H5Tcopy(H5T_IEEE_F64LE), H5Tclose};
        case ValueType::Bool:
            return booleanType();
    }
    return {};
}

/// The type of the bytes in memory: as in the file, in this machine's byte order.
Handle memoryType(ValueType type) {
    if (type == ValueType::Bool)
        return booleanType();
    const Handle file = fileType(type);
    return {H5Tget_native_type(file.get(), H5T_DIR_ASCEND), H5Tclose};
}

bool writeText(hid_t object, const std::string& name, const std::string& text) {
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    const char* pointer = text.c_str();
    return attribute && H5Awrite(attribute.get(), type.get(), &pointer) >= 0;
}

bool writeNumber(hid_t object, const std::string& name, std::int64_t number) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(object, name.c_str(), H5T_STD_I64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    return attribute && H5Awrite(attribute.get(), H5T_NATIVE_INT64, &number) >= 0;
}

Handle createGroup(hid_t parent, const std::string& name) {
    return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose};
}

/// Pictures compress well and are read a step at a time: a few steps a chunk. Everything else lies
/// in one piece.
Handle creationProperties(const KeySpec& spec, std::int64_t steps) {
    Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    // Without the time of writing the same recording is the same file, and the same data set to a training run.
    H5Pset_obj_track_times(creation.get(), false);
    if (!spec.isImage() || steps == 0)
        return creation;
    std::vector<hsize_t> chunk{
        static_cast<hsize_t>(std::clamp<std::int64_t>(kImageChunkBytes / spec.elements(), 1, steps))};
    chunk.insert(chunk.end(), spec.shape.begin(), spec.shape.end());
    H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(creation.get());
    H5Pset_deflate(creation.get(), kCompression);
    return creation;
}

bool writeBlock(hid_t parent, const std::string& name, const StepBlock& block) {
    const KeySpec spec{name, block.type, {block.shape.begin() + 1, block.shape.end()}};
    const std::vector<hsize_t> sizes(block.shape.begin(), block.shape.end());
    const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose);
    const Handle creation = creationProperties(spec, block.shape.front());
    const Handle stored = fileType(block.type), native = memoryType(block.type);
    const Handle dataset(
        H5Dcreate2(parent, name.c_str(), stored.get(), space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Dclose);
    if (!dataset)
        return false;
    return block.bytes.empty() ||
           H5Dwrite(dataset.get(), native.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, block.bytes.data()) >= 0;
}

template<class Value>
StepBlock vectorBlock(ValueType type, const std::vector<Value>& values) {
    StepBlock block{type, {static_cast<std::int64_t>(values.size())}, {}};
    const auto* bytes = reinterpret_cast<const std::byte*>(values.data());
    block.bytes.assign(bytes, bytes + values.size() * sizeof(Value));
    return block;
}

std::string shapeText(const KeySpec& spec) {
    std::string text(nameOf(spec.type));
    for (const std::int64_t size : spec.shape)
        text += " × " + std::to_string(size);
    return text;
}

bool isName(const std::string& name) {
    return !name.empty() && name != "." && name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
}

}  // namespace

struct RolloutWriter::State {
    explicit State(std::filesystem::path path) : pending(std::move(path)) {}
    ~State() {
        data.reset();
        file.reset();
    }

    std::string place() const { return pending.target().string() + ": demo_" + std::to_string(episodes); }

    Result<void> checkBlock(const std::string& name, const StepBlock& block, std::int64_t steps);
    Result<void> check(const EpisodeRecord& episode);
    bool write(const EpisodeRecord& episode);

    PendingFile pending;  // before the handles: closed first, removed after
    Handle file;
    Handle data;
    std::int64_t episodes = 0;
    std::int64_t totalSteps = 0;
    std::map<std::string, KeySpec> specs;  ///< of the first episode: all others are alike
    bool broken = false;
    bool finished = false;
};

Result<void> RolloutWriter::State::checkBlock(const std::string& name, const StepBlock& block, std::int64_t steps) {
    const std::string where = place() + "/" + name;
    std::int64_t bytes = static_cast<std::int64_t>(sizeOf(block.type));
    for (const std::int64_t size : block.shape)
        if (size < 0 || __builtin_mul_overflow(bytes, size, &bytes))
            return fail(ErrorKind::BadInput, where + ": the shape is too large, or negative");
    if (block.shape.empty() || block.shape.size() > H5S_MAX_RANK ||
        block.bytes.size() != static_cast<std::size_t>(bytes))
        return fail(ErrorKind::BadInput, where + ": " + std::to_string(block.bytes.size()) +
                                             " bytes were given, the shape needs " + std::to_string(bytes));
    if (block.shape.front() != steps)
        return fail(ErrorKind::BadInput, where + ": has " + std::to_string(block.shape.front()) +
                                             " steps, the actions have " + std::to_string(steps));
    const KeySpec spec{name, block.type, {block.shape.begin() + 1, block.shape.end()}};
    if (const auto known = specs.find(name); known == specs.end()) {
        if (episodes > 0)
            return fail(ErrorKind::BadInput, where + ": is not in the episodes before");
    } else if (known->second.type != spec.type || known->second.shape != spec.shape) {
        return fail(ErrorKind::BadInput, where + ": one step is " + shapeText(spec) +
                                             ", in the episodes before it was " + shapeText(known->second));
    }
    return {};
}

Result<void> RolloutWriter::State::check(const EpisodeRecord& episode) {
    if (episode.actions.shape.empty())
        return fail(ErrorKind::BadInput, place() + ": has no actions");
    const std::int64_t steps = episode.actions.shape.front();
    if (auto valid = checkBlock("actions", episode.actions, steps); !valid)
        return valid;
    for (const auto& [name, block] : episode.observations) {
        if (!isName(name))
            return fail(ErrorKind::BadInput, place() + ": \"" + name + "\" cannot name an observation");
        if (auto valid = checkBlock("obs/" + name, block, steps); !valid)
            return valid;
    }
    if (episodes > 0 && episode.observations.size() + 1 != specs.size())
        for (const auto& [name, spec] : specs)
            if (name != "actions" && !episode.observations.contains(name.substr(4)))
                return fail(ErrorKind::BadInput, place() + "/" + name + ": is missing, the episodes before have it");
    const auto count = static_cast<std::size_t>(steps);
    if ((!episode.rewards.empty() && episode.rewards.size() != count) ||
        (!episode.dones.empty() && episode.dones.size() != count))
        return fail(ErrorKind::BadInput, place() + ": " + std::to_string(episode.rewards.size()) + " rewards and " +
                                             std::to_string(episode.dones.size()) + " dones for " +
                                             std::to_string(count) + " steps");
    for (const auto& [name, text] : episode.attributes)
        if (!isName(name) || name == "num_samples" || name == "success")
            return fail(ErrorKind::BadInput, place() + ": \"" + name + "\" cannot name an attribute of an episode");
    return {};
}

bool RolloutWriter::State::write(const EpisodeRecord& episode) {
    const Handle group = createGroup(data.get(), "demo_" + std::to_string(episodes));
    const Handle observations = group ? createGroup(group.get(), "obs") : Handle();
    if (!observations)
        return false;
    bool written = writeBlock(group.get(), "actions", episode.actions);
    for (const auto& [name, block] : episode.observations)
        written = written && writeBlock(observations.get(), name, block);
    const bool isEmpty = episode.actions.shape.front() == 0;
    if (!episode.rewards.empty() || isEmpty)
        written = written && writeBlock(group.get(), "rewards", vectorBlock(ValueType::Float32, episode.rewards));
    if (!episode.dones.empty() || isEmpty)
        written = written && writeBlock(group.get(), "dones", vectorBlock(ValueType::UInt8, episode.dones));
    written = written && writeNumber(group.get(), "num_samples", episode.actions.shape.front());
    if (episode.success)
        written = written && writeNumber(group.get(), "success", *episode.success ? 1 : 0);
    for (const auto& [name, text] : episode.attributes)
        written = written && writeText(group.get(), name, text);
    return written;
}

Result<std::unique_ptr<RolloutWriter>> RolloutWriter::create(const std::filesystem::path& path,
                                                             const std::string& environmentJson) {
    if (!environmentJson.empty() && !nlohmann::json::accept(environmentJson))
        return fail(ErrorKind::BadInput, path.string() + ": the description of the environment is no JSON");
    auto state = std::make_unique<State>(path);
    const Lock lock;
    state->file =
        Handle(H5Fcreate(state->pending.temporary().c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
    if (!state->file)
        return hdf5::failure(ErrorKind::Io, path.string(),
                             "cannot be created. Check that the folder exists, is writable and has space");
    state->data = createGroup(state->file.get(), "data");
    if (!state->data || !writeText(state->data.get(), "env_args", environmentJson.empty() ? "{}" : environmentJson))
        return hdf5::failure(ErrorKind::Io, path.string(), "cannot be written");
    return std::unique_ptr<RolloutWriter>(new RolloutWriter(std::move(state)));
}

RolloutWriter::RolloutWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

RolloutWriter::~RolloutWriter() = default;

Result<void> RolloutWriter::append(const EpisodeRecord& episode) {
    State& state = *state_;
    if (state.finished || state.broken)
        return fail(ErrorKind::BadInput, state.place() + ": the file was finished, or writing to it failed before");
    if (auto valid = state.check(episode); !valid)
        return valid;
    const Lock lock;
    if (!state.write(episode)) {
        state.broken = true;
        return hdf5::failure(ErrorKind::Io, state.place(), "cannot be written; is the disk full?");
    }
    if (state.episodes == 0) {
        const auto remember = [&](const std::string& name, const StepBlock& block) {
            state.specs[name] = {name, block.type, {block.shape.begin() + 1, block.shape.end()}};
        };
        remember("actions", episode.actions);
        for (const auto& [name, block] : episode.observations)
            remember("obs/" + name, block);
    }
    ++state.episodes;
    state.totalSteps += episode.actions.shape.front();
    return {};
}

Result<void> RolloutWriter::finish() {
    State& state = *state_;
    const std::string file = state.pending.target().string();
    if (state.finished || state.broken)
        return fail(ErrorKind::BadInput, file + ": was finished before, or writing to it failed");
    const Lock lock;
    state.finished = true;
    const bool written =
        writeNumber(state.data.get(), "total", state.totalSteps) && H5Fflush(state.file.get(), H5F_SCOPE_GLOBAL) >= 0;
    if (!state.data.reset() || !state.file.reset() || !written)
        return hdf5::failure(ErrorKind::Io, file, "cannot be written; is the disk full?");
    return state.pending.commit();
}

}  // namespace sqil
