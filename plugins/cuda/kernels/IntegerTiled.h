#pragma once
#include "plugins/cuda/index/Fragments.h"
#include "plugins/cuda/kernels/CopyWeights.h"
#include "plugins/cuda/kernels/Finish.h"
#include "plugins/cuda/kernels/Meet.h"
#include "plugins/cuda/kernels/Pipeline.h"

namespace sqil::cuda {

enum class IntegerWeights { Bytes8, Nibbles4 };

/// Codes times integers. A block of shape `Form` copies rows and weights into shared memory in steps of 64 inputs,
/// several steps ahead. `Piece`: bytes of a row that lie side by side and are copied at once (4 or 16). With `Conv` the
/// rows are the windows of output pixels, gathered on the way in; what lies beyond the border is the code of zero.
/// Nibbles are multiplied as they are where tensor cores do that (codes are put together in pairs first), elsewhere
/// they are the upper half of a byte: their sums are 16 times too large, exactly. Grid: outputBlocks × rowBlocks ×
/// splits.
template<IntegerWeights Weights, IntegerShape Form, bool Conv, int Piece, bool Grouped>
class TiledIntegers {
    static constexpr BlockShape kShape = shapeOf(Form);
    static constexpr bool kNibbles = Weights != IntegerWeights::Bytes8;
    static constexpr int kVectors = kNibbles ? 1 : 2;
    static constexpr int kM = kShape.outputTiles, kN = kShape.rowTiles;
    static constexpr int kRowsBytes = kShape.rows() * kTileInputs;
    static constexpr int kWeightTiles = kShape.outputs() / kTileOutputs;
    static constexpr int kStageBytes = kRowsBytes + kWeightTiles * kVectors * kLanesOfWarp * 16;
    static constexpr int kWarpOutputs = kTileOutputs * kM;
    static constexpr int kStagePitch = kWarpOutputs + 4;  ///< of the sums that a warp turns round, in words
    static constexpr int kThreadsOfRow = kShape.threads() / kShape.rows() < 4 ? kShape.threads() / kShape.rows() : 4;
    static constexpr int kBytesOfThread = kTileInputs / kThreadsOfRow;

public:
    static constexpr int kThreads = kShape.threads();
    static constexpr int kStages = (48 * 1024 - 16) / kStageBytes < 4 ? (48 * 1024 - 16) / kStageBytes : 4;
    static constexpr int kSharedBytes = kStages * kStageBytes + 16;
    static_assert(kStages >= 2);
    static_assert(kStages * kStageBytes >= kThreads / kLanesOfWarp * 8 * kStagePitch * 4);

    SQIL_GPU explicit TiledIntegers(const IntegerProduct& call)
        : call_(call),
          lane_(gpu::thread() % kLanesOfWarp),
          outputWarp_(gpu::thread() / kLanesOfWarp % kShape.outputWarps),
          rowWarp_(gpu::thread() / kLanesOfWarp / kShape.outputWarps),
          inputBlocks_(static_cast<int>(inputTiles(call.inputs))),
          tiles_(static_cast<int>(outputTiles(call.outputs))),
          copiedRow_(gpu::thread() / kThreadsOfRow),
          copies_(copiedRow_ < kShape.rows()) {
        const int row = gpu::blockY() * kShape.rows() + copiedRow_;
        exists_ = row < call.rows;
        if constexpr (Conv)
            window_ = windowOf(call.conv, static_cast<std::uint32_t>(exists_ ? row : 0));
        else
            rowStart_ = std::int64_t{exists_ ? row : 0} * call.pitch;
        // A tensor core's product of nibbles takes 64 inputs: no group may end within.
        inNibbles_ =
            kNibbles && call.smallCodes && gpu::multipliesNibbles() && (!Grouped || call.groupSize % kTileInputs == 0);
    }

    SQIL_GPU void run() {
        runPipeline(*this, splitRange(inputBlocks_, call_.splits, gpu::blockZ()));
        gpu::syncBlock();
        finish();
    }

private:
    SQIL_GPU int tileOf(int m) const { return (gpu::blockX() * kShape.outputWarps + outputWarp_) * kM + m; }
    SQIL_GPU char* stageAt(int stage) const { return gpu::shared() + stage * kStageBytes; }

    template<class Kernel>
    friend SQIL_GPU void runPipeline(Kernel&, const Range&);

