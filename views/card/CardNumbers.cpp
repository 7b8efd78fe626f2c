#include "views/card/CardNumbers.h"

#include <QLocale>
#include <QRegularExpression>
#include <QStringList>
#include <cmath>

namespace sqil {
namespace {
constexpr std::int64_t kLargestSide = 16384;
}

std::optional<double> parseNumber(const QString& text) {
    bool isNumber = false;
    const double value = text.trimmed().toDouble(&isNumber);  // C locale: the card's own notation
    return isNumber && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> parseScale(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('/'));
    if (parts.size() > 2)
        return std::nullopt;
    const auto top = parseNumber(parts[0]);
    const auto bottom = parts.size() == 2 ? parseNumber(parts[1]) : std::optional(1.0);
    if (!top || !bottom || *top == 0 || *bottom == 0)
        return std::nullopt;
    return *top / *bottom;
}

std::optional<std::vector<double>> parseNumbers(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    std::vector<double> values;
    for (const QString& part : text.split(separators, Qt::SkipEmptyParts)) {
        const auto value = parseNumber(part);
        if (!value)
            return std::nullopt;
        values.push_back(*value);
    }
    return values;
}

std::optional<std::vector<std::int64_t>> parseSize(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^\\s*(\\d{1,5})\\s*(?:[x×X*]\\s*(\\d{1,5}))?\\s*$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const std::int64_t height = match.captured(1).toLongLong();
    const std::int64_t width = match.captured(2).isEmpty() ? height : match.captured(2).toLongLong();
    if (height < 1 || width < 1 || height > kLargestSide || width > kLargestSide)
        return std::nullopt;
    return std::vector{height, width};
}

bool isSizeText(const QString& text) {
    return text.trimmed().isEmpty() || text == QStringLiteral("–") || parseSize(text).has_value();
}

QString numberText(double value) {
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString scaleText(double value) {
    return std::abs(value * 255 - 1) < 1e-12 ? QStringLiteral("1/255") : numberText(value);
}

QString numbersText(const std::vector<double>& values) {
    QStringList texts;
    for (const double value : values)
        texts << numberText(value);
    return texts.join(QLatin1Char(' '));
}

QString sizeText(const std::optional<std::vector<std::int64_t>>& size) {
    return size && size->size() == 2 ? QStringLiteral("%1×%2").arg((*size)[0]).arg((*size)[1]) : QString();
}

}  // namespace sqil
