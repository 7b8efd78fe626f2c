#pragma once
#include "plugins/cuda/kernels/Elementwise.h"
#include "plugins/cuda/kernels/FloatDirect.h"
#include "plugins/cuda/kernels/FloatTiled.h"
#include "plugins/cuda/kernels/IntegerTiled.h"

namespace sqil::cuda {

/// Blocks of a launch.
struct Grid {
    int x = 1, y = 1, z = 1;
};

// From a call to the kernel's instance, its grid and its shared memory. `launch(kernel, grid, threads, sharedBytes,
// arguments…)` starts it: on the device, or in the tests' emulator.

template<FloatWeights Weights, bool BFloat, class Launch>
void dispatchFloat(const FloatLinear& call, const FloatSchedule& schedule, float* rowSumsOut, Launch&& launch) {
    if (schedule.direct) {
        const Grid grid{schedule.outputBlocks, schedule.splits, 1};
        if (call.zeros) {
            if constexpr (Weights != FloatWeights::Table4) {
                using Kernel = DirectLinear<Weights, BFloat, true>;
                return launch(floatDirect<Weights, BFloat, true>, grid, Kernel::kThreads, Kernel::kSharedBytes, call);
            }
        }
        using Kernel = DirectLinear<Weights, BFloat, false>;
        return launch(floatDirect<Weights, BFloat, false>, grid, Kernel::kThreads, Kernel::kSharedBytes, call);
    }
    if (call.zeros)
        launch(rowSums<BFloat>, Grid{(call.rows + 7) / 8 * 8, call.groups, call.splits}, kLanesOfWarp, kLanesOfWarp * 4,
               call, rowSumsOut);
    const Grid grid{schedule.outputBlocks, schedule.rowBlocks, schedule.splits};
    const auto tiled = [&]<int RowTiles>() {
        using Kernel = TiledLinear<Weights, BFloat, RowTiles>;
        launch(floatTiled<Weights, BFloat, RowTiles>, grid, Kernel::kThreads, Kernel::kSharedBytes, call);
    };
    if (schedule.rowTiles == 2)
        tiled.template operator()<2>();
    else if (schedule.rowTiles == 4)
        tiled.template operator()<4>();
    else
        tiled.template operator()<8>();
}

/// `rowSumsOut`: splits × groups × rows rounded up to 8, where the schedule is not direct and there are zeros.
template<class Launch>
void dispatchFloat(const FloatLinear& call, FloatWeights weights, bool bfloat, const FloatSchedule& schedule,
                   float* rowSumsOut, Launch&& launch) {
    const auto with = [&]<FloatWeights Weights>() {
        if (bfloat)
            dispatchFloat<Weights, true>(call, schedule, rowSumsOut, launch);
        else
            dispatchFloat<Weights, false>(call, schedule, rowSumsOut, launch);
    };
    if (weights == FloatWeights::Plain4)
        with.template operator()<FloatWeights::Plain4>();
    else if (weights == FloatWeights::Table4)
        with.template operator()<FloatWeights::Table4>();
    else
        with.template operator()<FloatWeights::Bytes8>();
}

template<IntegerWeights Weights, bool Conv, int Piece, class Launch>
void dispatchInteger(const IntegerProduct& call, const IntegerSchedule& schedule, Launch&& launch) {
    const Grid grid{schedule.outputBlocks, schedule.rowBlocks, schedule.splits};
    const auto shaped = [&]<IntegerShape Shape, bool Grouped>() {
        using Kernel = TiledIntegers<Weights, Shape, Conv, Piece, Grouped>;
        launch(integerTiled<Weights, Shape, Conv, Piece, Grouped>, grid, Kernel::kThreads, Kernel::kSharedBytes, call);
    };
    if (call.groupSize > 0) {
        if constexpr (!Conv)
            shaped.template operator()<IntegerShape::Small, true>();
    } else if (schedule.shape == IntegerShape::Small) {
        shaped.template operator()<IntegerShape::Small, false>();
    } else if (schedule.shape == IntegerShape::Narrow) {
        shaped.template operator()<IntegerShape::Narrow, false>();
    } else {
        if constexpr (Piece == 16)
            shaped.template operator()<IntegerShape::Wide, false>();
    }
}

template<class Launch>
void dispatchLinear(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, Launch&& launch) {
    if (fourBits)
        dispatchInteger<IntegerWeights::Nibbles4, false, 16>(call, schedule, launch);
    else
        dispatchInteger<IntegerWeights::Bytes8, false, 16>(call, schedule, launch);
}

template<class Launch>
void dispatchConv(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, Launch&& launch) {
    const bool wide = call.conv.channels % 16 == 0;
    if (fourBits && wide)
        dispatchInteger<IntegerWeights::Nibbles4, true, 16>(call, schedule, launch);
    else if (fourBits)
        dispatchInteger<IntegerWeights::Nibbles4, true, 4>(call, schedule, launch);
    else if (wide)
        dispatchInteger<IntegerWeights::Bytes8, true, 16>(call, schedule, launch);
    else
        dispatchInteger<IntegerWeights::Bytes8, true, 4>(call, schedule, launch);
}

/// Words of memory that blocks with split inputs meet in.
constexpr std::int64_t partialWords(const FloatSchedule& schedule) {
    return schedule.splits == 1
               ? 0
               : std::int64_t{schedule.outputBlocks} * schedule.rowBlocks * schedule.splits * schedule.sums();
}
constexpr std::int64_t partialWords(const IntegerSchedule& schedule) {
    return schedule.splits == 1 ? 0
                                : std::int64_t{schedule.outputBlocks} * schedule.rowBlocks * schedule.splits *
                                      shapeOf(schedule.shape).outputs() * shapeOf(schedule.shape).rows();
}

}  // namespace sqil::cuda
