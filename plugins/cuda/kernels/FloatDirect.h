#pragma once
#include "plugins/cuda/index/Fragments.h"
#include "plugins/cuda/kernels/Decode.h"
#include "plugins/cuda/kernels/Meet.h"

namespace sqil::cuda {

/// Up to eight rows, where reading the weights is all that takes time: a block computes 16 outputs, its warps take
/// blocks of 64 inputs in turns and stream them from memory into registers with several loads under way, nothing goes
/// through shared memory but the sums of the warps at the end. The tensor cores' product costs one instruction for 256
/// weights, of eight columns of which `rows` are in use.
/// Grid: outputBlocks × splits.
template<FloatWeights Weights, bool BFloat, bool Zeros>
class DirectLinear {
    static constexpr int kVectors = Weights == FloatWeights::Bytes8 ? 2 : 1;
    static constexpr int kAhead = Weights == FloatWeights::Bytes8 ? 3 : 4;
    static constexpr std::uint32_t kOnes = BFloat ? 0x3f803f80U : 0x3c003c00U;

    struct Slot {
        Words4 words[kVectors];
        float scales[2][2];  ///< [half of the inputs][output g, g + 8]
        float zeros[2][2];
    };

public:
    static constexpr int kThreads = kDirectWarps * kLanesOfWarp;
    static constexpr int kSharedBytes = kDirectWarps * kLanesOfWarp * 4 * 4 + kPairTableBytes + 16;

    SQIL_GPU explicit DirectLinear(const FloatLinear& call)
        : call_(call),
          lane_(gpu::thread() % kLanesOfWarp),
          warp_(gpu::thread() / kLanesOfWarp),
          tile_(gpu::blockX()),
          inputBlocks_((call.pitch + kTileInputs - 1) / kTileInputs),
          sums_(reinterpret_cast<float*>(gpu::shared())),
          pairs_(reinterpret_cast<std::uint32_t*>(gpu::shared() + kThreads * 16)) {
        const TileGroups place = tileGroups(call.outputs, call.groups, tile_);
        firstScale_ = static_cast<int>(place.first) + lane_ / 4;
        stride_ = place.stride;
        row_ = call.x + std::int64_t{lane_ / 4 < call.rows ? lane_ / 4 : 0} * call.pitch;
    }

    SQIL_GPU void run() {
        if constexpr (Weights == FloatWeights::Table4) {
            fillPairTable<BFloat>(pairs_, call_.table, gpu::thread(), kThreads);
            gpu::syncBlock();
        }
        stream(splitRange(inputBlocks_, call_.splits, gpu::blockY()));
        SQIL_UNROLL
        for (int i = 0; i < 4; ++i)
            sums_[gpu::thread() * 4 + i] = total_[i];
        gpu::syncBlock();
        finish();
    }

private:
    SQIL_GPU void stream(const Range& range) {
        Slot ring[kAhead];
        SQIL_UNROLL
        for (int s = 0; s < kAhead; ++s)
            load(ring[s], range.first + warp_ + s * kDirectWarps, range.last);
        for (int first = range.first + warp_; first < range.last; first += kAhead * kDirectWarps) {
            SQIL_UNROLL
            for (int s = 0; s < kAhead; ++s) {
                const int block = first + s * kDirectWarps;
                if (block >= range.last)
                    break;
                const Slot slot = ring[s];
                load(ring[s], block + kAhead * kDirectWarps, range.last);
                multiply(slot, block);
            }
        }
        if (call_.groups == 1) {
            Slot whole;
            loadScales(whole, 0, 0);
            flush(whole, 0);
        }
    }

    SQIL_GPU void loadScales(Slot& slot, int half, int group) const {
        const int at = firstScale_ + group * stride_;
        slot.scales[half][0] = call_.scales[at];
        slot.scales[half][1] = call_.scales[at + 8];
        if constexpr (Zeros) {
            slot.zeros[half][0] = call_.zeros[at];
            slot.zeros[half][1] = call_.zeros[at + 8];
        }
    }

