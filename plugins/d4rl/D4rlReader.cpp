#include "plugins/d4rl/D4rlReader.h"

#include <algorithm>
#include <utility>

#include "core/data/Hdf5.h"
#include "core/data/Hdf5Array.h"
#include "core/data/Hdf5Attributes.h"

namespace sqil {
namespace {

using hdf5::Array;

constexpr std::int64_t kMostSteps = 200'000'000;  ///< D4RL's largest have 2 million
constexpr std::int64_t kStepsARead = 1 << 16;
constexpr std::size_t kLongestAttribute = 4096;
constexpr const char* kObservation = "observation";  ///< as simulators' flat observations are called

/// The arrays of one file, opened. Missing ones are empty but for the observations.
struct Arrays {
    Array observations;
    std::optional<Array> actions, rewards, terminals, timeouts;

    const std::optional<Array>* named(std::string_view key) const {
        if (key == "actions")
            return &actions;
        if (key == "rewards")
            return &rewards;
        return key == "dones" ? &terminals : nullptr;
    }
};

Result<std::optional<Array>> openOptional(hid_t file, const std::string& name, const std::string& path,
                                          std::int64_t steps) {
    if (hdf5::linkKind(file, name) == hdf5::LinkKind::Missing)
        return std::optional<Array>();
    auto array = Array::open(file, name, path + ": ");
    if (!array)
        return tl::unexpected(array.error());
    if (array->steps() != steps)
        return fail(ErrorKind::BadInput, path + ": " + name + " has " + std::to_string(array->steps()) +
                                             " steps, observations has " + std::to_string(steps));
    return std::optional<Array>(std::move(*array));
}

Result<Arrays> openArrays(hid_t file, const std::string& path) {
    auto observations = Array::open(file, "observations", path + ": ");
    if (!observations)
        return tl::unexpected(observations.error());
    const std::int64_t steps = observations->steps();
    if (steps > kMostSteps)
        return fail(ErrorKind::Unsupported, path + ": observations has " + std::to_string(steps) + " steps, at most " +
                                                std::to_string(kMostSteps) + " can be read");
    Arrays arrays{std::move(*observations), {}, {}, {}, {}};
    const std::pair<const char*, std::optional<Array>*> others[] = {{"actions", &arrays.actions},
                                                                    {"rewards", &arrays.rewards},
                                                                    {"terminals", &arrays.terminals},
                                                                    {"timeouts", &arrays.timeouts}};
    for (const auto& [name, array] : others) {
        auto opened = openOptional(file, name, path, steps);
        if (!opened)
            return tl::unexpected(opened.error());
        *array = std::move(*opened);
        const bool isPerStepValue = array != &arrays.actions;
        if (*array && isPerStepValue && (*array)->spec("").elements() != 1)
            return fail(ErrorKind::BadInput, path + ": " + name + " has " +
                                                 std::to_string((*array)->spec("").elements()) +
                                                 " values a step, expected one");
    }
    if (!arrays.terminals && !arrays.timeouts)
        return fail(ErrorKind::BadInput,
                    path + ": has neither terminals nor timeouts, so its episodes cannot be told apart");
    return arrays;
}

template<class Add>
void forEach(const StepBlock& block, Add add) {
    const auto all = [&](auto values) {
        for (std::size_t index = 0; index < values.size(); ++index)
            add(index, static_cast<double>(values[index]));
    };
    switch (block.type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            all(block.as<std::uint8_t>());
            break;
        case ValueType::Int32:
            all(block.as<std::int32_t>());
            break;
        case ValueType::Int64:
            all(block.as<std::int64_t>());
            break;
        case ValueType::Float32:
            all(block.as<float>());
            break;
        case ValueType::Float64:
            all(block.as<double>());
            break;
    }
}

/// One value a step, from `first` on; zeros where the file has no such array.
Result<std::vector<double>> values(const std::optional<Array>& array, std::int64_t first, std::int64_t count) {
    std::vector<double> all(static_cast<std::size_t>(count), 0.0);
    if (!array)
        return all;
    const auto block = array->read(first, count);
    if (!block)
        return tl::unexpected(block.error());
    forEach(*block, [&](std::size_t index, double value) { all[index] = value; });
    return all;
}

struct Cut {
    std::vector<EpisodeInfo> episodes;
    std::vector<std::int64_t> starts;
};

Result<Cut> cutEpisodes(const Arrays& arrays) {
    Cut cut;
    const std::int64_t steps = arrays.observations.steps();
    std::int64_t start = 0;
    double reward = 0;
    const auto close = [&](std::int64_t end, const char* reason) {
        EpisodeInfo episode;
        episode.name = "episode_" + std::to_string(cut.episodes.size());
        episode.steps = end - start;
        if (arrays.rewards)
            episode.totalReward = reward;
        episode.attributes["end"] = reason;
        cut.episodes.push_back(std::move(episode));
        cut.starts.push_back(start);
        start = end;
        reward = 0;
    };
    for (std::int64_t first = 0; first < steps; first += kStepsARead) {
        const std::int64_t count = std::min(kStepsARead, steps - first);
        const auto rewards = values(arrays.rewards, first, count);
        const auto terminals = values(arrays.terminals, first, count);
        const auto timeouts = values(arrays.timeouts, first, count);
        for (const auto* part : {&rewards, &terminals, &timeouts})
            if (!*part)
                return tl::unexpected(part->error());
        for (std::int64_t step = 0; step < count; ++step) {
            const auto at = static_cast<std::size_t>(step);
            reward += (*rewards)[at];
            if ((*terminals)[at] != 0)
                close(first + step + 1, "terminal");
            else if ((*timeouts)[at] != 0)
                close(first + step + 1, "timeout");
        }
    }
    if (start < steps)
        close(steps, "end of data");
    return cut;
}

/// The members' names of infos/ and metadata/; what metadata/ says in words, word for word.
void listMembers(hid_t file, const char* group, RolloutsInfo& info) {
    const auto opened = hdf5::openGroup(file, group, info.path.string());
    if (!opened)
        return;
    const auto names = hdf5::children(opened->get(), info.path.string());
    if (!names)
        return;
    std::string all;
    for (const std::string& name : *names) {
        all += (all.empty() ? "" : ", ") + name;
        const auto text = hdf5::readStrings(opened->get(), name, info.path.string());
        if (text && text->size() == 1 && text->front().size() <= kLongestAttribute)
            info.attributes[std::string(group) + "/" + name] = text->front();
    }
    info.attributes[group] = all;
}

std::string whyNot(hid_t file) {
    for (const char* name : {"observations", "actions"}) {
        if (!hdf5::isDataset(file, name)) {
            std::string there;
            if (const auto names = hdf5::children(file, ""))
                for (const std::string& member : *names)
                    there += (there.empty() ? "" : ", ") + member;
            return "expected data sets \"observations\" and \"actions\"; there is " +
                   (there.empty() ? "nothing" : there);
        }
    }
    return {};
}

class D4rlReader final : public RolloutReader {
public:
    D4rlReader(hdf5::Handle file, Arrays arrays, RolloutsInfo info, std::vector<std::int64_t> starts)
        : file_(std::move(file)), arrays_(std::move(arrays)), info_(std::move(info)), starts_(std::move(starts)) {}

