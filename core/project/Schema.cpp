#include "core/project/Schema.h"

namespace sqil {
namespace {

// Blobs are little-endian float32. A series is one blob an episode, so that a million steps are
// thousands of rows; a map is one row, read when its step is on the screen.
constexpr char kVersion1[] = R"sql(
CREATE TABLE policies(
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    path         TEXT NOT NULL,               -- relative to the project's folder where it lies below it
    card         TEXT NOT NULL,               -- JSON as the user edited it, or empty
    quantization TEXT NOT NULL,               -- JSON, or empty: full precision
    parent       INTEGER REFERENCES policies(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX policies_parent ON policies(parent);

CREATE TABLE rollouts(
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;

CREATE TABLE analyses(
    id         INTEGER PRIMARY KEY,
    policy     INTEGER NOT NULL REFERENCES policies(id) ON DELETE CASCADE,
    quantized  INTEGER REFERENCES policies(id) ON DELETE CASCADE,
    rollouts   INTEGER NOT NULL REFERENCES rollouts(id) ON DELETE CASCADE,
    parameters TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX analyses_identity ON analyses(policy, ifnull(quantized, 0), rollouts, parameters);
CREATE INDEX analyses_quantized ON analyses(quantized);
CREATE INDEX analyses_rollouts ON analyses(rollouts);

CREATE TABLE series(
    id       INTEGER PRIMARY KEY,
    analysis INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
    episode  TEXT NOT NULL,
    name     TEXT NOT NULL,
    width    INTEGER NOT NULL,                -- values a step
    data     BLOB NOT NULL,                   -- steps × width
    UNIQUE(analysis, name, episode)
) STRICT;
CREATE INDEX series_episode ON series(analysis, episode);

CREATE TABLE maps(
    id       INTEGER PRIMARY KEY,
    analysis INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
    episode  TEXT NOT NULL,
    step     INTEGER NOT NULL,
    role     TEXT NOT NULL,                   -- fp, quantized
    input    TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    columns  INTEGER NOT NULL,
    data     BLOB NOT NULL,                   -- rows × columns
    UNIQUE(analysis, episode, step, role, input)
) STRICT;

CREATE TABLE settings(
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What a job measured: the rows of a comparison, evaluations, benchmarks. The specification is the identity.
constexpr char kVersion2[] = R"sql(
CREATE TABLE results(
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,               -- evaluation, training, comparison, benchmark, …
    specification TEXT NOT NULL,               -- JSON: everything needed to repeat it
    result        TEXT NOT NULL,               -- JSON
    created_at    TEXT NOT NULL,
    UNIQUE(kind, specification)
) STRICT;
)sql";

// A step that someone wants to find again; it belongs to the rollouts, whatever policies are compared.
constexpr char kVersion3[] = R"sql(
CREATE TABLE bookmarks(
    id         INTEGER PRIMARY KEY,
    rollouts   INTEGER NOT NULL REFERENCES rollouts(id) ON DELETE CASCADE,
    episode    TEXT NOT NULL,
    step       INTEGER NOT NULL,
    note       TEXT NOT NULL,                  -- or empty
    created_at TEXT NOT NULL,
    UNIQUE(rollouts, episode, step)
) STRICT;
)sql";

// The queue of jobs (core/jobs). Times are milliseconds since 1970, UTC; 0: not yet. A group (a chain, a grid) is a row
// of kind "group" without a worker: its state is that of the rows below it.
constexpr char kVersion4[] = R"sql(
CREATE TABLE jobs(
    id            INTEGER PRIMARY KEY,
    parent        INTEGER REFERENCES jobs(id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL,               -- train, evaluate, …; group
    specification TEXT NOT NULL,               -- JSON: the parameters
    state         TEXT NOT NULL,               -- queued, running, paused, finished, failed, cancelled
    request       TEXT NOT NULL DEFAULT '',    -- pause, cancel: what the worker is asked for
    requested_at  INTEGER NOT NULL DEFAULT 0,
    priority      INTEGER NOT NULL,            -- larger first
    device        TEXT NOT NULL,               -- cpu, cuda:0: what limits are counted over
    launcher      TEXT NOT NULL,               -- local, slurm
    launch        TEXT NOT NULL DEFAULT '',    -- the launcher's name for it
    lease_until   INTEGER NOT NULL DEFAULT 0,  -- a scheduler has started a worker that has not claimed it yet
    launches      INTEGER NOT NULL DEFAULT 0,  -- since it was queued
    worker        TEXT NOT NULL DEFAULT '',    -- JSON: host, boot, pid, start time
    attempt       INTEGER NOT NULL DEFAULT 0,  -- how often a worker has claimed it
    stage         TEXT NOT NULL DEFAULT '',
    done          INTEGER NOT NULL DEFAULT 0,
    total         INTEGER NOT NULL DEFAULT 0,  -- 0: not known
    stage_at      INTEGER NOT NULL DEFAULT 0,  -- when the stage began
    stage_from    INTEGER NOT NULL DEFAULT 0,  -- with how much done
    created_at    INTEGER NOT NULL,
    started_at    INTEGER NOT NULL DEFAULT 0,  -- of the newest attempt
    heartbeat_at  INTEGER NOT NULL DEFAULT 0,
    ended_at      INTEGER NOT NULL DEFAULT 0,
    active_ms     INTEGER NOT NULL DEFAULT 0,  -- of the attempts that have ended
    processor     INTEGER NOT NULL DEFAULT 0,  -- percent of one, lately
    memory        INTEGER NOT NULL DEFAULT 0,  -- bytes resident
    message       TEXT NOT NULL DEFAULT '',    -- why it ended
    result        TEXT NOT NULL DEFAULT ''     -- JSON
) STRICT;
CREATE INDEX jobs_parent ON jobs(parent);
CREATE INDEX jobs_state ON jobs(state);

CREATE TABLE job_needs(
    job   INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    needs INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    PRIMARY KEY(job, needs)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_needs_needs ON job_needs(needs);

CREATE TABLE job_metrics(
    id   INTEGER PRIMARY KEY,
    job  INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    data TEXT NOT NULL                         -- JSON object of numbers
) STRICT;
CREATE INDEX job_metrics_job ON job_metrics(job, id);

CREATE TABLE job_log(
    id    INTEGER PRIMARY KEY,
    job   INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    time  INTEGER NOT NULL,
    level INTEGER NOT NULL,                    -- 0 information, 1 warning, 2 error
    text  TEXT NOT NULL
) STRICT;
CREATE INDEX job_log_job ON job_log(job, id);
)sql";

// What a job's device did while it ran, about once a second; `usage`: the newest of it.
constexpr char kVersion5[] = R"sql(
ALTER TABLE jobs ADD COLUMN usage TEXT NOT NULL DEFAULT '';  -- JSON, with why something is absent

CREATE TABLE job_usage(
    id   INTEGER PRIMARY KEY,
    job  INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    time INTEGER NOT NULL,                     -- milliseconds since 1970, UTC
    data TEXT NOT NULL                         -- JSON object of numbers
) STRICT;
CREATE INDEX job_usage_job ON job_usage(job, id);
)sql";

constexpr Migration kMigrations[] = {{1, kVersion1}, {2, kVersion2}, {3, kVersion3}, {4, kVersion4}, {5, kVersion5}};

}  // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

Result<void> migrate(Database& database, const std::filesystem::path& path, std::span<const Migration> steps) {
    const auto application = database.integer("PRAGMA application_id");
    if (!application)
        return tl::unexpected(application.error());
    if (*application != kApplicationId)
        return fail(ErrorKind::BadInput, path.string() + ": is no SQIL project, but another program's SQLite file");
    const std::int64_t newest = steps.back().to;
    auto version = database.integer("PRAGMA user_version");
    if (!version)
        return tl::unexpected(version.error());
    if (*version > newest)
        return fail(ErrorKind::Unsupported, path.string() + ": was made by a newer SQIL Studio (schema version " +
                                                std::to_string(*version) + "; this program knows up to " +
                                                std::to_string(newest) + "). Update the program.");
    if (*version < 0)
        return fail(ErrorKind::BadInput,
                    path.string() + ": has schema version " + std::to_string(*version) + "; the file is damaged");
    if (*version == newest)
        return {};
    if (database.readOnly())
        return fail(ErrorKind::Io,
                    path.string() + ": has the older schema version " + std::to_string(*version) +
                        " and must be updated once, but cannot be written. Copy it to a writable folder.");
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return tl::unexpected(transaction.error());
    version = database.integer("PRAGMA user_version");  // another process may have been faster
    if (!version)
        return tl::unexpected(version.error());
    for (const Migration& step : steps) {
        if (step.to <= *version)
            continue;
        auto done = database.execute(step.sql).and_then(
            [&] { return database.execute("PRAGMA user_version = " + std::to_string(step.to)); });
        if (!done)
            return done;
    }
    return transaction->commit();
}

}  // namespace sqil
