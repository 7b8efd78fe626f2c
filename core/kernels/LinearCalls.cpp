#include <algorithm>
#include <vector>

#include "core/base/ParallelWork.h"
#include "core/kernels/LowBitCalls.h"

namespace sqil {
namespace {

/// Multiplications below which a second thread costs more than it brings.
constexpr std::int64_t kWorkOfThread = 1 << 19;
/// Rows that share one expansion of a panel, and inputs expanded at a time: both stay in the second-level cache.
constexpr std::int64_t kRowBlock = 96;
constexpr std::int64_t kInputBlock = 256;
/// Rows above which weights are expanded once instead of unpacked in registers for every few rows.
constexpr std::int64_t kRowsInRegisters = 12;

int threadsFor(std::int64_t work, int threads) {
    return static_cast<int>(std::clamp<std::int64_t>(work / kWorkOfThread, 1, std::max(threads, 1)));
}

template<class Value>
std::vector<Value>& scratch(std::size_t size) {
    thread_local std::vector<Value> buffer;
    if (buffer.size() < size)
        buffer.resize(size);
    return buffer;
}

/// Rows of x, padded with zeros to `inputs` where they are shorter.
class PaddedRows {
public:
    PaddedRows(const FloatLinearCall& call, std::int64_t inputs) : pitch_(inputs) {
        if (inputs == call.inputs) {
            first_ = call.x;
            return;
        }
        copies_.assign(static_cast<std::size_t>(call.rows * inputs), 0.0F);
        for (std::int64_t row = 0; row < call.rows; ++row)
            std::copy_n(call.x + row * call.inputs, call.inputs, copies_.data() + row * inputs);
        first_ = copies_.data();
    }
    const float* row(std::int64_t index) const { return first_ + index * pitch_; }

private:
    std::vector<float> copies_;
    const float* first_ = nullptr;
    std::int64_t pitch_;
};

/// Rows as digits, where weights and values allow it.
class DigitRows {
public:
    DigitRows(const FloatLinearCall& call, const LowBitKernels& kernels, const PaddedRows& rows, std::int64_t inputs) {
        if (call.rows > kernels.floatRows || inputs > kMostInputs || !isEvenlySpaced(call))
            return;
        const auto groups = static_cast<std::size_t>(call.groups()), count = static_cast<std::size_t>(call.rows);
        const auto digitCount = static_cast<std::size_t>(call.digits),
                   width = static_cast<std::size_t>(inputs) * digitCount;
        digits_.resize(count * width);
        starts_.resize(count * groups * digitCount);
        numbers_.resize(count * groups * 2);
        rows_.resize(count);
        for (std::size_t row = 0; row < count; ++row) {
            std::int8_t* digits = digits_.data() + row * width;
            std::int32_t* starts = starts_.data() + row * groups * digitCount;
            float *steps = numbers_.data() + row * groups * 2, *sums = steps + groups;
            if (!kernels.toDigits(rows.row(static_cast<std::int64_t>(row)), inputs, call.groupSize, call.digits, digits,
                                  starts, steps, sums)) {
                rows_.clear();
                return;
            }
            rows_[row] = {.digits = digits, .starts = starts, .steps = steps, .sums = sums};
        }
    }
    /// Null where there are none.
    const DigitRow* row(std::int64_t index) const {
        return rows_.empty() ? nullptr : rows_.data() + static_cast<std::size_t>(index);
    }

private:
    static constexpr std::int64_t kMostInputs = 1 << 19;  ///< a group's sums stay within 32 bits

    static bool isEvenlySpaced(const FloatLinearCall& call) {
        if (call.format != WeightFormat::Table4)
            return false;
        for (int i = 0; i < 16; ++i)
            if (call.table[i] != static_cast<float>(i - 8))
                return false;
        return true;
    }

    std::vector<std::int8_t> digits_;
    std::vector<std::int32_t> starts_;
    std::vector<float> numbers_;
    std::vector<DigitRow> rows_;
};

class FloatLinear {
public:
    FloatLinear(const FloatLinearCall& call, const LowBitKernels& kernels)
        : call_(call),
          kernels_(kernels),
          panels_{call.outputs},
          inputs_(roundedUp(call.inputs, inputMultiple(call.format))),
          rows_(call, inputs_),
          digits_(call, kernels, rows_, inputs_) {}

    /// Panel `panel` of rows [first, last).
    void compute(std::int64_t panel, std::int64_t first, std::int64_t last) const {
        FloatTile tile = tileOf(panel);
        if (last - first <= kernels_.floatRows)
            inRegisters(tile, panel, first, last);
        else
            expanded(tile, panel, first, last);
    }

private:
    bool isTable() const { return call_.format == WeightFormat::Table4; }

    FloatTile tileOf(std::int64_t panel) const {
        FloatTile tile;
        tile.inputs = inputs_;
        tile.digitCount = call_.digits;
        tile.groupSize = call_.groupSize;
        tile.weights = call_.weights + panels_.offset(panel, bytesPerOutput(call_.format, call_.inputs));
        tile.table = call_.table;
        tile.scales = call_.scales + panels_.offset(panel, call_.groups());
        tile.zeros = call_.zeros ? call_.zeros + panels_.offset(panel, call_.groups()) : nullptr;
        tile.bias = call_.bias ? call_.bias + panel * kPanelOutputs : nullptr;
        tile.vectors = panels_.vectors(panel);
        tile.validOutputs = std::min<std::int64_t>(kPanelOutputs, call_.outputs - panel * kPanelOutputs);
        return tile;
    }

