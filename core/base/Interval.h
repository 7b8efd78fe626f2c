#pragma once

namespace sqil {

/// An estimate with the interval that holds it at 95 %.
struct Interval {
    double value = 0, low = 0, high = 0;
};

}  // namespace sqil
