#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"

namespace sqil {

/// Which recorded numbers are a position: an observation key, and three of its elements; −1: none (0 is drawn).
struct PositionSource {
    std::string key;
    std::array<int, 3> elements{0, 1, 2};
    bool operator==(const PositionSource&) const = default;
};

/// Keys that can hold a position (vectors of numbers), likeliest first: end effectors by their usual names, then hands
/// and tools, then bases, then what has two or three elements, then other vectors. A path in the plane has z = none.
/// Empty: nothing but pictures and scalars.
std::vector<PositionSource> proposePositions(const RolloutsInfo& info);

/// What a project keeps of a choice; and back. None where the text is no such choice, or not one of these rollouts.
std::string toJson(const PositionSource& source);
std::optional<PositionSource> parsePositionSource(std::string_view json, const RolloutsInfo& info);

/// An episode's positions, x, y, z after each other; reads the file: off the GUI thread.
Result<std::vector<float>> readPositions(Rollouts& rollouts, std::size_t episode, const PositionSource& source);

}  // namespace sqil
