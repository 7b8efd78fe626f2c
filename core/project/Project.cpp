#include "core/project/Project.h"

#include <fcntl.h>
#include <unistd.h>
#include <chrono>
#include <ctime>
#include <thread>
#include <utility>

#include "core/base/AtomicFile.h"
#include "core/project/Database.h"
#include "core/project/Schema.h"

namespace sqil {
namespace {

namespace fs = std::filesystem;

std::string now() {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

fs::path absolutePath(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

/// A write-ahead log with something in it that only this file explains.
bool hasPendingLog(const fs::path& path) {
    fs::path log = path;
    log += "-wal";
    std::error_code error;
    const auto size = fs::file_size(log, error);
    return !error && size > 0;
}

/// A file cut within its last page reads as zeros there, unnoticed by SQLite. While a log is being
/// copied into the file it may look like that for a moment: hence several looks. The page's size is SQLite's answer:
/// opening and closing the file here would drop the locks of every connection that this process has to it (POSIX), and
/// another process would take its log away.
bool isCut(Database& database, const fs::path& path) {
    for (int look = 0; look < 3; ++look) {
        std::error_code error;
        const auto size = fs::file_size(path, error);
        const auto pageSize = database.integer("PRAGMA page_size");
        if (error || !pageSize || *pageSize < 512)
            return false;  // SQLite will say what is wrong
        if (size % static_cast<std::uintmax_t>(*pageSize) == 0 || hasPendingLog(path))
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

/// False also where the file is writable but its folder is not: SQLite's log could not be made.
bool isWritable(const fs::path& path) {
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 &&
           ::faccessat(AT_FDCWD, path.parent_path().c_str(), W_OK, AT_EACCESS) == 0;
}

/// Reads the header page and, where there is one, the write-ahead log.
Result<void> probe(Database& database) {
    return database.integer("SELECT count(*) FROM sqlite_schema").map([](std::int64_t) {});
}

Result<std::unique_ptr<Database>> openReadable(const fs::path& path, Database::Mode mode) {
    auto database = Database::open(path, mode);
    if (database)
        if (auto read = probe(**database); !read)
            return tl::unexpected(read.error());
    return database;
}

constexpr int kBusyAttempts = 5;  // each has waited 5 s

/// Read-write where that works, else read-only. A WAL file in a folder that cannot be written needs
/// `immutable`, which is right only when there is no log that would be overlooked.
Result<std::unique_ptr<Database>> openAsPossible(const fs::path& path) {
    if (isWritable(path)) {
        auto database = openReadable(path, Database::Mode::ReadWrite);
        // Who is only late must not find the project read-only.
        for (int attempt = 0; attempt < kBusyAttempts && !database && Database::isTemporary(database.error());
             ++attempt)
            database = openReadable(path, Database::Mode::ReadWrite);
        if (database || database.error().kind != ErrorKind::Io || Database::isTemporary(database.error()))
            return database;
    }
    auto readOnly = openReadable(path, Database::Mode::ReadOnly);
    if (readOnly || readOnly.error().kind != ErrorKind::Io)
        return readOnly;
    if (hasPendingLog(path))
        return fail(ErrorKind::Io, path.string() +
                                       ": cannot be written, and its last changes are still in the file beside it "
                                       "(-wal). Copy both to a writable folder.");
    auto immutable = openReadable(path, Database::Mode::Immutable);
    return immutable ? std::move(immutable) : std::move(readOnly);
}

Result<void> checkFile(const fs::path& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status))
        return fail(ErrorKind::NotFound, path.string() + ": there is no such project");
    if (!fs::is_regular_file(status))
        return fail(ErrorKind::BadInput, path.string() + ": is no regular file");
    if (fs::file_size(path, error) == 0)
        return fail(ErrorKind::BadInput, path.string() + ": is empty, no SQIL project");
    return {};
}

}  // namespace

struct Project::State {
    fs::path path;
    std::unique_ptr<Database> database;

    /// As stored: relative to the project where it lies in or below the project's folder.
    std::string stored(const fs::path& given) const {
        const fs::path absolute = absolutePath(given);
        const fs::path relative = absolute.lexically_relative(path.parent_path());
        const bool isBelow = !relative.empty() && *relative.begin() != "..";
        return (isBelow ? relative : absolute).generic_string();
    }

    fs::path restored(const std::string& text) const {
        const fs::path given(text);
        return given.is_absolute() ? given : (path.parent_path() / given).lexically_normal();
    }

    std::string place(const std::string& what) const { return path.string() + ": " + what; }

    Result<Statement> prepare(std::string_view sql) const { return database->prepare(sql); }

    /// The reason why a statement failed: a reference to what is not there, or SQLite's own.
    Error writeError(Error error, const std::string& missing) const {
        if (database->isForeignKeyError())
            return {ErrorKind::NotFound, place(missing + " is not in the project")};
        return error;
    }

    /// Runs `write` in a transaction. `missing` names what a broken reference meant.
    template<class Write>
    auto transact(const std::string& missing, Write write) -> decltype(write()) {
        if (database->readOnly())
            return fail(ErrorKind::Io, place("is opened read-only: the file or its folder cannot be written"));
        auto transaction = Transaction::begin(*database);
        if (!transaction)
            return tl::unexpected(transaction.error());
        auto outcome = write();
        if (!outcome)
            return tl::unexpected(writeError(std::move(outcome.error()), missing));
        if (auto committed = transaction->commit(); !committed)
            return tl::unexpected(writeError(std::move(committed.error()), missing));
        return outcome;
    }

    /// One statement that must change a row.
    template<class... Values>
    Result<void> change(const std::string& missing, std::string_view sql, const Values&... values) {
        return transact(missing, [&]() -> Result<void> {
            auto statement = prepare(sql);
            if (!statement)
                return tl::unexpected(statement.error());
            int parameter = 0;
            (statement->bind(parameter++, values), ...);
            if (auto run = statement->run(); !run)
                return run;
            if (database->changes() == 0)
                return fail(ErrorKind::NotFound, place(missing + " is not in the project"));
            return {};
        });
    }

    /// All rows of a query, each through `row`.
    template<class Row, class... Values>
    auto select(Row row, std::string_view sql, const Values&... values) const
        -> Result<std::vector<typename decltype(row(std::declval<Statement&>()))::value_type>> {
        auto statement = prepare(sql);
        if (!statement)
            return tl::unexpected(statement.error());
        int parameter = 0;
        (statement->bind(parameter++, values), ...);
        std::vector<typename decltype(row(std::declval<Statement&>()))::value_type> rows;
        for (;;) {
            const auto hasRow = statement->step();
            if (!hasRow)
                return tl::unexpected(hasRow.error());
            if (!*hasRow)
                return rows;
            auto value = row(*statement);
            if (!value)
                return tl::unexpected(value.error());
            rows.push_back(std::move(*value));
        }
    }

    Result<std::vector<float>> seriesValues(const Statement& row, std::int64_t width, int column,
                                            const std::string& name) const {
        auto values = row.floats(column);
        if (!values || width < 1 || values->size() % static_cast<std::size_t>(width) != 0)
            return fail(ErrorKind::BadInput,
                        place("the series \"" + name + "\" has a width of " + std::to_string(width) +
                              " that does not fit its values; the file is damaged"));
        return std::move(*values);
    }
};

namespace {

std::string analysisText(RecordId id) {
    return "analysis " + std::to_string(id);
}
std::string policyText(RecordId id) {
    return "policy " + std::to_string(id);
}
std::string rolloutsText(RecordId id) {
    return "the data set " + std::to_string(id);
}

bool fitsShape(std::int64_t rows, std::int64_t columns, std::size_t values) {
    std::int64_t product = 0;
    return rows >= 0 && columns >= 0 && !__builtin_mul_overflow(rows, columns, &product) &&
           static_cast<std::size_t>(product) == values;
}

}  // namespace

Project::Project(std::unique_ptr<State> state) : state_(std::move(state)) {}

Project::~Project() = default;

Result<std::unique_ptr<Project>> Project::create(const fs::path& given) {
    const fs::path path = absolutePath(given);
    std::error_code error;
    // Asked before the file itself: who has just created it has its log there, too.
    const bool hasLog = hasPendingLog(path);
    if (fs::exists(fs::symlink_status(path, error)))
        return fail(ErrorKind::BadInput, path.string() + ": exists already; open it, or choose another name");
    if (!fs::is_directory(path.parent_path(), error))
        return fail(ErrorKind::NotFound, path.parent_path().string() + ": there is no such folder");
    if (hasLog)
        return fail(ErrorKind::BadInput, path.string() +
                                             "-wal: is left over from an earlier project of this name; "
                                             "remove it, or choose another name");
    PendingFile pending(path);
    {
        auto database = Database::open(pending.temporary(), Database::Mode::Create);
        if (!database)
            return tl::unexpected(database.error());
        auto made = (*database)
                        ->execute("PRAGMA application_id = " + std::to_string(kApplicationId))
                        .and_then([&] { return migrate(**database, path, migrations()); })
                        .and_then([&] { return (*database)->execute("PRAGMA journal_mode = WAL"); });
        if (!made)
            return tl::unexpected(made.error());
    }
    if (auto committed = pending.commitNew(); !committed)
        return tl::unexpected(committed.error());
    return open(path);
}

Result<std::unique_ptr<Project>> Project::open(const fs::path& given) {
    const fs::path path = absolutePath(given);
    if (auto checked = checkFile(path); !checked)
        return tl::unexpected(checked.error());
    auto database = openAsPossible(path);
    if (!database)
        return tl::unexpected(database.error());
    if (isCut(**database, path))
        return fail(ErrorKind::BadInput, path.string() +
                                             ": is damaged or truncated (its size is no whole number of "
                                             "pages), or no SQIL project; nothing was changed");
    if (auto migrated = migrate(**database, path, migrations()); !migrated)
        return tl::unexpected(migrated.error());
    auto state = std::make_unique<State>();
    state->path = path;
    state->database = std::move(*database);
    // The tables must be ours before anything is written; an empty read finds missing columns.
    for (const char* sql : {"SELECT id, name, path, card, quantization, parent FROM policies LIMIT 0",
                            "SELECT id, name, path FROM rollouts LIMIT 0",
                            "SELECT id, policy, quantized, rollouts, parameters, created_at FROM analyses LIMIT 0",
                            "SELECT id, analysis, episode, name, width, data FROM series LIMIT 0",
                            "SELECT id, analysis, episode, step, role, input, rows, columns, data FROM maps LIMIT 0",
                            "SELECT id, rollouts, episode, step, note, created_at FROM bookmarks LIMIT 0",
                            "SELECT name, value FROM settings LIMIT 0"})
        if (auto known = state->database->execute(sql); !known)
            return tl::unexpected(known.error());
    return std::unique_ptr<Project>(new Project(std::move(state)));
}

const fs::path& Project::path() const {
    return state_->path;
}

bool Project::readOnly() const {
    return state_->database->readOnly();
}

Result<std::int64_t> Project::dataVersion() const {
    return state_->database->integer("PRAGMA data_version");
}

Result<RecordId> Project::addPolicy(const PolicyRecord& policy) {
    return state_->transact("the parent policy", [&]() -> Result<RecordId> {
        auto insert =
            state_->prepare("INSERT INTO policies(name, path, card, quantization, parent) VALUES(?, ?, ?, ?, ?)");
        if (!insert)
            return tl::unexpected(insert.error());
        insert->bind(0, policy.name)
            .bind(1, state_->stored(policy.path))
            .bind(2, policy.cardJson)
            .bind(3, policy.quantizationJson)
            .bind(4, policy.parent);
        return insert->run().map([&] { return state_->database->lastInsertId(); });
    });
}

namespace {

Result<ResultRecord> resultOf(Statement& row) {
    return ResultRecord{row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace

Result<RecordId> Project::addRollouts(const RolloutsRecord& rollouts) {
    return state_->transact("", [&]() -> Result<RecordId> {
        auto insert = state_->prepare("INSERT INTO rollouts(name, path) VALUES(?, ?)");
        if (!insert)
            return tl::unexpected(insert.error());
        insert->bind(0, rollouts.name).bind(1, state_->stored(rollouts.path));
        return insert->run().map([&] { return state_->database->lastInsertId(); });
    });
}

Result<RecordId> Project::findOrAddAnalysis(const AnalysisRecord& analysis) {
    const auto find = [&]() -> Result<std::optional<RecordId>> {
        auto statement = state_->prepare(
            "SELECT id FROM analyses WHERE policy = ? AND ifnull(quantized, 0) = ifnull(?, 0) "
            "AND rollouts = ? AND parameters = ?");
        if (!statement)
            return tl::unexpected(statement.error());
        statement->bind(0, analysis.policy)
            .bind(1, analysis.quantized)
            .bind(2, analysis.rollouts)
            .bind(3, analysis.parametersJson);
        return statement->step().map(
            [&](bool found) { return found ? std::optional(statement->integer(0)) : std::nullopt; });
    };
    // A first look needs no lock: it serves read-only projects too.
    auto known = find();
    if (!known)
        return tl::unexpected(known.error());
    if (*known)
        return **known;
    return state_->transact("a policy or the data set of the analysis", [&]() -> Result<RecordId> {
        auto meanwhile = find();
        if (!meanwhile)
            return tl::unexpected(meanwhile.error());
        if (*meanwhile)
            return **meanwhile;
        auto insert = state_->prepare(
            "INSERT INTO analyses(policy, quantized, rollouts, parameters, created_at) VALUES(?, ?, ?, ?, ?)");
        if (!insert)
            return tl::unexpected(insert.error());
        insert->bind(0, analysis.policy)
            .bind(1, analysis.quantized)
            .bind(2, analysis.rollouts)
            .bind(3, analysis.parametersJson)
            .bind(4, analysis.createdAt.empty() ? now() : analysis.createdAt);
        return insert->run().map([&] { return state_->database->lastInsertId(); });
    });
}

Result<std::vector<PolicyRecord>> Project::policies() const {
    return state_->select(
        [&](Statement& row) -> Result<PolicyRecord> {
            return PolicyRecord{row.integer(0), row.text(1), state_->restored(row.text(2)),
                                row.text(3),    row.text(4), row.optionalInteger(5)};
        },
        "SELECT id, name, path, card, quantization, parent FROM policies ORDER BY id");
}

Result<std::vector<RolloutsRecord>> Project::rollouts() const {
    return state_->select(
        [&](Statement& row) -> Result<RolloutsRecord> {
            return RolloutsRecord{row.integer(0), row.text(1), state_->restored(row.text(2))};
        },
        "SELECT id, name, path FROM rollouts ORDER BY id");
}

Result<std::vector<AnalysisRecord>> Project::analyses() const {
    return state_->select(
        [&](Statement& row) -> Result<AnalysisRecord> {
            return AnalysisRecord{row.integer(0), row.integer(1), row.optionalInteger(2),
                                  row.integer(3), row.text(4),    row.text(5)};
        },
        "SELECT id, policy, quantized, rollouts, parameters, created_at FROM analyses ORDER BY id");
}

Result<void> Project::removePolicy(RecordId id) {
    return state_->change(policyText(id), "DELETE FROM policies WHERE id = ?", id);
}

Result<void> Project::removeRollouts(RecordId id) {
    return state_->change(rolloutsText(id), "DELETE FROM rollouts WHERE id = ?", id);
}

Result<void> Project::removeAnalysis(RecordId id) {
    return state_->change(analysisText(id), "DELETE FROM analyses WHERE id = ?", id);
}

Result<RecordId> Project::putResult(const ResultRecord& result) {
    return state_->transact("", [&]() -> Result<RecordId> {
        auto insert = state_->prepare(
            "INSERT INTO results(kind, specification, result, created_at) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(kind, specification) DO UPDATE SET result = excluded.result, "
            "created_at = excluded.created_at RETURNING id");
        if (!insert)
            return tl::unexpected(insert.error());
        insert->bind(0, result.kind)
            .bind(1, result.specificationJson)
            .bind(2, result.resultJson)
            .bind(3, result.createdAt.empty() ? now() : result.createdAt);
        auto row = insert->step();
        if (!row)
            return tl::unexpected(row.error());
        const RecordId id = insert->integer(0);
        return insert->step().map([&](bool) { return id; });
    });
}

Result<std::vector<ResultRecord>> Project::results(const std::string& kind) const {
    return state_->select(resultOf,
                          "SELECT id, kind, specification, result, created_at FROM results WHERE kind = ? "
                          "ORDER BY id",
                          kind);
}

Result<std::optional<ResultRecord>> Project::result(const std::string& kind,
                                                    const std::string& specificationJson) const {
    return state_
        ->select(resultOf,
                 "SELECT id, kind, specification, result, created_at FROM results WHERE kind = ? "
                 "AND specification = ?",
                 kind, specificationJson)
        .map([](std::vector<ResultRecord>&& rows) {
            return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
        });
}

Result<void> Project::removeResult(RecordId id) {
    return state_->change("result " + std::to_string(id), "DELETE FROM results WHERE id = ?", id);
}

Result<void> Project::renamePolicy(RecordId id, const std::string& name) {
    return state_->change(policyText(id), "UPDATE policies SET name = ? WHERE id = ?", std::string_view(name), id);
}

Result<void> Project::renameRollouts(RecordId id, const std::string& name) {
    return state_->change(rolloutsText(id), "UPDATE rollouts SET name = ? WHERE id = ?", std::string_view(name), id);
}

Result<void> Project::updatePolicyCard(RecordId id, const std::string& cardJson) {
    return state_->change(policyText(id), "UPDATE policies SET card = ? WHERE id = ?", cardJson, id);
}

Result<void> Project::updatePolicyPath(RecordId id, const fs::path& path) {
    return state_->change(policyText(id), "UPDATE policies SET path = ? WHERE id = ?", state_->stored(path), id);
}

Result<void> Project::updateRolloutsPath(RecordId id, const fs::path& path) {
    return state_->change(rolloutsText(id), "UPDATE rollouts SET path = ? WHERE id = ?", state_->stored(path), id);
}

Result<void> Project::putSeries(RecordId analysis, const std::string& episode, const std::vector<Series>& series) {
    for (const Series& one : series)
        if (one.name.empty() || one.width < 1 || one.values.size() % static_cast<std::size_t>(one.width) != 0)
            return fail(ErrorKind::BadInput,
                        state_->place("the series \"" + one.name + "\" of " + episode + " has " +
                                      std::to_string(one.values.size()) + " values, no multiple of its width " +
                                      std::to_string(one.width) + ", or no name"));
    return state_->transact(analysisText(analysis), [&]() -> Result<void> {
        // The row keeps its id, and so its place in the order.
        auto put = state_->prepare(
            "INSERT INTO series(analysis, episode, name, width, data) VALUES(?, ?, ?, ?, ?) "
            "ON CONFLICT(analysis, name, episode) DO UPDATE SET width = excluded.width, data = excluded.data");
        if (!put)
            return tl::unexpected(put.error());
        for (const Series& one : series) {
            put->bind(0, analysis).bind(1, episode).bind(2, one.name).bind(3, one.width).bind(4, std::span(one.values));
            if (auto run = put->run(); !run)
                return run;
            put->reset();
        }
        return {};
    });
}

Result<std::vector<Series>> Project::series(RecordId analysis, const std::string& episode) const {
    return state_->select(
        [&](Statement& row) -> Result<Series> {
            Series one{row.text(0), row.integer(1), {}};
            return state_->seriesValues(row, one.width, 2, one.name).map([&](std::vector<float> values) {
                one.values = std::move(values);
                return std::move(one);
            });
        },
        "SELECT name, width, data FROM series WHERE analysis = ? AND episode = ? ORDER BY id", analysis, episode);
}

Result<std::vector<std::pair<std::string, std::vector<float>>>> Project::seriesOfAll(RecordId analysis,
                                                                                     const std::string& name) const {
    return state_->select(
        [&](Statement& row) -> Result<std::pair<std::string, std::vector<float>>> {
            return state_->seriesValues(row, row.integer(1), 2, name).map([&](std::vector<float> values) {
                return std::pair(row.text(0), std::move(values));
            });
        },
        "SELECT episode, width, data FROM series WHERE analysis = ? AND name = ? ORDER BY id", analysis, name);
}

Result<void> Project::putMaps(RecordId analysis, const std::string& episode, std::int64_t step,
                              const std::vector<MapRecord>& maps) {
    for (const MapRecord& map : maps)
        if (!fitsShape(map.rows, map.columns, map.scores.size()))
            return fail(ErrorKind::BadInput,
                        state_->place("the map of " + map.input + " at " + episode + ", step " + std::to_string(step) +
                                      " has " + std::to_string(map.scores.size()) + " scores for " +
                                      std::to_string(map.rows) + " × " + std::to_string(map.columns) + " places"));
    return state_->transact(analysisText(analysis), [&]() -> Result<void> {
        auto put = state_->prepare(
            "INSERT INTO maps(analysis, episode, step, role, input, rows, columns, data) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(analysis, episode, step, role, input) "
            "DO UPDATE SET rows = excluded.rows, columns = excluded.columns, data = excluded.data");
        if (!put)
            return tl::unexpected(put.error());
        for (const MapRecord& map : maps) {
            put->bind(0, analysis)
                .bind(1, episode)
                .bind(2, step)
                .bind(3, map.policyRole)
                .bind(4, map.input)
                .bind(5, map.rows)
                .bind(6, map.columns)
                .bind(7, std::span(map.scores));
            if (auto run = put->run(); !run)
                return run;
            put->reset();
        }
        return {};
    });
}

Result<std::vector<MapRecord>> Project::maps(RecordId analysis, const std::string& episode, std::int64_t step) const {
    return state_->select(
        [&](Statement& row) -> Result<MapRecord> {
            MapRecord map{row.text(0), row.text(1), row.integer(2), row.integer(3), {}};
            auto scores = row.floats(4);
            if (!scores || !fitsShape(map.rows, map.columns, scores->size()))
                return fail(ErrorKind::BadInput,
                            state_->place("the map of " + map.input + " at " + episode + ", step " +
                                          std::to_string(step) + " does not fit its size; the file is damaged"));
            map.scores = std::move(*scores);
            return map;
        },
        "SELECT role, input, rows, columns, data FROM maps WHERE analysis = ? AND episode = ? AND step = ? "
        "ORDER BY id",
        analysis, episode, step);
}

Result<std::vector<std::int64_t>> Project::stepsWithMaps(RecordId analysis, const std::string& episode,
                                                         const std::string& policyRole) const {
    return state_->select([](Statement& row) -> Result<std::int64_t> { return row.integer(0); },
                          "SELECT DISTINCT step FROM maps WHERE analysis = ? AND episode = ? AND (? = '' OR role = ?) "
                          "ORDER BY step",
                          analysis, episode, policyRole, policyRole);
}

Result<AnalysisProgress> Project::progress(RecordId analysis) const {
    auto rows = state_->select(
        [](Statement& row) -> Result<AnalysisProgress> {
            return AnalysisProgress{row.integer(0), row.integer(1)};
        },
        "SELECT (SELECT count(DISTINCT episode) FROM series WHERE analysis = ?), "
        "(SELECT count(*) FROM (SELECT DISTINCT episode, step FROM maps WHERE analysis = ?))",
        analysis, analysis);
    return rows.map([](const std::vector<AnalysisProgress>& counts) { return counts.front(); });
}

Result<void> Project::putBookmark(RecordId rollouts, const BookmarkRecord& bookmark) {
    if (bookmark.step < 0)
        return fail(ErrorKind::BadInput, state_->place("a bookmark of " + bookmark.episode + " at step " +
                                                       std::to_string(bookmark.step) + "; steps count from 0"));
    return state_->transact(rolloutsText(rollouts), [&]() -> Result<void> {
        auto put = state_->prepare(
            "INSERT INTO bookmarks(rollouts, episode, step, note, created_at) VALUES(?, ?, ?, ?, ?) "
            "ON CONFLICT(rollouts, episode, step) DO UPDATE SET note = excluded.note");
        if (!put)
            return tl::unexpected(put.error());
        put->bind(0, rollouts)
            .bind(1, bookmark.episode)
            .bind(2, bookmark.step)
            .bind(3, bookmark.note)
            .bind(4, bookmark.createdAt.empty() ? now() : bookmark.createdAt);
        return put->run();
    });
}

Result<void> Project::removeBookmark(RecordId rollouts, const std::string& episode, std::int64_t step) {
    return state_->change("a bookmark of " + episode + " at step " + std::to_string(step),
                          "DELETE FROM bookmarks WHERE rollouts = ? AND episode = ? AND step = ?", rollouts, episode,
                          step);
}

Result<std::vector<BookmarkRecord>> Project::bookmarks(RecordId rollouts) const {
    return state_->select(
        [](Statement& row) -> Result<BookmarkRecord> {
            return BookmarkRecord{row.text(0), row.integer(1), row.text(2), row.text(3)};
        },
        "SELECT episode, step, note, created_at FROM bookmarks WHERE rollouts = ? ORDER BY id", rollouts);
}

Result<void> Project::putSetting(const std::string& name, const std::string& value) {
    return state_->change("",
                          "INSERT INTO settings(name, value) VALUES(?, ?) "
                          "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                          name, value);
}

Result<std::optional<std::string>> Project::setting(const std::string& name) const {
    auto statement = state_->prepare("SELECT value FROM settings WHERE name = ?");
    if (!statement)
        return tl::unexpected(statement.error());
    statement->bind(0, name);
    return statement->step().map([&](bool found) { return found ? std::optional(statement->text(0)) : std::nullopt; });
}

Database& Project::database() const {
    return *state_->database;
}

std::string Project::storedPath(const fs::path& path) const {
    return state_->stored(path);
}

fs::path Project::restoredPath(const std::string& stored) const {
    return state_->restored(stored);
}

}  // namespace sqil
