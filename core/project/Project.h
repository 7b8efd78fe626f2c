#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

using RecordId = std::int64_t;
class Database;

struct PolicyRecord {
    RecordId id = 0;
    std::string name;                ///< "Full precision", "PTQ W4A16"
    std::filesystem::path path;      ///< absolute; stored relative to the project where it lies below it
    std::string cardJson;            ///< the card as the user edited it; empty: the file's own
    std::string quantizationJson;    ///< QuantSpec; empty for a full-precision policy
    std::optional<RecordId> parent;  ///< the policy it was made from
};

struct RolloutsRecord {
    RecordId id = 0;
    std::string name;
    std::filesystem::path path;
};

struct AnalysisRecord {
    RecordId id = 0;
    RecordId policy = 0;
    std::optional<RecordId> quantized;
    RecordId rollouts = 0;
    std::string parametersJson;  ///< every parameter the numbers depend on
    std::string createdAt;       ///< ISO 8601, UTC
};

/// A named series over the steps of one episode ("sis", "sis/agentview_image", "gap"); NaN: not computed yet.
struct Series {
    std::string name;
    std::int64_t width = 1;     ///< values a step: 1, or the action's dimensions
    std::vector<float> values;  ///< steps·width
};

/// One saliency map: scores at places.
struct MapRecord {
    std::string policyRole;  ///< "fp" or "quantized"
    std::string input;
    std::int64_t rows = 0, columns = 0;
    std::vector<float> scores;
};

/// What a job measured, kept with everything needed to repeat it.
struct ResultRecord {
    RecordId id = 0;
    std::string kind;               ///< "comparison", "evaluation", "benchmark", …
    std::string specificationJson;  ///< the identity: one result a kind and specification
    std::string resultJson;
    std::string createdAt;  ///< ISO 8601, UTC
};

/// A step that the user wants to find again.
struct BookmarkRecord {
    std::string episode;
    std::int64_t step = 0;
    std::string note;       ///< or empty
    std::string createdAt;  ///< ISO 8601, UTC; empty: now
};

/// How much of an analysis is in the project.
struct AnalysisProgress {
    std::int64_t episodes = 0;  ///< with at least one series
    std::int64_t mapSteps = 0;  ///< (episode, step) pairs with at least one map
};

/// The project file: SQLite, one file, WAL, foreign keys, versioned schema. Several processes may
/// have it open at once; each write is one transaction. One Project object a thread.
///
/// The file is not trusted: a damaged one, or one of another program, gives an Error and is never
/// written to. A name or id that is not there is NotFound; a write to a read-only project is Io.
class Project {
public:
    static Result<std::unique_ptr<Project>> create(const std::filesystem::path& path);  ///< fails where it exists
    /// A newer schema than this program's is refused with a message; an older one is migrated.
    /// What cannot be written (permissions, a read-only medium) opens read-only.
    static Result<std::unique_ptr<Project>> open(const std::filesystem::path& path);
    ~Project();

    const std::filesystem::path& path() const;  ///< absolute
    bool readOnly() const;
    /// Changes when another process or object has written to the file: a cheap question to poll.
    Result<std::int64_t> dataVersion() const;

    Result<RecordId> addPolicy(const PolicyRecord& policy);
    Result<RecordId> addRollouts(const RolloutsRecord& rollouts);
    /// The analysis with the same policies, rollouts and parameters where there is one, else a new one.
    Result<RecordId> findOrAddAnalysis(const AnalysisRecord& analysis);

    Result<std::vector<PolicyRecord>> policies() const;
    Result<std::vector<RolloutsRecord>> rollouts() const;
    Result<std::vector<AnalysisRecord>> analyses() const;

    Result<void> removePolicy(RecordId id);    ///< with the analyses that use it
    Result<void> removeRollouts(RecordId id);  ///< likewise
    Result<void> removeAnalysis(RecordId id);  ///< with its series and maps
    Result<void> renamePolicy(RecordId id, const std::string& name);
    Result<void> renameRollouts(RecordId id, const std::string& name);
    Result<void> updatePolicyCard(RecordId id, const std::string& cardJson);
    Result<void> updatePolicyPath(RecordId id, const std::filesystem::path& path);
    Result<void> updateRolloutsPath(RecordId id, const std::filesystem::path& path);

    /// Replaces the named series of an episode (others stay), all in one transaction.
    Result<void> putSeries(RecordId analysis, const std::string& episode, const std::vector<Series>& series);
    Result<std::vector<Series>> series(RecordId analysis, const std::string& episode) const;
    /// One series over all episodes (episode name, values), in the order in which they were put.
    Result<std::vector<std::pair<std::string, std::vector<float>>>> seriesOfAll(RecordId analysis,
                                                                                const std::string& name) const;

    /// Replaces the maps of the same policy role and input, all in one transaction.
    Result<void> putMaps(RecordId analysis, const std::string& episode, std::int64_t step,
                         const std::vector<MapRecord>& maps);
    Result<std::vector<MapRecord>> maps(RecordId analysis, const std::string& episode, std::int64_t step) const;
    /// Ascending; of one policy role ("fp", "quantized") where it is given.
    Result<std::vector<std::int64_t>> stepsWithMaps(RecordId analysis, const std::string& episode,
                                                    const std::string& policyRole = {}) const;
    Result<AnalysisProgress> progress(RecordId analysis) const;

    /// Keeps a result; one with the same kind and specification is replaced.
    Result<RecordId> putResult(const ResultRecord& result);
    Result<std::vector<ResultRecord>> results(const std::string& kind) const;  ///< in the order in which they were put
    Result<std::optional<ResultRecord>> result(const std::string& kind, const std::string& specificationJson) const;
    Result<void> removeResult(RecordId id);

    /// Marks a step of the rollouts; a bookmark that is there gets the new note and keeps its time.
    Result<void> putBookmark(RecordId rollouts, const BookmarkRecord& bookmark);
    Result<void> removeBookmark(RecordId rollouts, const std::string& episode, std::int64_t step);
    /// In the order in which they were put.
    Result<std::vector<BookmarkRecord>> bookmarks(RecordId rollouts) const;

    /// Small settings of the project itself (window layout, last selection).
    Result<void> putSetting(const std::string& name, const std::string& value);
    Result<std::optional<std::string>> setting(const std::string& name) const;

    /// For other stores over the same file (JobStore).
    Database& database() const;
    /// A path as the file keeps it: relative where it lies in or below the project's folder; and back.
    std::string storedPath(const std::filesystem::path& path) const;
    std::filesystem::path restoredPath(const std::string& stored) const;

private:
    struct State;
    explicit Project(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sqil
