#pragma once
#include "plugins/cuda/index/Fragments.h"
#include "plugins/cuda/kernels/CopyWeights.h"
#include "plugins/cuda/kernels/Decode.h"
#include "plugins/cuda/kernels/Meet.h"
#include "plugins/cuda/kernels/Pipeline.h"

namespace sqil::cuda {

/// More than eight rows: a block computes 128 outputs × 8·RowTiles rows. Activations and weights come into shared
/// memory in steps of 64 inputs, several steps ahead; each of the four warps unpacks its own 32 outputs' weights in
/// registers and multiplies them with all of the block's rows. Sums of a group stay apart and are scaled as floats.
/// Grid: outputBlocks × rowBlocks × splits.
template<FloatWeights Weights, bool BFloat, int RowTiles>
class TiledLinear {
    static constexpr int kVectors = Weights == FloatWeights::Bytes8 ? 2 : 1;
    static constexpr int kOutputTiles = 2;
    static constexpr int kRows = 8 * RowTiles;
    static constexpr int kRowsBytes = kRows * kTileInputs * 2;
    static constexpr int kWeightTiles = kTiledWarps * kOutputTiles;
    static constexpr int kStageBytes = kRowsBytes + kWeightTiles * kVectors * kLanesOfWarp * 16;
    static constexpr int kTail = kPairTableBytes + 16;
    static constexpr int kMost = (48 * 1024 - kTail) / kStageBytes;

public:
    static constexpr int kThreads = kTiledWarps * kLanesOfWarp;
    static constexpr int kStages = kMost < 4 ? kMost : 4;
    static constexpr int kSharedBytes = kStages * kStageBytes + kTail;
    static_assert(kStages >= 2);

    SQIL_GPU explicit TiledLinear(const FloatLinear& call)
        : call_(call),
          lane_(gpu::thread() % kLanesOfWarp),
          warp_(gpu::thread() / kLanesOfWarp),
          firstRow_(gpu::blockY() * kRows),
          inputBlocks_((call.pitch + kTileInputs - 1) / kTileInputs),
          tiles_(static_cast<int>(outputTiles(call.outputs))),
          pairs_(reinterpret_cast<std::uint32_t*>(gpu::shared() + kStages * kStageBytes)) {
        SQIL_UNROLL
        for (int m = 0; m < kOutputTiles; ++m) {
            const int tile = tileOf(m) < tiles_ ? tileOf(m) : tiles_ - 1;
            const TileGroups place = tileGroups(call.outputs, call.groups, tile);
            firstScale_[m] = static_cast<int>(place.first) + lane_ / 4;
            stride_[m] = place.stride;
        }
    }

    SQIL_GPU void run() {
        if constexpr (Weights == FloatWeights::Table4)
            fillPairTable<BFloat>(pairs_, call_.table, gpu::thread(), kThreads);
        runPipeline(*this, splitRange(inputBlocks_, call_.splits, gpu::blockZ()));
        if (call_.groups == 1) {
            SQIL_UNROLL
            for (int m = 0; m < kOutputTiles; ++m)
                flush(m, 0);
        }
        finish();
    }

private:
    SQIL_GPU int tileOf(int m) const { return gpu::blockX() * kWeightTiles + warp_ * kOutputTiles + m; }
    SQIL_GPU char* stageAt(int stage) const { return gpu::shared() + stage * kStageBytes; }

    template<class Kernel>
    friend SQIL_GPU void runPipeline(Kernel&, const Range&);

    SQIL_GPU void copy(int block, int last, int stage) const {
        if (block >= last)
            return;
        char* rows = stageAt(stage);
        SQIL_UNROLL
        for (int i = 0; i < kRows * 8 / kThreads; ++i) {
            const int piece = i * kThreads + gpu::thread(), row = piece / 8, chunk = piece % 8;
            const int input = block * kTileInputs + chunk * 8;
            const bool valid = firstRow_ + row < call_.rows && input < call_.pitch;
            const std::uint16_t* from = valid ? call_.x + std::int64_t{firstRow_ + row} * call_.pitch + input : call_.x;
            gpu::copyAsync<16>(rows + halfChunk(row, chunk) * 16, from, valid);
        }
        copyWeights<kWeightTiles, kVectors, kThreads>(call_.weights, inputBlocks_, tiles_, block, rows + kRowsBytes);
    }

