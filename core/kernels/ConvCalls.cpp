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
        : call_(call), kernels_(kernels), panels_{call.outputs}, rows_(call.outHeight()), columns_(call.outWidth()) {
        const bool dilated = call.dilation[1] != 1;
        segments_ = static_cast<int>(dilated ? call.kernel[0] * call.kernel[1] : call.kernel[0]);
        segmentBytes_ = call.inputs() / segments_;
        zeros_.assign(static_cast<std::size_t>(segmentBytes_), call.inputZero);
    }

    std::int64_t pixels() const { return call_.batch * rows_ * columns_; }
    std::int64_t panels() const { return panels_.count(); }

    /// What a thread keeps between its items.
    struct Workspace {
        std::int64_t panel = -1;  ///< whose weights are expanded
        std::vector<std::int8_t> weights;
        std::vector<std::uint8_t> border;
        std::vector<const std::uint8_t*> runs;
    };

    void compute(std::int64_t panel, std::int64_t first, std::int64_t last, Workspace& workspace) const {
        IntegerTile tile;
        tile.vectors = panels_.vectors(panel);
        tile.firstOutput = panel * kPanelOutputs;
        tile.outputs = call_.outputs;
        tile.segments = segments_;
        tile.segmentQuads = segmentBytes_ / 4;
        tile.weights = weightsOf(panel, tile.vectors, workspace);
        workspace.border.resize(static_cast<std::size_t>(kTile * call_.inputs()));
        workspace.runs.resize(static_cast<std::size_t>(kTile * segments_));
        for (std::int64_t pixel = first; pixel < last; pixel += kTile)
            computeTile(tile, pixel, static_cast<int>(std::min<std::int64_t>(kTile, last - pixel)), workspace);
    }

private:
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

    /// Where the inputs of one pixel are: `runs[s·stride]` for each segment.
    void locate(std::int64_t pixel, const std::uint8_t** runs, int stride, std::uint8_t* border) const {
        const std::int64_t image = pixel / (rows_ * columns_);
        const std::int64_t y = pixel / columns_ % rows_ * call_.stride[0] - call_.padding[0];
        const std::int64_t x = pixel % columns_ * call_.stride[1] - call_.padding[1];
        const bool dilated = call_.dilation[1] != 1;
        const bool crosses = x < 0 || x + call_.kernel[1] > call_.width;
        for (int s = 0; s < segments_; ++s) {
            const std::int64_t row = y + (dilated ? s / call_.kernel[1] : s) * call_.dilation[0];
            const std::int64_t column = dilated ? x + s % call_.kernel[1] * call_.dilation[1] : x;
            const std::uint8_t*& run = runs[s * stride];
            if (row < 0 || row >= call_.height || (dilated && (column < 0 || column >= call_.width))) {
                run = zeros_.data();
                continue;
            }
            const std::uint8_t* line = call_.x + (image * call_.height + row) * call_.width * call_.channels;
            run = line + column * call_.channels;
            if (!dilated && crosses) {
                std::uint8_t* copy = border + s * segmentBytes_;
                std::memset(copy, call_.inputZero, static_cast<std::size_t>(segmentBytes_));
                const std::int64_t from = std::max<std::int64_t>(x, 0);
                const std::int64_t to = std::min(x + call_.kernel[1], call_.width);
                if (to > from)
                    std::memcpy(copy + (from - x) * call_.channels, line + from * call_.channels,
                                static_cast<std::size_t>((to - from) * call_.channels));
                run = copy;
            }
        }
    }

    void computeTile(IntegerTile& tile, std::int64_t first, int count, Workspace& workspace) const {
        RowTarget targets[kTile];
        const std::int64_t bytes = call_.epilogue.wideIsHalf ? 2 : 4,
                           residualBytes = call_.epilogue.residualIsHalf ? 2 : 4;
        for (int i = 0; i < count; ++i) {
            const std::int64_t pixel = first + i;
            locate(pixel, workspace.runs.data() + i, count, workspace.border.data() + i * call_.inputs());
            if (call_.codes)
                targets[i].codes = call_.codes + pixel * call_.codesPitch;
            if (call_.wide)
                targets[i].wide = static_cast<char*>(call_.wide) + pixel * call_.outputs * bytes;
            if (call_.residual)
                targets[i].residual = static_cast<const char*>(call_.residual) + pixel * call_.outputs * residualBytes;
        }
        tile.rows = workspace.runs.data();
        tile.rowCount = count;
        tile.targets = targets;
        kernels_.integer(tile, call_.epilogue);
    }

    const ConvCall& call_;
    const LowBitKernels& kernels_;
    Panels panels_;
    std::int64_t rows_, columns_;
    int segments_ = 1;
    std::int64_t segmentBytes_ = 0;
    std::vector<std::uint8_t> zeros_;
};

void takeLarger(const PoolCall& call, const LowBitKernels& kernels, const char* from, char* to) {
    if (call.bytes == 4)
        kernels.largerFloats(reinterpret_cast<const float*>(from), reinterpret_cast<float*>(to), call.channels);
    else if (call.bytes == 2)
        kernels.largerHalves(reinterpret_cast<const std::uint16_t*>(from), reinterpret_cast<std::uint16_t*>(to),
                             call.channels);
    else
        kernels.largerBytes(reinterpret_cast<const std::uint8_t*>(from), reinterpret_cast<std::uint8_t*>(to),
                            call.channels);
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
    const std::int64_t wanted = (pixels * convolution.panels() + 4 * threads - 1) / (4 * threads);
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
    const std::int64_t work = call.batch * call.outHeight * call.outWidth * call.channels;
    const int used = static_cast<int>(std::clamp<std::int64_t>(work / (1 << 15), 1, std::max(threads, 1)));
    forEachItem(used, call.batch * call.outHeight, [&](int, std::int64_t line) {
        const std::int64_t image = line / call.outHeight, y = line % call.outHeight * call.stride[0] - call.padding[0];
        for (std::int64_t column = 0; column < call.outWidth; ++column) {
            const std::int64_t x = column * call.stride[1] - call.padding[1];
            char* pixel = to + (line * call.outWidth + column) * bytes;
            bool isFirst = true;
            for (std::int64_t row = std::max<std::int64_t>(y, 0); row < std::min(y + call.kernel[0], call.height);
                 ++row)
                for (std::int64_t i = std::max<std::int64_t>(x, 0); i < std::min(x + call.kernel[1], call.width); ++i) {
                    const char* source = from + ((image * call.height + row) * call.width + i) * bytes;
                    if (isFirst)
                        std::memcpy(pixel, source, static_cast<std::size_t>(bytes));
                    else
                        takeLarger(call, kernels, source, pixel);
                    isFirst = false;
                }
        }
    });
}

}  // namespace sqil