    SQIL_GPU void load(Slot& slot, int block, int last) const {
        if (block >= last)
            return;
        const Words4* from =
            call_.weights + (std::int64_t{tile_} * inputBlocks_ + block) * kVectors * kLanesOfWarp + lane_;
        SQIL_UNROLL
        for (int v = 0; v < kVectors; ++v)
            slot.words[v] = gpu::loadStreaming(from + v * kLanesOfWarp);
        if (call_.groups > 1) {
            const int input = block * kTileInputs;
            if (call_.groupShift == 5)
                loadScales(slot, 0, input >> 5);
            const int second = (input + 32) >> call_.groupShift;
            loadScales(slot, 1, second < call_.groups ? second : call_.groups - 1);  // beyond the inputs: all zeros
        }
    }

    SQIL_GPU Words4 activations(int input) const {
        if (lane_ / 4 < call_.rows && input < call_.pitch)
            return *reinterpret_cast<const Words4*>(row_ + input);
        return Words4{};
    }

    SQIL_GPU void multiply(const Slot& slot, int block) {
        const int input = block * kTileInputs + 8 * (lane_ % 4);
        const Words4 x[2] = {activations(input), activations(input + 32)};
        SQIL_UNROLL
        for (int half = 0; half < 2; ++half) {
            SQIL_UNROLL
            for (int j = 0; j < 2; ++j) {
                std::uint32_t a[4];
                if constexpr (kVectors == 2)
                    Decode<Weights, BFloat>::tile(slot.words[half], j, pairs_, a);
                else
                    Decode<Weights, BFloat>::tile(slot.words[0], 2 * half + j, pairs_, a);
                multiplyFloats<BFloat>(part_, a, x[half].of[2 * j], x[half].of[2 * j + 1]);
                if constexpr (Zeros) {
                    const std::uint32_t ones[4] = {kOnes, kOnes, kOnes, kOnes};
                    multiplyFloats<BFloat>(rowSums_, ones, x[half].of[2 * j], x[half].of[2 * j + 1]);
                }
            }
            if (call_.groups > 1 && (half == 1 || call_.groupShift == 5))
                flush(slot, half);
        }
    }

    /// Adds what a group has gathered, times its scale.
    SQIL_GPU void flush(const Slot& slot, int half) {
        SQIL_UNROLL
        for (int i = 0; i < 4; ++i) {
            float value = part_[i];
            if constexpr (Zeros)
                value -= slot.zeros[half][i / 2] * rowSums_[i];
            total_[i] += slot.scales[half][i / 2] * value;
            part_[i] = 0;
            rowSums_[i] = 0;
        }
    }

    SQIL_GPU void finish() {
        constexpr int kSums = kTileOutputs * 8;
        const int thread = gpu::thread();
        float sum = 0;
        if (thread < kSums) {
            SQIL_UNROLL
            for (int warp = 0; warp < kDirectWarps; ++warp)
                sum += sums_[warp * kSums + thread];
        }
        if (call_.splits > 1) {
            if (thread < kSums)
                call_.meeting.partial[partialIndex(tile_, call_.splits, gpu::blockY(), 1, 0, kSums, thread)] =
                    gpu::toBits(sum);
            auto* flag = reinterpret_cast<std::int32_t*>(gpu::shared() + kThreads * 16 + kPairTableBytes);
            if (!isLast(call_.meeting, tile_, call_.splits, flag))
                return;
            sum = 0;
            if (thread < kSums)
                for (int split = 0; split < call_.splits; ++split)
                    sum += gpu::fromBits(
                        call_.meeting.partial[partialIndex(tile_, call_.splits, split, 1, 0, kSums, thread)]);
        }
        if (thread >= kSums)
            return;
        const Place place = placeInC(thread / 4, thread % 4);
        const int output = tile_ * kTileOutputs + place.row;
        if (output >= call_.outputs || place.column >= call_.rows)
            return;
        if (call_.bias)
            sum += call_.bias[output];
        storeNumber(call_.y, std::int64_t{place.column} * call_.outputs + output, call_.yType, sum);
    }

    const FloatLinear& call_;
    int lane_, warp_, tile_, inputBlocks_;
    float* sums_;
    std::uint32_t* pairs_;
    int firstScale_ = 0, stride_ = 0;
    const std::uint16_t* row_ = nullptr;
    float total_[4] = {}, part_[4] = {}, rowSums_[4] = {};
};

template<FloatWeights Weights, bool BFloat, bool Zeros>
SQIL_KERNEL((DirectLinear<Weights, BFloat, Zeros>::kThreads))
floatDirect(FloatLinear call) {
    DirectLinear<Weights, BFloat, Zeros>(call).run();
}

}  // namespace sqil::cuda
