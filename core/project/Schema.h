#pragma once
#include <filesystem>
#include <span>

#include "core/base/Result.h"
#include "core/project/Database.h"

namespace sqil {

/// What turns schema version `to` − 1 into version `to`.
struct Migration {
    int to;
    const char* sql;
};

/// "SQIL" in the application_id of the file's header.
inline constexpr std::int64_t kApplicationId = 0x5351494c;

/// All migrations, in order; the first makes an empty file a project.
std::span<const Migration> migrations();

/// Brings the schema to the last migration's version, in one transaction; several processes may try
/// at once. Error: no project, a newer version, or an older one in a file that cannot be written.
Result<void> migrate(Database& database, const std::filesystem::path& path, std::span<const Migration> steps);

}  // namespace sqil
