#include "views/trajectory/PositionKeys.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace sqil {
namespace {

bool canBePosition(const KeySpec& key) {
    const bool number = key.type == ValueType::Float32 || key.type == ValueType::Float64;
    return number && !key.isImage() && key.shape.size() == 1 && key.shape[0] >= 2;
}

/// Smaller is likelier.
int rank(const KeySpec& key) {
    std::string name = key.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    // Velocities, rotations and what lies relative to something else are no places.
    if (has("vel") || has("quat") || has("ori") || has("rot") || has("_to_"))
        return 90;
    if (has("eef_pos") || has("ee_pos") || has("tcp_pos"))
        return 0;
    if ((has("hand") || has("gripper") || has("tool")) && has("pos") && !has("qpos"))
        return 1;
    if (has("base_pos") || has("torso_pos") || has("robot_pos"))
        return 2;
    if (has("joint") || has("qpos"))
        return 80;
    if (has("pos") || has("xyz") || has("xy"))
        return 3;
    return key.shape[0] <= 3 ? 10 : 20;
}

float numberAt(const StepBlock& block, std::size_t index) {
    return block.type == ValueType::Float64 ? static_cast<float>(block.as<double>()[index]) : block.as<float>()[index];
}

}  // namespace

std::vector<PositionSource> proposePositions(const RolloutsInfo& info) {
    std::vector<std::pair<int, PositionSource>> found;
    for (const KeySpec& key : info.observations)
        if (canBePosition(key))
            found.push_back({rank(key), {key.name, {0, 1, key.shape[0] > 2 ? 2 : -1}}});
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<PositionSource> sources;
    for (auto& [likelihood, source] : found)
        sources.push_back(std::move(source));
    return sources;
}

std::string toJson(const PositionSource& source) {
    const nlohmann::json stored{{"key", source.key}, {"elements", source.elements}};
    return stored.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);  // names are bytes
}

std::optional<PositionSource> parsePositionSource(std::string_view text, const RolloutsInfo& info) {
    const auto stored = nlohmann::json::parse(text, nullptr, false);
    if (!stored.is_object() || !stored.contains("key") || !stored["key"].is_string() || !stored.contains("elements") ||
        !stored["elements"].is_array() || stored["elements"].size() != 3)
        return std::nullopt;
    PositionSource source;
    source.key = stored["key"].get<std::string>();
    const KeySpec* key = info.observation(source.key);
    if (!key || !canBePosition(*key))
        return std::nullopt;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto& element = stored["elements"][axis];
        if (!element.is_number_integer() || element.get<std::int64_t>() < -1 ||
            element.get<std::int64_t>() >= key->shape[0])
            return std::nullopt;
        source.elements[axis] = element.get<int>();
    }
    return source;
}

Result<std::vector<float>> readPositions(Rollouts& rollouts, std::size_t episode, const PositionSource& source) {
    const std::int64_t steps = rollouts.info().episodes.at(episode).steps;
    std::vector<float> positions;
    if (steps <= 0)
        return positions;
    const auto block = rollouts.range(episode, source.key, 0, steps);
    if (!block)
        return tl::unexpected(block.error());
    if (block->shape.size() != 2)
        return fail(ErrorKind::BadInput, rollouts.info().path.string() + ": \"" + source.key +
                                             "\" holds no vector at every step; choose another key for the path");
    const auto width = static_cast<std::size_t>(block->shape[1]);
    for (std::int64_t step = 0; step < steps; ++step)
        for (const int element : source.elements)
            positions.push_back(
                element < 0 || static_cast<std::size_t>(element) >= width
                    ? 0.f
                    : numberAt(*block, static_cast<std::size_t>(step) * width + static_cast<std::size_t>(element)));
    return positions;
}

}  // namespace sqil
