#include "core/bench/Roofs.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

#include "core/base/ParallelWork.h"
#include "core/bench/Machine.h"
#include "core/kernels/LowBitKernels.h"

namespace sqil {
namespace {

constexpr std::int64_t kBytes = std::int64_t{192} << 20;  // far more than caches hold
constexpr std::int64_t kPiece = std::int64_t{256} << 10;
constexpr std::int64_t kRounds = 400000;

double secondsOf(const auto& work) {
    const double start = now();
    work();
    return now() - start;
}

}  // namespace

Roofs measureRoofs(int threads, int rounds) {
    const LowBitKernels& kernels = lowBitKernels();
    const auto memory = std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(kBytes));
    std::memset(memory.get(), 1, static_cast<std::size_t>(kBytes));
    Roofs best;
    std::atomic<std::uint32_t> sink{0};
    for (int round = 0; round < rounds; ++round) {
        const double reading = secondsOf([&] {
            forEachItem(threads, kBytes / kPiece, [&](int, std::int64_t piece) {
                sink += kernels.readAll(memory.get() + piece * kPiece, kPiece);
            });
        });
        best.readBytesPerSecond = std::max(best.readBytesPerSecond, static_cast<double>(kBytes) / reading);
        std::atomic<double> operations{0};
        const double floats = secondsOf([&] {
            forEachItem(threads, threads, [&](int, std::int64_t) {
                float values[2 * kLanes] = {};
                operations.fetch_add(kernels.multiplyFloats(kRounds, values));
            });
        });
        best.floatOperationsPerSecond = std::max(best.floatOperationsPerSecond, operations / floats);
        operations = 0;
        const double integers = secondsOf([&] {
            forEachItem(threads, threads, [&](int, std::int64_t) {
                std::int32_t values[kLanes] = {};
                operations.fetch_add(kernels.multiplyIntegers(kRounds, values));
            });
        });
        best.integerOperationsPerSecond = std::max(best.integerOperationsPerSecond, operations / integers);
    }
    return best;
}

}  // namespace sqil
