#include <algorithm>
#include <cstring>
#include <vector>

#include "core/base/ParallelWork.h"
#include "core/kernels/LowBitCalls.h"

namespace sqil {
namespace {

constexpr int kTile = 12;                         // output pixels computed together
constexpr std::int64_t kPixelBlock = 40 * kTile;  // that one thread takes at a time
constexpr std::int64_t kWorkOfThread = 1 << 19;

/// Implicit matrix multiplication: the inputs of an output pixel are runs of memory, one a kernel row (or one a tap,
/// where dilated), that lie in the image itself. Only pixels whose window crosses the left or right border have them
/// copied together; rows above and below are one shared row of zeros.
class Convolution {
public:
    Convolution(const ConvCall& call, const LowBitKernels& kernels)
        : call_(call),
          kernels_(kernels),
          panels_{call.outputs},
          rows_(call.outHeight()),
          columns_(call.outWidth()),
          taps_(call.dilation[1] == 1 ? 1 : call.kernel[1]),
          segments_(call.kernel[0] * taps_),
          segmentBytes_(call.inputs() / segments_) {
        zeros_.assign(static_cast<std::size_t>(segmentBytes_), call.inputZero);
    }

    std::int64_t pixels() const { return call_.batch * rows_ * columns_; }
    std::int64_t panels() const { return panels_.count(); }

    /// A kernel row in the image: `start` is column 0, or the zeros, which no column moves away from.
    struct Line {
        const std::uint8_t* start = nullptr;
        std::int64_t columnBytes = 0;
    };

    /// What a thread keeps between its items.
    struct Workspace {
        std::int64_t panel = -1;  ///< whose weights are expanded
        std::vector<std::int8_t> weights;
        std::vector<std::uint8_t> border;
        std::vector<const std::uint8_t*> runs;
        RowTarget targets[kTile];
        std::vector<Line> lines;  ///< [kernel row], for the output row in work
    };

    void compute(std::int64_t panel, std::int64_t first, std::int64_t last, Workspace& workspace) const {
        IntegerTile tile;
        tile.vectors = panels_.vectors(panel);
        tile.firstOutput = panel * kPanelOutputs;
        tile.outputs = call_.outputs;
        tile.segments = static_cast<std::int32_t>(segments_);
        tile.segmentQuads = segmentBytes_ / 4;
        tile.weights = weightsOf(panel, tile.vectors, workspace);
        workspace.border.resize(static_cast<std::size_t>(kTile * call_.inputs()));
        workspace.runs.resize(static_cast<std::size_t>(kTile * segments_));
        Pixel at{first / columns_, first % columns_};
        findLines(at.row, workspace.lines);
        for (std::int64_t pixel = first; pixel < last; pixel += kTile)
            computeTile(tile, pixel, static_cast<int>(std::min<std::int64_t>(kTile, last - pixel)), at, workspace);
    }

private:
    /// Of the output; rows are counted through all images.
    struct Pixel {
        std::int64_t row = 0, column = 0;
    };

    const std::int8_t* weightsOf(std::int64_t panel, int vectors, Workspace& workspace) const {
        const std::int64_t bytes = bytesPerOutput(call_.format, call_.inputs());
        const auto* packed = reinterpret_cast<const std::int8_t*>(call_.weights + panels_.offset(panel, bytes));
        if (call_.format != WeightFormat::Integer4)
            return packed;
        if (workspace.panel != panel) {
            workspace.weights.resize(static_cast<std::size_t>(2 * bytes * kPanelOutputs));
            kernels_.expandNibbles(packed, bytes * vectors * kLanes, vectors, workspace.weights.data());
            workspace.panel = panel;
        }
        return workspace.weights.data();
    }

    void findLines(std::int64_t outputRow, std::vector<Line>& lines) const {
        lines.resize(static_cast<std::size_t>(call_.kernel[0]));
        const std::int64_t image = outputRow / rows_;
        std::int64_t row = outputRow % rows_ * call_.stride[0] - call_.padding[0];
        for (Line& line : lines) {
            if (row >= 0 && row < call_.height)
                line = {call_.x + (image * call_.height + row) * call_.width * call_.channels, call_.channels};
            else
                line = {zeros_.data(), 0};
            row += call_.dilation[0];
        }
    }

    /// Where the inputs of the pixel in output column `column` are: `runs[s·stride]` for each segment.
    void locate(std::int64_t column, const std::vector<Line>& lines, const std::uint8_t** runs, int stride,
                std::uint8_t* border) const {
        const std::int64_t x = column * call_.stride[1] - call_.padding[1];
        if (taps_ != 1) {
            locateTaps(x, lines, runs, stride);
            return;
        }
        if (x >= 0 && x + call_.kernel[1] <= call_.width) {
            for (const Line& line : lines) {
                *runs = line.start + x * line.columnBytes;
                runs += stride;
            }
            return;
        }
        const std::int64_t from = std::clamp<std::int64_t>(x, 0, call_.width),
                           to = std::clamp<std::int64_t>(x + call_.kernel[1], 0, call_.width);
        std::memset(border, call_.inputZero, static_cast<std::size_t>(call_.inputs()));
        for (const Line& line : lines) {
            if (line.columnBytes != 0 && to > from)
                std::memcpy(border + (from - x) * call_.channels, line.start + from * call_.channels,
                            static_cast<std::size_t>((to - from) * call_.channels));
            *runs = border;
            border += segmentBytes_;
            runs += stride;
        }
    }

