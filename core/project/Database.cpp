#include "core/project/Database.h"

#include <bit>
#include <cstring>
#include <stdexcept>

#include <sqlite3.h>

namespace sqil {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are copied as they are");

constexpr int kBusyMilliseconds = 5000;
constexpr int kLargestValue = 512 << 20;

/// "file:///…" with everything that a URI would take for its own escaped.
std::string uriOf(const std::filesystem::path& path, const char* query) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char character : path.string()) {
        const auto byte = static_cast<unsigned char>(character);
        const bool isPlain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                             (byte >= '0' && byte <= '9') || byte == '/' || byte == '.' || byte == '-' || byte == '_';
        if (isPlain) {
            uri += character;
        } else {
            uri += '%';
            uri += digits[byte >> 4];
            uri += digits[byte & 15];
        }
    }
    return uri + query;
}

ErrorKind kindOf(int status) {
    switch (status & 0xff) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
        case SQLITE_FORMAT:
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_ERROR:
            return ErrorKind::BadInput;
        default:
            return ErrorKind::Io;
    }
}

constexpr const char* kBusyText = "another program is writing to it for more than 5 seconds; try again";

std::string explanation(int status) {
    switch (status & 0xff) {
        case SQLITE_NOTADB:
            return "is no SQIL project (no SQLite file)";
        case SQLITE_CORRUPT:
            return "is damaged or truncated; nothing was changed. A copy or a backup is needed";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return kBusyText;
        case SQLITE_READONLY:
            return "cannot be written: the file or its folder is read-only";
        case SQLITE_CANTOPEN:
            return "cannot be opened; check that file and folder exist and may be read";
        case SQLITE_FULL:
            return "cannot be written: the disk is full";
        case SQLITE_PERM:
        case SQLITE_IOERR:
            return "the operating system refused";
        case SQLITE_ERROR:
            return "does not have the tables of a SQIL project; it was changed by another program";
        default:
            return "the project file cannot be used";
    }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::require(int status) const {
    if (status == SQLITE_NOMEM)
        throw std::bad_alloc();
    if (status != SQLITE_OK && status != SQLITE_TOOBIG)
        throw std::logic_error("SQLite parameter: " + database_->error().message);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    require(sqlite3_bind_int64(statement_, parameter + 1, value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    require(sqlite3_bind_text64(statement_, parameter + 1, text.data() != nullptr ? text.data() : "", text.size(),
                                SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(int parameter, std::optional<std::int64_t> value) {
    if (value)
        return bind(parameter, *value);
    require(sqlite3_bind_null(statement_, parameter + 1));
    return *this;
}

Statement& Statement::bind(int parameter, std::span<const float> values) {
    // An empty blob needs an address: no address means NULL.
    const void* address = values.empty() ? static_cast<const void*>("") : values.data();
    require(sqlite3_bind_blob64(statement_, parameter + 1, address, values.size_bytes(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::copy(int parameter, const Statement& row, int column) {
    require(sqlite3_bind_value(statement_, parameter + 1, sqlite3_column_value(row.statement_, column)));
    return *this;
}

Result<bool> Statement::step() {
    const int status = sqlite3_step(statement_);
    if (status == SQLITE_ROW)
        return true;
    if (status == SQLITE_DONE)
        return false;
    return tl::unexpected(database_->error());
}

Result<void> Statement::run() {
    return step().map([](bool) {});
}

Statement& Statement::reset() {
    sqlite3_reset(statement_);
    return *this;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

std::string Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (text == nullptr)
        return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::vector<float>> Statement::floats(int column) const {
    if (sqlite3_column_type(statement_, column) != SQLITE_BLOB)
        return std::nullopt;
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto count = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    if (count % sizeof(float) != 0)
        return std::nullopt;
    std::vector<float> values(count / sizeof(float));
    if (count != 0)
        std::memcpy(values.data(), bytes, count);
    return values;
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path, Mode mode) {
    int flags = SQLITE_OPEN_URI;
    switch (mode) {
        case Mode::Create:
            flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
            break;
        case Mode::ReadWrite:
            flags |= SQLITE_OPEN_READWRITE;
            break;
        case Mode::ReadOnly:
        case Mode::Immutable:
            flags |= SQLITE_OPEN_READONLY;
            break;
    }
    const std::filesystem::path absolute = std::filesystem::absolute(path);
    sqlite3* connection = nullptr;
    const int status = sqlite3_open_v2(uriOf(absolute, mode == Mode::Immutable ? "?immutable=1" : "").c_str(),
                                       &connection, flags, nullptr);
    if (connection == nullptr)
        throw std::bad_alloc();
    std::unique_ptr<Database> database(new Database(connection, path));
    sqlite3_extended_result_codes(connection, 1);
    if (status != SQLITE_OK)
        return tl::unexpected(database->error());
    if (auto prepared = database->prepareConnection(); !prepared)
        return tl::unexpected(prepared.error());
    return database;
}

Result<void> Database::prepareConnection() {
    sqlite3_busy_timeout(connection_, kBusyMilliseconds);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_limit(connection_, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, kLargestValue);
    // A file mapped into memory would let another program's truncation kill this one.
    return execute(
        "PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; "
        "PRAGMA synchronous = NORMAL");
}

Database::~Database() {
    sqlite3_close_v2(connection_);
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
        return tl::unexpected(error());
    return Statement(*this, statement);
}

Result<void> Database::execute(const std::string& sql) {
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return tl::unexpected(error());
    return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    return statement->step().map([&](bool hasRow) { return hasRow ? statement->integer(0) : std::int64_t{0}; });
}

bool Database::readOnly() const {
    return sqlite3_db_readonly(connection_, "main") == 1;
}

std::int64_t Database::lastInsertId() const {
    return sqlite3_last_insert_rowid(connection_);
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(connection_);
}

Error Database::error() const {
    const int status = sqlite3_extended_errcode(connection_);
    return {kindOf(status),
            path_.string() + ": " + explanation(status) + " (SQLite: " + sqlite3_errmsg(connection_) + ")"};
}

bool Database::isTemporary(const Error& error) {
    return error.message.find(kBusyText) != std::string::npos;
}

bool Database::isForeignKeyError() const {
    return sqlite3_extended_errcode(connection_) == SQLITE_CONSTRAINT_FOREIGNKEY;
}

Result<Transaction> Transaction::begin(Database& database) {
    if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun)
        return tl::unexpected(begun.error());
    return Transaction(database);
}

Transaction::~Transaction() {
    if (database_ != nullptr)
        static_cast<void>(database_->execute("ROLLBACK"));
}

Result<void> Transaction::commit() {
    auto committed = database_->execute("COMMIT");
    if (committed)
        database_ = nullptr;
    return committed;
}

}  // namespace sqil
