#include "core/project/Salvage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "core/base/AtomicFile.h"
#include "core/project/Database.h"
#include "core/project/Project.h"
#include "core/project/Schema.h"

namespace sqil {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kProbedInGap = 20'000;  ///< ids tried one by one where pages in between are unreadable
constexpr std::int64_t kFarthestId = std::int64_t{1} << 40;
constexpr std::uintmax_t kLargestPadding = std::uintmax_t{1} << 31;
constexpr std::int64_t kRowsBetweenReports = 32;

/// Removes a file and what SQLite keeps beside it.
class TemporaryCopy {
public:
    explicit TemporaryCopy(fs::path path) : path_(std::move(path)) {}
    TemporaryCopy(const TemporaryCopy&) = delete;
    TemporaryCopy& operator=(const TemporaryCopy&) = delete;
    ~TemporaryCopy() {
        if (kept_)
            return;
        std::error_code ignored;
        for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
            fs::path file = path_;
            file += ending;
            fs::remove(file, ignored);
        }
    }
    const fs::path& path() const { return path_; }
    void keep() { kept_ = true; }

private:
    fs::path path_;
    bool kept_ = false;
};

/// SQLite refuses a file shorter than its header says, and takes what is missing of a page for zeros.
/// Missing pages are filled with ones instead: no page of a table, and "not computed" where numbers were.
void padToHeader(const fs::path& copy) {
    std::array<unsigned char, 32> header{};
    std::ifstream stream(copy, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(header.data()), header.size()))
        return;
    const auto byte = [&](std::size_t at) { return static_cast<std::uintmax_t>(header[at]); };
    const std::uintmax_t stored = byte(16) << 8 | byte(17);
    const std::uintmax_t pageSize = stored == 1 ? 65536 : stored;
    const std::uintmax_t pages = byte(28) << 24 | byte(29) << 16 | byte(30) << 8 | byte(31);
    std::error_code problem;
    const std::uintmax_t size = fs::file_size(copy, problem);
    if (problem || pageSize < 512)
        return;
    const std::uintmax_t whole = size / pageSize * pageSize;
    if (whole != size)
        fs::resize_file(copy, whole, problem);
    const std::uintmax_t wanted = std::max(pages * pageSize, (size + pageSize - 1) / pageSize * pageSize);
    if (wanted - whole > kLargestPadding)
        return;
    std::ofstream padding(copy, std::ios::binary | std::ios::app);
    const std::string page(pageSize, '\xff');
    for (std::uintmax_t at = whole; at < wanted && padding; at += pageSize)
        padding.write(page.data(), static_cast<std::streamsize>(page.size()));
}

Result<void> copyDamaged(const fs::path& damaged, const fs::path& copy) {
    std::error_code problem;
    fs::copy_file(damaged, copy, problem);
    if (problem)
        return fail(ErrorKind::Io, damaged.string() + ": cannot be copied to " + copy.string() + " for reading (" +
                                       problem.message() + ")");
    fs::path log = damaged, logCopy = copy;
    log += "-wal";
    logCopy += "-wal";
    if (fs::exists(log, problem))
        fs::copy_file(log, logCopy, problem);  // without it the older state is read
    padToHeader(copy);
    return {};
}

struct Column {
    std::string name;
    bool isKey = false;
};

Result<std::vector<Column>> columnsOf(Database& database, const std::string& table) {
    auto statement = database.prepare("SELECT name, pk FROM pragma_table_info(?)");
    if (!statement)
        return tl::unexpected(statement.error());
    statement->bind(0, std::string_view(table));
    std::vector<Column> columns;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return columns;
        columns.push_back({statement->text(0), statement->integer(1) > 0});
    }
}

Result<std::vector<std::string>> tablesOf(Database& database) {
    auto statement = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    if (!statement)
        return tl::unexpected(statement.error());
    std::vector<std::string> names;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return names;
        names.push_back(statement->text(0));
    }
}

/// Copies one table row by row, past what cannot be read.
class TableCopy {
public:
    TableCopy(Database& from, Database& to, std::string table, std::vector<Column> columns, fs::path folder,
              const Progress& progress)
        : from_(from),
          to_(to),
          table_(std::move(table)),
          columns_(std::move(columns)),
          folder_(std::move(folder)),
          progress_(progress) {
        outcome_.name = table_;
        for (const Column& column : columns_)
            list_ += (list_.empty() ? "" : ", ") + ("\"" + column.name + "\"");
        const auto key =
            std::find_if(columns_.begin(), columns_.end(), [](const Column& column) { return column.isKey; });
        key_ = key == columns_.end() ? "rowid" : "\"" + key->name + "\"";
        numbered_ = key == columns_.end() || key->name == "id";
    }

