#include "views/session/Relocation.h"

#include <system_error>

namespace sqil {
namespace {

constexpr int kLevels = 4;  ///< folders above the file that may have moved with it

bool isFile(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored);
}

}  // namespace

std::vector<MissingFile> missingFiles(const ProjectContents& contents) {
    std::vector<MissingFile> missing;
    for (const PolicyItem& item : contents.policies)
        if (!isFile(item.record.path))
            missing.push_back({item.record.id, false, item.record.path});
    for (const RolloutsItem& item : contents.rollouts)
        if (!isFile(item.record.path))
            missing.push_back({item.record.id, true, item.record.path});
    return missing;
}

std::vector<FoundFile> findSiblings(const MissingFile& found, const std::filesystem::path& place,
                                    const std::vector<MissingFile>& missing) {
    std::vector<FoundFile> located{{found, place}};
    for (const MissingFile& other : missing) {
        if (other.id == found.id && other.isRollouts == found.isRollouts)
            continue;
        std::filesystem::path before = found.path.parent_path(), now = place.parent_path();
        for (int level = 0; level < kLevels; ++level) {
            const auto inside = other.path.lexically_relative(before);
            const bool isBelow = !inside.empty() && *inside.begin() != "..";
            if (const auto candidate = now / (isBelow ? inside : other.path.filename()); isFile(candidate)) {
                located.push_back({other, candidate});
                break;
            }
            // One level up, as long as the folders have the same name there: they moved together.
            if (before.filename() != now.filename() || !before.has_relative_path())
                break;
            before = before.parent_path();
            now = now.parent_path();
        }
    }
    return located;
}

}  // namespace sqil