    SQIL_GPU void copy(int block, int last, int stage) const {
        if (block >= last)
            return;
        char* rows = stageAt(stage);
        if (copies_) {
            const int first = gpu::thread() % kThreadsOfRow * kBytesOfThread;
            SQIL_UNROLL
            for (int offset = 0; offset < kBytesOfThread; offset += Piece) {
                const int byte = first + offset, input = block * kTileInputs + byte;
                char* to = rows + codeChunk(copiedRow_, byte / 16) * 16 + byte % 16;
                if constexpr (Conv) {
                    const bool valid = exists_ && input < call_.inputs;
                    const std::int64_t from =
                        valid ? sourceOf(call_.conv, window_, static_cast<std::uint32_t>(input)) : 0;
                    if (from >= 0) {
                        gpu::copyAsync<Piece>(to, call_.x + from, valid);
                    } else {
                        SQIL_UNROLL
                        for (int word = 0; word < Piece / 4; ++word)
                            reinterpret_cast<std::uint32_t*>(to)[word] = call_.border * 0x01010101U;
                    }
                } else {
                    const bool valid = exists_ && input < call_.pitch;
                    gpu::copyAsync<Piece>(to, call_.x + (valid ? rowStart_ + input : 0), valid);
                }
            }
        }
        copyWeights<kWeightTiles, kVectors, kThreads>(call_.weights, inputBlocks_, tiles_, block, rows + kRowsBytes);
    }

    /// Two registers of codes: eight of row `n`, of half `half` of the step's inputs.
    SQIL_GPU Words2 codesOf(const char* rows, int n, int half) const {
        const int row = (rowWarp_ * kN + n) * 8 + lane_ / 4, byte = 32 * half + 8 * (lane_ % 4);
        return *reinterpret_cast<const Words2*>(rows + codeChunk(row, byte / 16) * 16 + byte % 16);
    }

    SQIL_GPU void multiply(int block, int stage) {
        const char* rows = stageAt(stage);
        const auto* weights =
            reinterpret_cast<const Words4*>(rows + kRowsBytes) + outputWarp_ * kM * kVectors * kLanesOfWarp + lane_;
        if (inNibbles_) {
            Words4 a[kM];
            SQIL_UNROLL
            for (int m = 0; m < kM; ++m)
                a[m] = weights[m * kLanesOfWarp];
            SQIL_UNROLL
            for (int n = 0; n < kN; ++n) {
                const Words2 low = codesOf(rows, n, 0), high = codesOf(rows, n, 1);
                SQIL_UNROLL
                for (int m = 0; m < kM; ++m)
                    gpu::multiplyNibbles(sums_[m][n], a[m].of, low.of[0] | high.of[0] << 4,
                                         low.of[1] | high.of[1] << 4);
            }
            if constexpr (Grouped)
                flushAtEnd(block * kTileInputs + kTileInputs);
            return;
        }
        SQIL_UNROLL
        for (int half = 0; half < 2; ++half) {
            std::uint32_t a[kM][4];
            SQIL_UNROLL
            for (int m = 0; m < kM; ++m) {
                const Words4 words = weights[(m * kVectors + (kVectors == 2 ? half : 0)) * kLanesOfWarp];
                SQIL_UNROLL
                for (int reg = 0; reg < 4; ++reg)
                    a[m][reg] =
                        !kNibbles ? words.of[reg] : (half == 0 ? words.of[reg] << 4 : words.of[reg]) & 0xf0f0f0f0U;
            }
            SQIL_UNROLL
            for (int n = 0; n < kN; ++n) {
                const Words2 codes = codesOf(rows, n, half);
                SQIL_UNROLL
                for (int m = 0; m < kM; ++m)
                    gpu::multiplyBytes(sums_[m][n], a[m], codes.of[0], codes.of[1]);
            }
            if constexpr (Grouped)
                flushAtEnd(block * kTileInputs + 32 * (half + 1));
        }
    }

    SQIL_GPU std::int32_t whole(std::int32_t sum) const { return kNibbles && !inNibbles_ ? sum >> 4 : sum; }

    /// Where a group, or the last step, ends at input `end`, its sums become floats.
    SQIL_GPU void flushAtEnd(int end) {
        const int group = (end - 1) / call_.groupSize;
        if ((end % call_.groupSize != 0 && end != inputBlocks_ * kTileInputs) || group >= call_.groups)
            return;
        SQIL_UNROLL
        for (int m = 0; m < kM; ++m) {
            const int tile = tileOf(m) < tiles_ ? tileOf(m) : tiles_ - 1;
            const TileGroups place = tileGroups(call_.outputs, call_.groups, tile);
            SQIL_UNROLL
            for (int upper = 0; upper < 2; ++upper) {
                const std::int64_t at = place.first + group * place.stride + lane_ / 4 + 8 * upper;
                const float scale = call_.scales[at];
                const std::int32_t correction = call_.corrections ? call_.corrections[at] : 0;
                SQIL_UNROLL
                for (int n = 0; n < kN; ++n) {
                    SQIL_UNROLL
                    for (int i = 2 * upper; i < 2 * upper + 2; ++i) {
                        const auto sum = static_cast<float>(whole(sums_[m][n][i]) + correction);
                        floats_[m][n][i] = gpu::add(floats_[m][n][i], gpu::multiply(sum, scale));
                        sums_[m][n][i] = 0;
                    }
                }
            }
        }
    }

