#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/Result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sqil {

class Database;

/// A prepared statement. Parameters and columns count from 0, in their order in the text.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, std::optional<std::int64_t> value);  ///< none: NULL
    /// Little-endian float32; the values are copied.
    Statement& bind(int parameter, std::span<const float> values);

    /// A column of another statement's row, of whatever type; also of another database.
    Statement& copy(int parameter, const Statement& row, int column);

    /// True: there is a row. False: done.
    Result<bool> step();
    /// For statements without rows.
    Result<void> run();
    /// To be run again with other values.
    Statement& reset();

    std::int64_t integer(int column) const;
    std::optional<std::int64_t> optionalInteger(int column) const;
    std::string text(int column) const;
    /// None where the blob is no whole number of float32.
    std::optional<std::vector<float>> floats(int column) const;

private:
    friend class Database;
    Statement(Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
    void require(int status) const;

    Database* database_;
    sqlite3_stmt* statement_;
};

/// One connection to an SQLite file that is not trusted: defensive mode, no triggers, views,
/// attached files, or functions with effects out of the schema; foreign keys on; waits 5 s for
/// other writers.
class Database {
public:
    enum class Mode { ReadWrite, ReadOnly, Immutable, Create };

    /// Opens and reads the header. Error: `place` in the message is the path.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<Statement> prepare(std::string_view sql);
    /// One or several statements without parameters.
    Result<void> execute(const std::string& sql);
    /// The first column of the first row ("PRAGMA user_version").
    Result<std::int64_t> integer(std::string_view sql);

    bool readOnly() const;
    std::int64_t lastInsertId() const;
    std::int64_t changes() const;  ///< rows changed by the last statement

    /// The last failure in words, with the file's name and what to do.
    Error error() const;
    /// What an error says where it will pass by itself: another process holds the file.
    static bool isTemporary(const Error& error);
    /// The last failure was a foreign key that leads nowhere.
    bool isForeignKeyError() const;

private:
    Database(sqlite3* connection, std::filesystem::path path) : connection_(connection), path_(std::move(path)) {}
    Result<void> prepareConnection();

    sqlite3* connection_;
    std::filesystem::path path_;
};

/// BEGIN IMMEDIATE … COMMIT; rolled back where commit() was not reached.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace sqil
