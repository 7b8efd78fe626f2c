#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/Analysis.h"
#include "core/base/Progress.h"
#include "core/data/Rollouts.h"
#include "core/project/Project.h"

namespace sqil {

struct PolicyItem {
    PolicyRecord record;
    std::string problem;  ///< why it cannot be used; empty: it can
    bool isQuantized() const { return !record.quantizationJson.empty() || record.parent.has_value(); }
};

struct RolloutsItem {
    RolloutsRecord record;
    std::shared_ptr<Rollouts> rollouts;  ///< null where the file cannot be read
    std::string problem;
};

/// What was looked at when the project was last used.
struct StoredSelection {
    std::optional<RecordId> policy, quantized, rollouts;
    std::vector<RecordId> others;  ///< compared by their actions alone
    std::string episode;
    std::int64_t step = 0;
    AnalysisSpec spec;
};

/// A project as the window shows it: its records, the rollouts opened.
struct ProjectContents {
    std::filesystem::path path;
    std::vector<PolicyItem> policies;
    std::vector<RolloutsItem> rollouts;
    std::optional<StoredSelection> selection;
    double topPercent = 20;

    const PolicyItem* policy(RecordId id) const;
    const RolloutsItem* rolloutsItem(RecordId id) const;
};

std::string toJson(const StoredSelection& selection);
inline const std::string kSelectionSetting = "studio/selection";
/// What the files of an analysis were when it was computed; the analysis's id follows.
inline const std::string kFilesSetting = "studio/files-of-analysis/";
/// Records that the user has removed. They stay in the file until it is opened the next time, so that
/// undo brings them back with their results.
struct RemovedRecords {
    std::vector<RecordId> policies, rollouts;
    bool isEmpty() const { return policies.empty() && rollouts.empty(); }
};
inline const std::string kRemovedSetting = "studio/removed";
RemovedRecords removedRecords(const Project& project);
Result<void> markRemoved(Project& project, const RemovedRecords& records, bool removed);
/// Removes for good what is marked.
Result<void> purgeRemoved(Project& project, const Progress& progress);

inline const std::string kTopPercentSetting = "studio/top-percent";

/// Reads a project and opens its rollouts; what is marked as removed is left out. Files that are missing are told in
/// `problem`.
Result<ProjectContents> readProject(const std::filesystem::path& path);

/// The project at this path, created where there is none.
Result<std::unique_ptr<Project>> openOrCreateProject(const std::filesystem::path& path);

/// Adds a policy or rollouts file (by its ending) where the project does not have it, and says which
/// record it is.
struct AddedFile {
    RecordId id = 0;
    bool isRollouts = false;
    bool isQuantized = false;
    bool isNew = true;  ///< false: the project had it already
};
Result<AddedFile> addFile(Project& project, const std::filesystem::path& file, const std::string& name = {},
                          std::optional<RecordId> parent = {});

bool isPolicyFile(const std::filesystem::path& file);
bool isRolloutsFile(const std::filesystem::path& file);
bool isProjectFile(const std::filesystem::path& file);

/// A new project at `path` with everything that is in `from`.
Result<void> copyProject(const std::filesystem::path& from, const std::filesystem::path& path,
                         const Progress& progress);

/// The sample project, created or brought up to date: the policy, its 4-bit version, the rollouts.
Result<std::filesystem::path> prepareSample(const std::filesystem::path& sample, const std::filesystem::path& folder,
                                            const Progress& progress);

}  // namespace sqil