    SQIL_GPU void finish() {
        if constexpr (!Grouped) {
            SQIL_UNROLL
            for (int i = 0; i < kM * kN * 4; ++i)
                sums_[i / (4 * kN)][i / 4 % kN][i % 4] = whole(sums_[i / (4 * kN)][i / 4 % kN][i % 4]);
            if (call_.splits > 1 && !addParts())
                return;
        }
        // Lanes hold single outputs of rows: turned round in shared memory, they write outputs side by side.
        auto* turned = reinterpret_cast<std::int32_t*>(gpu::shared()) + gpu::thread() / kLanesOfWarp * 8 * kStagePitch;
        constexpr int count = kWarpOutputs / 4;
        const int first = tileOf(0) * kTileOutputs + lane_ % 4 * count;
        SQIL_UNROLL
        for (int n = 0; n < kN; ++n) {
            SQIL_UNROLL
            for (int i = 0; i < kM * 4; ++i) {
                const Place place = placeInC(lane_, i % 4);
                std::int32_t& to = turned[place.column * kStagePitch + i / 4 * kTileOutputs + place.row];
                if constexpr (Grouped)
                    to = static_cast<std::int32_t>(gpu::toBits(floats_[i / 4][n][i % 4]));
                else
                    to = sums_[i / 4][n][i % 4];
            }
            gpu::syncWarp();
            const int row = gpu::blockY() * kShape.rows() + (rowWarp_ * kN + n) * 8 + lane_ / 4;
            const std::int32_t* from = turned + lane_ / 4 * kStagePitch + lane_ % 4 * count;
            if (row < call_.rows && first < call_.outputs) {
                float y[count];
                SQIL_UNROLL
                for (int i = 0; i < count; ++i) {
                    if constexpr (Grouped) {
                        y[i] = gpu::fromBits(static_cast<std::uint32_t>(from[i]));
                    } else {
                        // Scales are padded to a multiple of 16 outputs, what lies beyond is not written.
                        const int at = first + i < tiles_ * kTileOutputs ? first + i : 0;
                        const std::int32_t sum = from[i] + (call_.corrections ? call_.corrections[at] : 0);
                        y[i] = gpu::multiply(static_cast<float>(sum), call_.scales[at]);
                    }
                }
                finishRow(call_, y, row, first);
            }
            gpu::syncWarp();
        }
    }

    SQIL_GPU bool addParts() {
        constexpr int kCount = kM * kN * 4;
        const int block = gpu::blockX() + gpu::blockY() * ((call_.outputs + kShape.outputs() - 1) / kShape.outputs());
        SQIL_UNROLL
        for (int i = 0; i < kCount; ++i)
            call_.meeting
                .partial[partialIndex(block, call_.splits, gpu::blockZ(), kCount, i, kThreads, gpu::thread())] =
                static_cast<std::uint32_t>(sums_[i / (4 * kN)][i / 4 % kN][i % 4]);
        if (!isLast(call_.meeting, block, call_.splits,
                    reinterpret_cast<std::int32_t*>(gpu::shared() + kStages * kStageBytes)))
            return false;
        SQIL_UNROLL
        for (int i = 0; i < kCount; ++i) {
            std::int32_t sum = 0;
            for (int split = 0; split < call_.splits; ++split)
                sum += static_cast<std::int32_t>(call_.meeting.partial[partialIndex(block, call_.splits, split, kCount,
                                                                                    i, kThreads, gpu::thread())]);
            sums_[i / (4 * kN)][i / 4 % kN][i % 4] = sum;
        }
        return true;
    }

    const IntegerProduct& call_;
    int lane_, outputWarp_, rowWarp_, inputBlocks_, tiles_, copiedRow_;
    bool copies_, exists_ = false, inNibbles_ = false;
    Window window_;
    std::int64_t rowStart_ = 0;
    std::int32_t sums_[kM][kN][4] = {};
    float floats_[Grouped ? kM : 1][Grouped ? kN : 1][4] = {};
};

template<IntegerWeights Weights, IntegerShape Form, bool Conv, int Piece, bool Grouped>
SQIL_KERNEL((TiledIntegers<Weights, Form, Conv, Piece, Grouped>::kThreads))
integerTiled(IntegerProduct call) {
    TiledIntegers<Weights, Form, Conv, Piece, Grouped>(call).run();
}

}  // namespace sqil::cuda
