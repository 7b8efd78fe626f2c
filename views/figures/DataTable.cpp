#include "views/figures/DataTable.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/AtomicFile.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr std::size_t kRowsBetweenReports = 4096;

template<class Number>
void appendNumber(std::string& text, Number value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text.append(digits, end);
}

void appendText(std::string& text, const QString& value) {
    const std::string bytes = value.toStdString();
    if (bytes.find_first_of("\",\r\n") == std::string::npos) {
        text += bytes;
        return;
    }
    text += '"';
    for (const char byte : bytes) {
        if (byte == '"')
            text += '"';
        text += byte;
    }
    text += '"';
}

void appendCell(std::string& text, const DataColumn& column, std::size_t row) {
    std::visit(
        [&](const auto& values) {
            if (row >= values.size())
                return;
            using Value = typename std::decay_t<decltype(values)>::value_type;
            if constexpr (std::is_same_v<Value, QString>)
                appendText(text, values[row]);
            else if constexpr (std::is_floating_point_v<Value>) {
                if (!std::isnan(values[row]))
                    appendNumber(text, values[row]);
            } else
                appendNumber(text, values[row]);
        },
        column.values);
}

}  // namespace

std::size_t DataTable::rows() const {
    std::size_t longest = 0;
    for (const DataColumn& column : columns)
        longest = std::max(longest, std::visit([](const auto& values) { return values.size(); }, column.values));
    return longest;
}

std::string toCsv(const DataTable& table, const Progress& progress) {
    std::string text;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (column > 0)
            text += ',';
        appendText(text, table.columns[column].name);
    }
    text += "\r\n";
    const std::size_t rows = table.rows();
    for (std::size_t row = 0; row < rows; ++row) {
        if (row % kRowsBetweenReports == 0 &&
            !report(progress, "rows", static_cast<long long>(row), static_cast<long long>(rows)))
            return {};
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            if (column > 0)
                text += ',';
            appendCell(text, table.columns[column], row);
        }
        text += "\r\n";
    }
    return text;
}

Result<void> writeCsv(const DataTable& table, const QString& file, const Progress& progress) {
    const std::string text = toCsv(table, progress);
    if (text.empty())
        return fail(ErrorKind::Cancelled, file.toStdString() + ": not written, it was stopped");
    return writeTextFile(toPath(file), text);
}

}  // namespace sqil