    SQIL_GPU void multiply(int block, int stage) {
        const char* rows = stageAt(stage);
        const auto* weights = reinterpret_cast<const Words4*>(rows + kRowsBytes);
        SQIL_UNROLL
        for (int half = 0; half < 2; ++half) {
            std::uint32_t a[kOutputTiles][2][4];
            SQIL_UNROLL
            for (int m = 0; m < kOutputTiles; ++m) {
                const int at = (warp_ * kOutputTiles + m) * kVectors + (kVectors == 2 ? half : 0);
                const Words4 words = weights[at * kLanesOfWarp + lane_];
                SQIL_UNROLL
                for (int j = 0; j < 2; ++j)
                    Decode<Weights, BFloat>::tile(words, kVectors == 2 ? j : 2 * half + j, pairs_, a[m][j]);
            }
            SQIL_UNROLL
            for (int n = 0; n < RowTiles; ++n) {
                const int row = 8 * n + lane_ / 4, chunk = 4 * half + lane_ % 4;
                const Words4 x = *reinterpret_cast<const Words4*>(rows + halfChunk(row, chunk) * 16);
                SQIL_UNROLL
                for (int m = 0; m < kOutputTiles; ++m) {
                    multiplyFloats<BFloat>(part_[m][n], a[m][0], x.of[0], x.of[1]);
                    multiplyFloats<BFloat>(part_[m][n], a[m][1], x.of[2], x.of[3]);
                }
            }
            const int end = block * kTileInputs + 32 * (half + 1);
            const bool groupEnds = call_.groups > 1 && (end & ((1 << call_.groupShift) - 1)) == 0;
            const bool stepEnds = call_.groups > 1 && half == 1 && block + 1 == lastBlock();
            if (groupEnds || stepEnds) {
                const int group = (end - 1) >> call_.groupShift;
                if (group < call_.groups) {  // else it lies beyond the inputs
                    SQIL_UNROLL
                    for (int m = 0; m < kOutputTiles; ++m)
                        flush(m, group);
                }
            }
        }
    }

    SQIL_GPU int lastBlock() const { return splitRange(inputBlocks_, call_.splits, gpu::blockZ()).last; }

    SQIL_GPU void flush(int m, int group) {
        float scales[2], zeros[2] = {};
        SQIL_UNROLL
        for (int upper = 0; upper < 2; ++upper) {
            const int at = firstScale_[m] + group * stride_[m] + 8 * upper;
            scales[upper] = call_.scales[at];
            if (call_.zeros)
                zeros[upper] = call_.zeros[at];
        }
        SQIL_UNROLL
        for (int n = 0; n < RowTiles; ++n) {
            float rowSums[2] = {};
            if (call_.zeros) {
                const int rows = (call_.rows + 7) / 8 * 8, row = firstRow_ + 8 * n + 2 * (lane_ % 4);
                if (row < rows) {
                    rowSums[0] = call_.rowSums[(std::int64_t{gpu::blockZ()} * call_.groups + group) * rows + row];
                    rowSums[1] = call_.rowSums[(std::int64_t{gpu::blockZ()} * call_.groups + group) * rows + row + 1];
                }
            }
            SQIL_UNROLL
            for (int i = 0; i < 4; ++i) {
                total_[m][n][i] += scales[i / 2] * (part_[m][n][i] - zeros[i / 2] * rowSums[i % 2]);
                part_[m][n][i] = 0;
            }
        }
    }

