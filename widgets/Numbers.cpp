#include "widgets/Numbers.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace sqil {
namespace {

const QChar kMinus(0x2212);

QString superscript(int exponent) {
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text = exponent < 0 ? QStringLiteral("⁻") : QString();
    for (const QChar digit : QString::number(std::abs(exponent)))
        text += digits[digit.digitValue()];
    return text;
}

QString magnitude(double value, int digits) {
    if (value == 0)
        return QStringLiteral("0");
    int exponent = static_cast<int>(std::floor(std::log10(value)));
    // 9.996 rounds to 10.0: the exponent is that of the rounded value.
    const double rounded = std::pow(10.0, exponent) * std::round(value / std::pow(10.0, exponent - digits + 1)) *
                           std::pow(10.0, 1 - digits);
    if (rounded > 0)
        exponent = static_cast<int>(std::floor(std::log10(rounded) + 1e-9));
    if (exponent < -3 || exponent >= 5)
        return QLocale().toString(value / std::pow(10.0, exponent), 'f', std::max(0, digits - 2)) +
               QStringLiteral("×10") + superscript(exponent);
    return QLocale().toString(value, 'f', std::max(0, digits - 1 - exponent));
}

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Numbers)
};

}  // namespace

QString significant(double value, int digits) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : kMinus + QStringLiteral("∞");
    return value < 0 ? kMinus + magnitude(-value, digits) : magnitude(value, digits);
}

QString inRange(double value, double range) {
    if (!std::isfinite(value) || !(range > 0) || range < 1e-6 || range >= 1e5)
        return significant(value);
    const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(range) + 1e-9)));
    const QString text = QLocale().toString(std::abs(value), 'f', decimals);
    const bool isZero = std::abs(value) < 0.5 * std::pow(10.0, -decimals);
    return value < 0 && !isZero ? kMinus + text : text;
}

QString withSign(double value, int digits) {
    return value > 0 ? QStringLiteral("+") + significant(value, digits) : significant(value, digits);
}

QString duration(double seconds) {
    const auto whole = static_cast<qint64>(std::ceil(std::max(0.0, seconds)));
    if (whole < 60)
        return Words::tr("%1 s").arg(whole);
    if (whole < 3600)
        return Words::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
    return Words::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60, 2, 10, QLatin1Char('0'));
}

}  // namespace sqil
