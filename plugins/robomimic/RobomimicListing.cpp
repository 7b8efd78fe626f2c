#include "plugins/robomimic/RobomimicListing.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "core/data/Hdf5Array.h"
#include "core/data/Hdf5Attributes.h"

namespace sqil::robomimic {
namespace {

using hdf5::Array;
using hdf5::Handle;

constexpr std::size_t kLongestFileAttribute = 1 << 20;
constexpr std::size_t kLongestEpisodeAttribute = 4096;
constexpr std::int64_t kMostRewardBytes = 1 << 20;

/// What one episode says of itself before it is compared with the others.
struct Found {
    EpisodeInfo info;
    std::optional<KeySpec> action;
    std::vector<KeySpec> observations;
    std::vector<std::string> problems;
    std::vector<std::string> skipped;
    std::map<std::string, std::int64_t> lengths;  ///< "obs/x", "actions", "rewards", "dones"
    std::optional<bool> sparseSuccess;            ///< where every reward is 0 or 1
};

bool isReserved(const std::string& key) {
    return key == "actions" || key == "rewards" || key == "dones";
}

std::string joined(const std::vector<std::string>& texts, const char* separator) {
    std::string all;
    for (const std::string& text : texts)
        all += (all.empty() ? "" : separator) + text;
    return all;
}

/// The message without its leading "file: place: ".
std::string reasonOf(const Error& error, const std::string& place) {
    return error.message.starts_with(place) ? error.message.substr(place.size()) : error.message;
}

void lookAtObservations(hid_t demo, const std::string& place, Found& found) {
    auto group = hdf5::openGroup(demo, "obs", place);
    if (!group) {
        found.problems.push_back("obs" + reasonOf(group.error(), place + "/obs"));
        return;
    }
    const std::string inside = place + "/obs";
    const auto names = hdf5::children(group->get(), inside);
    if (!names) {
        found.problems.push_back("obs" + reasonOf(names.error(), inside));
        return;
    }
    for (const std::string& name : *names) {
        if (isReserved(name)) {
            found.skipped.push_back("obs/" + name);
            continue;
        }
        const auto array = Array::open(group->get(), name, inside);
        if (!array && hdf5::isGroup(group->get(), name)) {
            found.skipped.push_back("obs/" + name);
            continue;
        }
        if (!array) {
            found.problems.push_back("obs/" + name + reasonOf(array.error(), inside + "/" + name));
            continue;
        }
        found.observations.push_back(array->spec(name));
        found.lengths["obs/" + name] = array->steps();
    }
}

/// Sum of the rewards, and whether they are sparse; only where that is a small read.
void lookAtRewards(const Array& rewards, Found& found) {
    if (rewards.stepBytes() > 8 || rewards.spec("").elements() != 1 ||
        rewards.steps() * rewards.stepBytes() > kMostRewardBytes)
        return;
    const auto block = rewards.read(0, rewards.steps());
    if (!block)
        return;
    double total = 0;
    bool isSparse = true, hasOne = false;
    const auto add = [&](auto values) {
        for (const auto value : values) {
            const auto reward = static_cast<double>(value);
            total += reward;
            isSparse = isSparse && (reward == 0 || reward == 1);
            hasOne = hasOne || reward == 1;
        }
    };
    switch (block->type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            add(block->as<std::uint8_t>());
            break;
        case ValueType::Int32:
            add(block->as<std::int32_t>());
            break;
        case ValueType::Int64:
            add(block->as<std::int64_t>());
            break;
        case ValueType::Float32:
            add(block->as<float>());
            break;
        case ValueType::Float64:
            add(block->as<double>());
            break;
    }
    found.info.totalReward = total;
    if (isSparse && rewards.steps() > 0)
        found.sparseSuccess = hasOne;
}

std::optional<std::int64_t> wholeNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

void lookAtAttributes(hid_t demo, Found& found, std::optional<std::int64_t>& numSamples) {
    found.info.attributes = hdf5::attributesOf(demo, kLongestEpisodeAttribute);
    if (const auto samples = found.info.attributes.find("num_samples"); samples != found.info.attributes.end()) {
        numSamples = wholeNumber(samples->second);
        if (!numSamples)
            found.problems.push_back("num_samples is \"" + samples->second + "\", expected a number of steps");
        found.info.attributes.erase(samples);
    }
    if (const auto success = found.info.attributes.find("success"); success != found.info.attributes.end()) {
        found.info.success = hdf5::truthOf(success->second);
        if (found.info.success)
            found.info.attributes.erase(success);
    }
}

void countSteps(Found& found, std::optional<std::int64_t> numSamples) {
    std::int64_t& steps = found.info.steps;
    if (found.lengths.contains("actions")) {
        steps = found.lengths["actions"];
    } else {
        std::optional<std::int64_t> shortest;
        for (const auto& [name, length] : found.lengths)
            if (name.starts_with("obs/"))
                shortest = std::min(shortest.value_or(length), length);
        steps = std::min(numSamples.value_or(shortest.value_or(0)), shortest.value_or(0));
    }
    if (numSamples && *numSamples != steps)
        found.problems.push_back("num_samples says " + std::to_string(*numSamples) + ", there are " +
                                 std::to_string(steps) + " steps");
    for (const auto& [name, length] : found.lengths)
        if (length != steps)
            found.problems.push_back(name + " has " + std::to_string(length) + " steps, the episode " +
                                     std::to_string(steps));
}

Found lookAtEpisode(hid_t data, const std::string& name, const std::string& dataPlace) {
    Found found;
    found.info.name = name;
    const std::string place = dataPlace + "/" + name;
    const auto demo = hdf5::openGroup(data, name, dataPlace);
    if (!demo) {
        found.problems.push_back(reasonOf(demo.error(), place + ": "));
        return found;
    }
    std::optional<std::int64_t> numSamples;
    lookAtAttributes(demo->get(), found, numSamples);
    lookAtObservations(demo->get(), place, found);
    for (const char* key : {"actions", "rewards", "dones"}) {
        if (hdf5::linkKind(demo->get(), key) == hdf5::LinkKind::Missing)
            continue;
        const auto array = Array::open(demo->get(), key, place);
        if (!array) {
            found.problems.push_back(key + reasonOf(array.error(), place + "/" + key));
            continue;
        }
        found.lengths[key] = array->steps();
        if (key == std::string("actions"))
            found.action = array->spec("actions");
        if (key == std::string("rewards"))
            lookAtRewards(*array, found);
    }
    countSteps(found, numSamples);
    return found;
}

/// Episodes without steps prove little: their shapes count only where no other episode has the key.
void agreeOnKeys(const std::vector<Found>& all, RolloutsInfo& info) {
    for (const bool wantSteps : {true, false}) {
        for (const Found& found : all) {
            if ((found.info.steps > 0) != wantSteps)
                continue;
            if (!info.action && found.action)
                info.action = found.action;
            for (const KeySpec& spec : found.observations)
                if (info.observation(spec.name) == nullptr)
                    info.observations.push_back(spec);
        }
    }
    std::sort(info.observations.begin(), info.observations.end(),
              [](const KeySpec& left, const KeySpec& right) { return hdf5::naturalLess(left.name, right.name); });
}

void compare(const KeySpec& expected, const KeySpec& there, const std::string& key, Found& found) {
    if (expected.type != there.type || expected.shape != there.shape)
        found.problems.push_back(key + " is " + shapeText(there) + " a step, in the other episodes " +
                                 shapeText(expected));
}

void compareWithOthers(const RolloutsInfo& info, Found& found) {
    if (found.info.steps == 0)
        return;
    for (const KeySpec& expected : info.observations) {
        const auto there = std::find_if(found.observations.begin(), found.observations.end(),
                                        [&](const KeySpec& spec) { return spec.name == expected.name; });
        const std::string key = "obs/" + expected.name;
        const bool isNamed = std::any_of(found.problems.begin(), found.problems.end(),
                                         [&](const std::string& problem) { return problem.starts_with(key + ":"); });
        if (there != found.observations.end())
            compare(expected, *there, key, found);
        else if (!isNamed)
            found.problems.push_back(key + " is missing");
    }
    if (info.action && found.action)
        compare(*info.action, *found.action, "actions", found);
    else if (info.action && !found.lengths.contains("actions"))
        found.problems.push_back("actions are missing");
}

/// The filters of mask/, as the episode's attribute.
void readMasks(hid_t file, const std::string& place, std::map<std::string, std::vector<std::string>>& filters) {
    const auto group = hdf5::openGroup(file, "mask", place);
    if (!group)
        return;
    const auto names = hdf5::children(group->get(), place + "mask");
    if (!names)
        return;
    for (const std::string& name : *names) {
        const auto demos = hdf5::readStrings(group->get(), name, place + "mask");
        if (!demos)
            continue;
        for (const std::string& demo : *demos) {
            std::vector<std::string>& named = filters[demo];
            if (named.empty() || named.back() != name)
                named.push_back(name);
        }
    }
}

void decideSuccess(std::vector<Found>& all) {
    const bool isSparse = std::any_of(all.begin(), all.end(), [](const Found& f) { return f.sparseSuccess == true; }) &&
                          std::all_of(all.begin(), all.end(), [](const Found& f) {
                              return f.sparseSuccess || !f.lengths.contains("rewards") || f.info.steps == 0;
                          });
    for (Found& found : all)
        if (!found.info.success && isSparse)
            found.info.success = found.sparseSuccess;
}

}  // namespace

std::string shapeText(const KeySpec& spec) {
    std::string text(nameOf(spec.type));
    for (const std::int64_t size : spec.shape)
        text += " × " + std::to_string(size);
    return text;
}

std::string whyNot(hid_t file) {
    const hdf5::Lock lock;
    const auto roots = hdf5::children(file, "");
    const std::string there = roots ? "; there is " + (roots->empty() ? "nothing" : joined(*roots, ", ")) : "";
    if (!hdf5::isGroup(file, "data"))
        return "expected a group \"data\" with the episodes" + there;
    const auto data = hdf5::openGroup(file, "data", "");
    const auto names = data ? hdf5::children(data->get(), "data") : tl::unexpected(data.error());
    if (!names)
        return names.error().message;
    if (H5Aexists(data->get(), "env_args") > 0 || H5Aexists(data->get(), "total") > 0)
        return {};
    for (const std::string& name : *names) {
        const auto demo = hdf5::openGroup(data->get(), name, "data");
        if (demo && (hdf5::isGroup(demo->get(), "obs") || hdf5::isDataset(demo->get(), "actions")))
            return {};
    }
    return "expected groups data/demo_N with obs and actions; there is " +
           (names->empty() ? "nothing in data" : "data/" + joined(*names, ", data/"));
}

Result<RolloutsInfo> list(hid_t file, const std::filesystem::path& path) {
    const hdf5::Lock lock;
    RolloutsInfo info;
    info.path = path;
    info.format = "robomimic HDF5";
    const std::string place = path.string() + ": ";
    const auto data = hdf5::openGroup(file, "data", path.string());
    if (!data)
        return tl::unexpected(data.error());
    const auto names = hdf5::children(data->get(), place + "data");
    if (!names)
        return tl::unexpected(names.error());
    info.attributes = hdf5::attributesOf(data->get(), kLongestFileAttribute);

    std::vector<Found> all;
    std::set<std::string> skipped;
    for (const std::string& name : *names) {
        if (hdf5::linkKind(data->get(), name) == hdf5::LinkKind::Inside && hdf5::isDataset(data->get(), name)) {
            skipped.insert("data/" + name);
            continue;
        }
        all.push_back(lookAtEpisode(data->get(), name, place + "data"));
        skipped.insert(all.back().skipped.begin(), all.back().skipped.end());
    }
    decideSuccess(all);
    agreeOnKeys(all, info);
    std::map<std::string, std::vector<std::string>> filters;
    readMasks(file, place, filters);
    for (Found& found : all) {
        compareWithOthers(info, found);
        if (!found.problems.empty())
            found.info.attributes["problem"] = joined(found.problems, "; ");
        if (const auto filter = filters.find(found.info.name); filter != filters.end())
            found.info.attributes["mask"] = joined(filter->second, ",");
        info.episodes.push_back(std::move(found.info));
    }
    if (!skipped.empty())
        info.attributes["skipped"] = joined({skipped.begin(), skipped.end()}, ", ");
    return info;
}

}  // namespace sqil::robomimic