    Result<SalvageReport::Table> run() {
        auto done = numbered_ ? walkNumbered() : walkNamed();
        if (!done)
            return tl::unexpected(done.error());
        return outcome_;
    }

private:
    /// Rows of a query until its end or the first that cannot be read; true: the end was reached.
    Result<bool> take(const std::string& condition, std::optional<std::int64_t> bound) {
        auto query = from_.prepare("SELECT " + list_ + ", " + key_ + " FROM \"" + table_ + "\" " + condition);
        if (!query)
            return false;
        if (bound)
            query->bind(0, *bound);
        for (;;) {
            const auto row = query->step();
            if (!row)
                return false;
            if (!*row)
                return true;
            if (numbered_)
                last_ = query->integer(int(columns_.size()));
            if (auto put = insert(*query); !put)
                return tl::unexpected(put.error());
        }
    }

    Result<void> insert(const Statement& row) {
        if (++seen_ % kRowsBetweenReports == 0 && !report(progress_, table_, seen_, 0))
            return fail(ErrorKind::Cancelled, "cancelled");
        std::string marks;
        for (std::size_t index = 0; index < columns_.size(); ++index)
            marks += index ? ", ?" : "?";
        auto put = to_.prepare("INSERT OR IGNORE INTO \"" + table_ + "\"(" + list_ + ") VALUES(" + marks + ")");
        if (!put)
            return tl::unexpected(put.error());
        for (std::size_t index = 0; index < columns_.size(); ++index) {
            const int column = static_cast<int>(index);
            if (columns_[index].name == "path")
                put->bind(column, std::string_view(absolute(row.text(column))));
            else
                put->copy(column, row, column);
        }
        if (const auto run = put->run(); !run)
            ++outcome_.refused;  // belongs to what is lost, or is of another type than it should be
        else if (to_.changes() > 0)
            ++outcome_.rows;
        return {};
    }

    std::string absolute(const std::string& text) const {
        const fs::path path(text);
        return (path.is_absolute() || text.empty() ? path : (folder_ / path).lexically_normal()).generic_string();
    }

    Result<void> walkNumbered() {
        last_ = 0;
        auto complete = take("ORDER BY rowid", std::nullopt);
        while (complete && !*complete) {
            outcome_.damaged = true;
            // Beyond the damage: further and further on, until a row can be read again.
            const std::int64_t before = last_;
            std::int64_t skip = 1;
            for (; skip < kFarthestId; skip *= 2) {
                last_ = before;
                complete = take("WHERE rowid > ? ORDER BY rowid", before + skip);
                if (!complete)
                    return tl::unexpected(complete.error());
                if (*complete || last_ > before)
                    break;
            }
            if (skip >= kFarthestId)
                return {};
            // And back into what was skipped, one by one.
            const std::int64_t reached = last_;
            const std::int64_t end = std::min(before + skip, before + kProbedInGap);
            for (std::int64_t id = before + 1; id <= end; ++id)
                if (auto one = take("WHERE rowid = ?", id); !one)
                    return tl::unexpected(one.error());
            last_ = std::max(reached, before + skip);
        }
        if (!complete)
            return tl::unexpected(complete.error());
        return {};
    }

    /// Small tables whose key is a name: from both ends.
    Result<void> walkNamed() {
        auto complete = take("ORDER BY " + key_, std::nullopt);
        if (complete && !*complete) {
            outcome_.damaged = true;
            complete = take("ORDER BY " + key_ + " DESC", std::nullopt);
        }
        if (!complete)
            return tl::unexpected(complete.error());
        return {};
    }

    Database& from_;
    Database& to_;
    std::string table_;
    std::vector<Column> columns_;
    fs::path folder_;
    const Progress& progress_;
    std::string list_, key_;
    bool numbered_ = true;
    std::int64_t last_ = 0, seen_ = 0;
    SalvageReport::Table outcome_;
};

Result<SalvageReport> copyTables(Database& from, Database& to, const fs::path& folder, const Progress& progress) {
    const auto known = tablesOf(from);
    if (!known)
        return tl::unexpected(known.error());
    const auto wanted = tablesOf(to);
    if (!wanted)
        return tl::unexpected(wanted.error());
    auto transaction = Transaction::begin(to);
    if (!transaction)
        return tl::unexpected(transaction.error());
    SalvageReport report;
    for (const std::string& table : *wanted) {  // in the schema's order: what is referred to comes first
        if (std::find(known->begin(), known->end(), table) == known->end())
            continue;
        const auto there = columnsOf(from, table);
        auto columns = columnsOf(to, table);
        if (!there || !columns)
            continue;
        std::erase_if(*columns, [&](const Column& column) {
            return std::none_of(there->begin(), there->end(),
                                [&](const Column& other) { return other.name == column.name; });
        });
        auto copied = TableCopy(from, to, table, std::move(*columns), folder, progress).run();
        if (!copied)
            return tl::unexpected(copied.error());
        report.tables.push_back(std::move(*copied));
    }
    if (auto committed = transaction->commit(); !committed)
        return tl::unexpected(committed.error());
    return report;
}

