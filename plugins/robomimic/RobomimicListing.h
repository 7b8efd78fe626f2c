#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/data/Hdf5.h"
#include "core/data/Rollouts.h"

namespace sqil::robomimic {

/// Reads everything but the steps. Episodes that differ from the first ones are listed all the
/// same, with the attribute "problem".
Result<RolloutsInfo> list(hid_t file, const std::filesystem::path& path);

/// What keeps the file from being in robomimic's layout; empty where it is.
std::string whyNot(hid_t file);

/// "float32 × 7".
std::string shapeText(const KeySpec& spec);

}  // namespace sqil::robomimic