    void inRegisters(FloatTile& tile, std::int64_t panel, std::int64_t first, std::int64_t last) const {
        const float* from[16];
        float* to[16];
        for (std::int64_t row = first; row < last; ++row) {
            from[row - first] = rows_.row(row);
            to[row - first] = call_.y + row * call_.outputs + panel * kPanelOutputs;
        }
        tile.rows = from;
        tile.targets = to;
        tile.rowCount = static_cast<std::int32_t>(last - first);
        tile.digits = digits_.row(first);
        (tile.digits ? kernels_.digits4 : isTable() ? kernels_.table4 : kernels_.float8)(tile);
    }

    void expanded(const FloatTile& tile, std::int64_t panel, std::int64_t first, std::int64_t last) const {
        const std::int64_t width = static_cast<std::int64_t>(tile.vectors) * kLanes, count = last - first;
        auto& buffer = scratch<float>(static_cast<std::size_t>((kInputBlock + count) * width));
        float *weights = buffer.data(), *sums = weights + kInputBlock * width;
        std::vector<const float*> from(static_cast<std::size_t>(count));
        std::vector<float*> to(static_cast<std::size_t>(count));
        for (std::int64_t row = 0; row < count; ++row) {
            to[static_cast<std::size_t>(row)] = sums + row * width;
            if (tile.bias)
                std::copy_n(tile.bias, width, sums + row * width);
            else
                std::fill_n(sums + row * width, width, 0.0F);
        }
        for (std::int64_t k = 0; k < inputs_; k += kInputBlock) {
            const std::int64_t here = std::min(kInputBlock, inputs_ - k);
            (isTable() ? kernels_.expandTable4 : kernels_.expandFloat8)(tile, k, here, weights);
            for (std::int64_t row = 0; row < count; ++row)
                from[static_cast<std::size_t>(row)] = rows_.row(first + row) + k;
            kernels_.multiply(from.data(), static_cast<std::int32_t>(count), here, weights, tile.vectors, to.data());
        }
        for (std::int64_t row = 0; row < count; ++row)
            std::copy_n(sums + row * width, tile.validOutputs,
                        call_.y + (first + row) * call_.outputs + panel * kPanelOutputs);
    }

    const FloatLinearCall& call_;
    const LowBitKernels& kernels_;
    Panels panels_;
    std::int64_t inputs_;
    PaddedRows rows_;
    DigitRows digits_;
};

class IntegerLinear {
public:
    IntegerLinear(const IntegerLinearCall& call, const LowBitKernels& kernels)
        : call_(call), kernels_(kernels), panels_{call.outputs} {}

    void compute(std::int64_t panel, std::int64_t first, std::int64_t last) const {
        IntegerTile tile;
        tile.vectors = panels_.vectors(panel);
        tile.firstOutput = panel * kPanelOutputs;
        tile.outputs = call_.outputs;
        const std::int64_t bytes = bytesPerOutput(call_.format, call_.inputs);
        tile.weights = reinterpret_cast<const std::int8_t*>(call_.weights + panels_.offset(panel, bytes));
        tile.nibbles = call_.format == WeightFormat::Integer4;
        tile.segmentQuads = roundedUp(call_.inputs, inputMultiple(call_.format)) / 4;
        if (call_.groupSize > 0) {
            tile.groupQuads = call_.groupSize / 4;
            tile.groupOffset = panels_.offset(panel, (call_.inputs + call_.groupSize - 1) / call_.groupSize);
        }
        if (tile.nibbles && last - first > kRowsInRegisters) {
            const std::int64_t packed = bytes * tile.vectors * kLanes;
            auto& wide = scratch<std::int8_t>(static_cast<std::size_t>(2 * packed));
            kernels_.expandNibbles(tile.weights, packed, tile.vectors, wide.data());
            tile.weights = wide.data();
            tile.nibbles = false;
        }
        for (std::int64_t row = first; row < last; row += kTile)
            computeTile(tile, row, std::min<std::int64_t>(kTile, last - row));
    }

private:
    static constexpr int kTile = 12;

    void computeTile(IntegerTile& tile, std::int64_t first, std::int64_t count) const {
        const std::uint8_t* rows[kTile];
        RowTarget targets[kTile];
        for (std::int64_t r = 0; r < count; ++r) {
            rows[r] = call_.x + (first + r) * call_.pitch;
            targets[r].codes = call_.codes ? call_.codes + (first + r) * call_.codesPitch : nullptr;
            targets[r].wide = call_.y ? call_.y + (first + r) * call_.outputs : nullptr;
        }
        tile.rows = rows;
        tile.targets = targets;
        tile.rowCount = static_cast<std::int32_t>(count);
        kernels_.integer(tile, call_.epilogue);
    }

    const IntegerLinearCall& call_;
    const LowBitKernels& kernels_;
    Panels panels_;
};

/// Every panel against every block of rows; blocks of a panel follow each other.
template<class Linear>
void overPanels(const Linear& linear, std::int64_t rows, std::int64_t outputs, std::int64_t inputs, int threads) {
    const std::int64_t blocks = (rows + kRowBlock - 1) / kRowBlock;
    forEachItem(threadsFor(rows * outputs * inputs, threads), Panels{outputs}.count() * blocks,
                [&](int, std::int64_t item) {
                    const std::int64_t first = item % blocks * kRowBlock;
                    linear.compute(item / blocks, first, std::min(rows, first + kRowBlock));
                });
}

}  // namespace

void run(const FloatLinearCall& call, const LowBitKernels& kernels, int threads) {
    overPanels(FloatLinear(call, kernels), call.rows, call.outputs, call.inputs, threads);
}

void run(const IntegerLinearCall& call, const LowBitKernels& kernels, int threads) {
    overPanels(IntegerLinear(call, kernels), call.rows, call.outputs, call.inputs, threads);
}

}  // namespace sqil