    const RolloutsInfo& info() const override { return info_; }

    Result<StepBlock> read(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) override {
        const std::int64_t start = starts_[episode] + first;
        if (key == kObservation)
            return arrays_.observations.read(start, count);
        const std::optional<Array>* array = arrays_.named(key);
        if (array == nullptr || !*array)
            return fail(ErrorKind::NotFound, info_.path.string() + ": has no " + std::string(key));
        return (*array)->read(start, count);
    }

private:
    hdf5::Handle file_;
    Arrays arrays_;
    RolloutsInfo info_;
    std::vector<std::int64_t> starts_;
};

Result<std::unique_ptr<RolloutReader>> openHere(const std::filesystem::path& path) {
    const hdf5::Lock lock;
    auto file = hdf5::openFile(path);
    if (!file)
        return tl::unexpected(file.error());
    auto arrays = openArrays(file->get(), path.string());
    if (!arrays)
        return tl::unexpected(arrays.error());
    auto cut = cutEpisodes(*arrays);
    if (!cut)
        return tl::unexpected(cut.error());
    RolloutsInfo info;
    info.path = path;
    info.format = "D4RL HDF5";
    info.episodes = std::move(cut->episodes);
    info.observations.push_back(arrays->observations.spec(kObservation));
    if (arrays->actions)
        info.action = arrays->actions->spec("actions");
    info.attributes = hdf5::attributesOf(file->get(), kLongestAttribute);
    listMembers(file->get(), "infos", info);
    listMembers(file->get(), "metadata", info);
    return std::make_unique<D4rlReader>(std::move(*file), std::move(*arrays), std::move(info), std::move(cut->starts));
}

Result<std::unique_ptr<RolloutReader>> open(const std::filesystem::path& path) {
    return hdf5::tryApart(path, [&] { static_cast<void>(openHere(path)); }).and_then([&] { return openHere(path); });
}

/// What keeps the file from being ours; empty where it is.
std::string look(const std::filesystem::path& path) {
    const auto file = hdf5::openFile(path);
    return file ? whyNot(file->get()) : file.error().message;
}

std::string explain(const std::filesystem::path& path) {
    if (!hdf5::isHdf5(path))
        return {};
    const auto survived = hdf5::tryApart(path, [&] { look(path); });
    return survived ? look(path) : survived.error().message;
}

bool recognizes(const std::filesystem::path& path) {
    return hdf5::isHdf5(path) && explain(path).empty();
}

}  // namespace

RolloutFormat d4rlFormat() {
    return {"D4RL HDF5", "*.hdf5 *.h5", recognizes, open, explain};
}

}  // namespace sqil
