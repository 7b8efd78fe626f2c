#pragma once
#include <QString>

namespace sqil {

/// A value as people read it: `digits` significant digits, a true minus sign, powers of ten below
/// 0.001 and from 100 000 on ("0.0182", "3.1×10⁻⁵"); "–" for NaN, "∞" for infinity.
QString significant(double value, int digits = 3);

/// With as many decimals as show a hundredth of `range`: numbers that change keep their width.
QString inRange(double value, double range);

/// The same with its sign always shown: "+0.21".
QString withSign(double value, int digits = 3);

/// "12 s", "3 min 05 s", "2 h 10 min".
QString duration(double seconds);

}  // namespace sqil
