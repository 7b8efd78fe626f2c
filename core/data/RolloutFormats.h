#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/data/Rollouts.h"

namespace sqil {

/// A rollout format: which files are its own, and how one is opened.
struct RolloutFormat {
    std::string name;                                              ///< "robomimic HDF5"
    std::string filePatterns;                                      ///< for file dialogs: "*.hdf5 *.h5"
    std::function<bool(const std::filesystem::path&)> recognizes;  ///< a cheap look; never throws
    std::function<Result<std::unique_ptr<RolloutReader>>(const std::filesystem::path&)> open;
    /// For the message when no format recognizes a file: what this one looked for and what is there
    /// instead; empty where the file is of another kind altogether. May be left out.
    std::function<std::string(const std::filesystem::path&)> explain = {};
};

/// All formats, in the order in which they were added. Add them at start, before threads.
const std::vector<RolloutFormat>& rolloutFormats();
/// A format of the same name is replaced.
void addRolloutFormat(RolloutFormat format);

}  // namespace sqil