    void locateTaps(std::int64_t x, const std::vector<Line>& lines, const std::uint8_t** runs, int stride) const {
        for (const Line& line : lines)
            for (std::int64_t tap = 0; tap < taps_; ++tap) {
                const std::int64_t column = x + tap * call_.dilation[1];
                *runs = column >= 0 && column < call_.width ? line.start + column * line.columnBytes : zeros_.data();
                runs += stride;
            }
    }

    void computeTile(IntegerTile& tile, std::int64_t first, int count, Pixel& at, Workspace& workspace) const {
        const std::int64_t bytes = call_.epilogue.wideIsHalf ? 2 : 4,
                           residualBytes = call_.epilogue.residualIsHalf ? 2 : 4;
        for (int i = 0; i < count; ++i) {
            if (at.column == columns_) {
                at = {at.row + 1, 0};
                findLines(at.row, workspace.lines);
            }
            locate(at.column++, workspace.lines, workspace.runs.data() + i, count,
                   workspace.border.data() + i * call_.inputs());
            const std::int64_t pixel = first + i;
            RowTarget& target = workspace.targets[i];
            if (call_.codes)
                target.codes = call_.codes + pixel * call_.codesPitch;
            if (call_.wide)
                target.wide = static_cast<char*>(call_.wide) + pixel * call_.outputs * bytes;
            if (call_.residual)
                target.residual = static_cast<const char*>(call_.residual) + pixel * call_.outputs * residualBytes;
        }
        tile.rows = workspace.runs.data();
        tile.rowCount = count;
        tile.targets = workspace.targets;
        kernels_.integer(tile, call_.epilogue);
    }

    const ConvCall& call_;
    const LowBitKernels& kernels_;
    Panels panels_;
    std::int64_t rows_, columns_;
    std::int64_t taps_;      ///< runs a kernel row: 1, or its width where dilated
    std::int64_t segments_;  ///< runs a pixel
    std::int64_t segmentBytes_;
    std::vector<std::uint8_t> zeros_;
};

auto largestOf(const PoolCall& call, const LowBitKernels& kernels) {
    return call.bytes == 4 ? kernels.largestFloats : call.bytes == 2 ? kernels.largestHalves : kernels.largestBytes;
}

}  // namespace

void run(const ConvCall& call, const LowBitKernels& kernels, int threads) {
    const Convolution convolution(call, kernels);
    const std::int64_t pixels = convolution.pixels();
    if (pixels == 0)
        return;
    const std::int64_t work = pixels * call.outputs * call.inputs();
    threads = static_cast<int>(std::clamp<std::int64_t>(work / kWorkOfThread, 1, std::max(threads, 1)));
    // Small layers are still cut into a few items a thread.
    const std::int64_t items = 4 * static_cast<std::int64_t>(threads);
    const std::int64_t wanted = (pixels * convolution.panels() + items - 1) / items;
    const std::int64_t block = roundedUp(std::clamp<std::int64_t>(wanted, kTile, kPixelBlock), kTile);
    const std::int64_t blocks = (pixels + block - 1) / block;
    std::vector<Convolution::Workspace> workspaces(static_cast<std::size_t>(threads));
    forEachItem(threads, convolution.panels() * blocks, [&](int thread, std::int64_t item) {
        const std::int64_t first = item % blocks * block;
        convolution.compute(item / blocks, first, std::min(pixels, first + block),
                            workspaces[static_cast<std::size_t>(thread)]);
    });
}

void run(const PoolCall& call, const LowBitKernels& kernels, int threads) {
    const std::int64_t bytes = call.channels * call.bytes;
    const auto* from = static_cast<const char*>(call.x);
    auto* to = static_cast<char*>(call.y);
    const auto largest = largestOf(call, kernels);
    const std::int64_t work = call.batch * call.outHeight * call.outWidth * call.channels;
    const int used = static_cast<int>(std::clamp<std::int64_t>(work / (1 << 15), 1, std::max(threads, 1)));
    // No window has more of them than the image: a kernel's size alone is whatever a file says.
    const auto most =
        static_cast<std::size_t>(std::min(call.kernel[0], call.height) * std::min(call.kernel[1], call.width));
    std::vector<const void*> tapsOfAll(most * static_cast<std::size_t>(used));
    forEachItem(used, call.batch * call.outHeight, [&](int thread, std::int64_t line) {
        const void** taps = tapsOfAll.data() + most * static_cast<std::size_t>(thread);
        const std::int64_t image = line / call.outHeight, y = line % call.outHeight * call.stride[0] - call.padding[0];
        const std::int64_t lastRow = std::min(y + call.kernel[0], call.height);
        for (std::int64_t column = 0; column < call.outWidth; ++column) {
            const std::int64_t x = column * call.stride[1] - call.padding[1];
            const std::int64_t lastColumn = std::min(x + call.kernel[1], call.width);
            std::size_t count = 0;
            for (std::int64_t row = std::max<std::int64_t>(y, 0); row < lastRow; ++row)
                for (std::int64_t i = std::max<std::int64_t>(x, 0); i < lastColumn; ++i)
                    taps[count++] = from + ((image * call.height + row) * call.width + i) * bytes;
            largest(taps, static_cast<std::int64_t>(count), call.channels,
                    to + (line * call.outWidth + column) * bytes);
        }
    });
}

}  // namespace sqil
