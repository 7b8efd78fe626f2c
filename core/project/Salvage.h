#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// What was got out of a damaged project.
struct SalvageReport {
    struct Table {
        std::string name;
        std::int64_t rows = 0;     ///< rescued
        std::int64_t refused = 0;  ///< read, but of no use: they belong to something that is lost
        bool damaged = false;      ///< some of it could not be read
    };
    std::vector<Table> tables;  ///< in the order of the schema: policies, rollouts, analyses, …

    const Table* table(std::string_view name) const;  ///< null where there is none
    bool isComplete() const;
    /// "2 policies, 1 rollouts, 1 analyses, 37 series, 37 maps; series and maps are damaged".
    std::string text() const;
};

/// Reads what can be read of a damaged project into a new one at `to`, which must not exist. The
/// damaged file is copied and never written to; what its write-ahead log holds is taken along. Relative
/// paths keep pointing at the same files. Numbers on pages that are missing come back as NaN, "not computed";
/// bytes that were changed in place cannot be told from others: there are no checksums. Error where nothing at all can
/// be read, or `damaged` is no project.
Result<SalvageReport> salvageProject(const std::filesystem::path& damaged, const std::filesystem::path& to,
                                     const Progress& progress = {});

/// The first thing SQLite's quick check finds; empty: nothing. Reads the whole file. Io where it
/// cannot be opened at all.
Result<std::string> findDamage(const std::filesystem::path& project);

}  // namespace sqil
