#pragma once
#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

namespace sqil {

/// Numbers as they are typed into a card: a decimal point, "1/255", lists separated by spaces or commas.
std::optional<double> parseNumber(const QString& text);                   ///< finite; none: it is no number
std::optional<double> parseScale(const QString& text);                    ///< likewise, also "1/255", not zero
std::optional<std::vector<double>> parseNumbers(const QString& text);     ///< empty text: empty list
std::optional<std::vector<std::int64_t>> parseSize(const QString& text);  ///< "96×128", "96x128", "64"
bool isSizeText(const QString& text);                                     ///< a size, empty, or "–"

QString numberText(double value);
QString scaleText(double value);  ///< "1/255" where it is that
QString numbersText(const std::vector<double>& values);
QString sizeText(const std::optional<std::vector<std::int64_t>>& size);

}  // namespace sqil
