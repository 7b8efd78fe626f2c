#include "core/data/RolloutsInfoJson.h"

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

json toValue(const KeySpec& key) {
    return json::array({key.name, static_cast<int>(key.type), key.shape});
}

KeySpec keyOf(const json& value) {
    KeySpec key;
    key.name = value.at(0).get<std::string>();
    const int type = value.at(1).get<int>();
    if (type < 0 || type > static_cast<int>(ValueType::Bool))
        throw std::out_of_range("no such type");
    key.type = static_cast<ValueType>(type);
    key.shape = value.at(2).get<std::vector<std::int64_t>>();
    return key;
}

json toValue(const EpisodeInfo& episode) {
    json value = json::array({episode.name, episode.steps});
    value.push_back(episode.success ? json(*episode.success) : json(nullptr));
    value.push_back(episode.totalReward ? json(*episode.totalReward) : json(nullptr));
    if (!episode.attributes.empty())
        value.push_back(episode.attributes);
    return value;
}

EpisodeInfo episodeOf(const json& value) {
    EpisodeInfo episode;
    episode.name = value.at(0).get<std::string>();
    episode.steps = value.at(1).get<std::int64_t>();
    if (!value.at(2).is_null())
        episode.success = value.at(2).get<bool>();
    if (!value.at(3).is_null())
        episode.totalReward = value.at(3).get<double>();
    if (value.size() > 4)
        episode.attributes = value.at(4).get<std::map<std::string, std::string>>();
    return episode;
}

}  // namespace

std::string toJson(const RolloutsInfo& info) {
    json episodes = json::array(), observations = json::array();
    for (const EpisodeInfo& episode : info.episodes)
        episodes.push_back(toValue(episode));
    for (const KeySpec& key : info.observations)
        observations.push_back(toValue(key));
    const json all{{"version", kVersion},
                   {"path", info.path.string()},
                   {"format", info.format},
                   {"episodes", std::move(episodes)},
                   {"observations", std::move(observations)},
                   {"action", info.action ? toValue(*info.action) : json(nullptr)},
                   {"attributes", info.attributes}};
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<RolloutsInfo> parseRolloutsInfo(std::string_view text) {
    try {
        const json all = json::parse(text);
        if (all.at("version").get<int>() != kVersion)
            return fail(ErrorKind::Unsupported, "the listing is of another version");
        RolloutsInfo info;
        info.path = all.at("path").get<std::string>();
        info.format = all.at("format").get<std::string>();
        for (const json& episode : all.at("episodes"))
            info.episodes.push_back(episodeOf(episode));
        for (const json& key : all.at("observations"))
            info.observations.push_back(keyOf(key));
        if (!all.at("action").is_null())
            info.action = keyOf(all.at("action"));
        info.attributes = all.at("attributes").get<std::map<std::string, std::string>>();
        return info;
    } catch (const std::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("no listing of rollouts: ") + problem.what());
    }
}

}  // namespace sqil
