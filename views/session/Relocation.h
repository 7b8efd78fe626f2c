#pragma once
#include <filesystem>
#include <vector>

#include "views/session/ProjectContents.h"

namespace sqil {

/// A file of the project that is not where the project says.
struct MissingFile {
    RecordId id = 0;
    bool isRollouts = false;
    std::filesystem::path path;  ///< where it was
};

std::vector<MissingFile> missingFiles(const ProjectContents& contents);

/// Where a file went.
struct FoundFile {
    MissingFile missing;
    std::filesystem::path path;
};

/// One file was found at `place`: its siblings are looked for beside it. A folder that was moved as a
/// whole keeps its inside, so what lay in other folders near the file is looked for there as well.
/// The found one comes first.
std::vector<FoundFile> findSiblings(const MissingFile& found, const std::filesystem::path& place,
                                    const std::vector<MissingFile>& missing);

}  // namespace sqil
