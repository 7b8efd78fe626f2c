#pragma once
#include <QString>
#include <string>
#include <variant>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// One column of numbers or texts. NaN: no value, an empty cell.
struct DataColumn {
    QString name;  ///< with its unit: "time (s)"
    std::variant<std::vector<float>, std::vector<double>, std::vector<qint64>, std::vector<QString>> values;
};

/// What a view shows, as numbers. Columns that end early leave empty cells.
struct DataTable {
    QString name;  ///< of its file, without ending: "timeline"
    std::vector<DataColumn> columns;
    std::size_t rows() const;
};

/// RFC 4180 with a header line, UTF-8, decimal points; numbers are as long as reading them back needs.
/// Empty when `progress` asks to stop. Any thread.
std::string toCsv(const DataTable& table, const Progress& progress = {});

/// Writes the table in whole or not at all. Any thread.
Result<void> writeCsv(const DataTable& table, const QString& file, const Progress& progress = {});

}  // namespace sqil
