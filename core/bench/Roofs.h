#pragma once

namespace sqil {

/// What this machine can do at most, measured with the kernels' own instructions on so many threads.
struct Roofs {
    double readBytesPerSecond = 0;          ///< one pass over memory that no cache holds
    double floatOperationsPerSecond = 0;    ///< multiply-add in registers, two operations each
    double integerOperationsPerSecond = 0;  ///< of 8-bit numbers into 32-bit sums
};

/// The best of `rounds`: others on the machine only slow it down.
Roofs measureRoofs(int threads, int rounds = 5);

}  // namespace sqil
