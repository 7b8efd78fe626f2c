#pragma once
#include <cstdint>

#include <c10/core/Device.h>

namespace sqil::test {

/// A device for tests, LibTorch's "privateuseone": its memory is the machine's, it has events, memory statistics, and
/// graphs that run again what was recorded. Operators run on the CPU; the sqil:: ones as on CUDA, with a layout of its
/// own for weights (here: the same bytes as int32), which repack_weight gives and the others take.
struct FakeAccelerator {
    static at::Device device() { return {at::kPrivateUse1, 0}; }
    /// Makes it known, once.
    static void install();

    // What happened since reset().
    static std::int64_t repacked;           ///< calls of repack_weight
    static std::int64_t unpackedWeights;    ///< calls of packed operators whose weight was in the CPU's layout
    static std::int64_t packedCalls;        ///< calls of packed operators
    static std::int64_t recorded, replays;  ///< graphs
    // How it behaves.
    static std::int64_t memory;  ///< bytes it has; more throw c10::OutOfMemoryError
    static const char* refusal;  ///< repack_weight throws this; null: it works
    static bool records;         ///< graphs can be recorded
    static void reset();
};

}  // namespace sqil::test