    SQIL_GPU void finish() {
        const int block = gpu::blockX() + gpu::blockY() * ((tiles_ + kWeightTiles - 1) / kWeightTiles);
        constexpr int kCount = kOutputTiles * RowTiles * 4;
        if (call_.splits > 1) {
            SQIL_UNROLL
            for (int i = 0; i < kCount; ++i)
                call_.meeting
                    .partial[partialIndex(block, call_.splits, gpu::blockZ(), kCount, i, kThreads, gpu::thread())] =
                    gpu::toBits(total_[i / (4 * RowTiles)][i / 4 % RowTiles][i % 4]);
            auto* flag = reinterpret_cast<std::int32_t*>(gpu::shared() + kStages * kStageBytes + kPairTableBytes);
            if (!isLast(call_.meeting, block, call_.splits, flag))
                return;
            SQIL_UNROLL
            for (int i = 0; i < kCount; ++i) {
                float sum = 0;
                for (int split = 0; split < call_.splits; ++split)
                    sum += gpu::fromBits(call_.meeting.partial[partialIndex(block, call_.splits, split, kCount, i,
                                                                            kThreads, gpu::thread())]);
                total_[i / (4 * RowTiles)][i / 4 % RowTiles][i % 4] = sum;
            }
        }
        SQIL_UNROLL
        for (int m = 0; m < kOutputTiles; ++m) {
            SQIL_UNROLL
            for (int i = 0; i < 4; ++i) {
                const Place place = placeInC(lane_, i);
                const int output = tileOf(m) * kTileOutputs + place.row;
                if (output >= call_.outputs)
                    continue;
                const float bias = call_.bias ? call_.bias[output] : 0.0F;
                SQIL_UNROLL
                for (int n = 0; n < RowTiles; ++n) {
                    const int row = firstRow_ + 8 * n + place.column;
                    if (row < call_.rows)
                        storeNumber(call_.y, std::int64_t{row} * call_.outputs + output, call_.yType,
                                    total_[m][n][i] + bias);
                }
            }
        }
    }

    const FloatLinear& call_;
    int lane_, warp_, firstRow_, inputBlocks_, tiles_;
    std::uint32_t* pairs_;
    int firstScale_[kOutputTiles] = {}, stride_[kOutputTiles] = {};
    float total_[kOutputTiles][RowTiles][4] = {}, part_[kOutputTiles][RowTiles][4] = {};
};

template<FloatWeights Weights, bool BFloat, int RowTiles>
SQIL_KERNEL((TiledLinear<Weights, BFloat, RowTiles>::kThreads))
floatTiled(FloatLinear call) {
    TiledLinear<Weights, BFloat, RowTiles>(call).run();
}

/// Σ x of every part of the inputs, group and row, in the order [split][group][row], what zero points are multiplied
/// with: a warp a row, group and split. Parts are cut as the kernel above cuts them.
template<bool BFloat>
SQIL_KERNEL(kLanesOfWarp)
rowSums(FloatLinear call, float* sums) {
    const int rows = (call.rows + 7) / 8 * 8, row = gpu::blockX(), group = gpu::blockY(), lane = gpu::thread();
    const Range range = splitRange((call.pitch + kTileInputs - 1) / kTileInputs, call.splits, gpu::blockZ());
    auto* shared = reinterpret_cast<float*>(gpu::shared());
    const int groupFirst = call.groups > 1 ? group << call.groupShift : 0;
    const int groupLast = call.groups > 1 ? (group + 1) << call.groupShift : call.pitch;
    const int first = range.first * kTileInputs > groupFirst ? range.first * kTileInputs : groupFirst;
    int last = range.last * kTileInputs < groupLast ? range.last * kTileInputs : groupLast;
    last = last < call.pitch ? last : call.pitch;
    float sum = 0;
    if (row < call.rows)
        for (int input = first + lane; input < last; input += kLanesOfWarp) {
            const std::uint16_t bits = call.x[std::int64_t{row} * call.pitch + input];
            sum += BFloat ? gpu::fromBits(std::uint32_t{bits} << 16) : gpu::halfAsFloat(bits);
        }
    shared[lane] = sum;
    gpu::syncBlock();
    if (lane == 0) {
        for (int other = 1; other < kLanesOfWarp; ++other)
            sum += shared[other];
        sums[(std::int64_t{gpu::blockZ()} * call.groups + group) * rows + row] = sum;
    }
}

}  // namespace sqil::cuda