/// Paths below the new project's folder are stored relative to it again.
Result<void> restorePaths(Project& project) {
    const auto policies = project.policies();
    const auto rollouts = project.rollouts();
    if (!policies || !rollouts)
        return tl::unexpected(policies ? rollouts.error() : policies.error());
    for (const PolicyRecord& policy : *policies)
        if (auto put = project.updatePolicyPath(policy.id, policy.path); !put)
            return put;
    for (const RolloutsRecord& record : *rollouts)
        if (auto put = project.updateRolloutsPath(record.id, record.path); !put)
            return put;
    return {};
}

}  // namespace

const SalvageReport::Table* SalvageReport::table(std::string_view name) const {
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& one) { return one.name == name; });
    return found == tables.end() ? nullptr : &*found;
}

bool SalvageReport::isComplete() const {
    return std::none_of(tables.begin(), tables.end(),
                        [](const Table& table) { return table.damaged || table.refused > 0; });
}

std::string SalvageReport::text() const {
    std::string rescued, damaged;
    for (const Table& table : tables) {
        if (table.rows > 0 && table.name != "settings")
            rescued += (rescued.empty() ? "" : ", ") + (std::to_string(table.rows) + " " + table.name);
        if (table.damaged || table.refused > 0)
            damaged += (damaged.empty() ? "" : ", ") + table.name;
    }
    return (rescued.empty() ? "nothing" : rescued) + (damaged.empty() ? "" : "; incomplete: " + damaged);
}

Result<SalvageReport> salvageProject(const fs::path& damaged, const fs::path& to, const Progress& progress) {
    const fs::path source = fs::absolute(damaged).lexically_normal();
    std::error_code ignored;
    if (!fs::is_regular_file(source, ignored))
        return fail(ErrorKind::NotFound, source.string() + ": there is no such project");
    auto created = Project::create(to);
    if (!created)
        return tl::unexpected(created.error());
    const fs::path target = (*created)->path();
    created->reset();
    TemporaryCopy result(target);  // removed where anything below fails
    const TemporaryCopy copy(target.string() + ".damaged");
    fs::remove(copy.path(), ignored);
    auto outcome = [&]() -> Result<SalvageReport> {
        if (auto copied = copyDamaged(source, copy.path()); !copied)
            return tl::unexpected(copied.error());
        const auto unreadable = [&](const Error& error) {
            return fail(ErrorKind::BadInput,
                        source.string() + ": nothing can be read of it (" + error.message + "). A backup is needed.");
        };
        auto from = Database::open(copy.path(), Database::Mode::ReadWrite);
        if (!from)
            return unreadable(from.error());
        const auto application = (*from)->integer("PRAGMA application_id");
        if (!application)
            return unreadable(application.error());
        if (*application != kApplicationId)
            return fail(ErrorKind::BadInput,
                        source.string() + ": is no SQIL project, or its first page is destroyed. A backup is needed.");
        auto into = Database::open(target, Database::Mode::ReadWrite);
        if (!into)
            return tl::unexpected(into.error());
        auto report = copyTables(**from, **into, source.parent_path(), progress);
        if (!report && report.error().kind != ErrorKind::Cancelled)
            return unreadable(report.error());
        return report;
    }();
    if (!outcome)
        return outcome;
    auto project = Project::open(target);
    if (!project)
        return tl::unexpected(project.error());
    if (auto restored = restorePaths(**project); !restored)
        return tl::unexpected(restored.error());
    const bool isEmpty = std::none_of(outcome->tables.begin(), outcome->tables.end(),
                                      [](const SalvageReport::Table& table) { return table.rows > 0; });
    if (isEmpty && !outcome->isComplete())
        return fail(ErrorKind::BadInput, source.string() + ": nothing of it can be read. A backup is needed.");
    project->reset();
    result.keep();
    return outcome;
}

Result<std::string> findDamage(const fs::path& project) {
    auto database = Database::open(project, Database::Mode::ReadOnly);
    if (!database)
        return tl::unexpected(database.error());
    auto statement = (*database)->prepare("PRAGMA quick_check(1)");
    if (!statement)
        return statement.error().message;
    const auto row = statement->step();
    if (!row)
        return row.error().kind == ErrorKind::BadInput ? Result<std::string>(row.error().message)
                                                       : tl::unexpected(row.error());
    const std::string text = *row ? statement->text(0) : std::string();
    return text == "ok" ? std::string() : text;
}

}  // namespace sqil
