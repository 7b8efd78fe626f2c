#include "core/analysis/incremental/FirstConv.h"

#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

bool movesOneWay(const std::vector<PixelRange>& ranges) {
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].size() <= 0 || ranges[i - 1].size() <= 0 || ranges[i].begin < ranges[i - 1].begin ||
            ranges[i].end < ranges[i - 1].end)
            return false;
    return true;
}

}  // namespace

bool FirstConv::applies(const DeltaMap& out) {
    return movesOneWay(out.rows) && movesOneWay(out.columns);
}

FirstConv::FirstConv(const DeltaKernels& kernels, ConvSpec spec, std::shared_ptr<const ImagePerturbation> perturbation)
    : kernels_(kernels), spec_(std::move(spec)), perturbation_(std::move(perturbation)) {
    stride_ = paddedTo(kernels.vector, spec_.outChannels);
    const std::int64_t rows = static_cast<std::int64_t>(spec_.weights.size()) / spec_.outChannels;
    std::vector<float> padded(static_cast<std::size_t>(rows * stride_), 0.0f);
    for (std::int64_t row = 0; row < rows; ++row)
        std::copy_n(spec_.weights.begin() + row * spec_.outChannels, spec_.outChannels, padded.begin() + row * stride_);
    spec_.weights = std::move(padded);
}

std::size_t FirstConv::scratchFloats() const {
    const auto vectors =
        static_cast<std::size_t>(spec_.x.kernel) + mostPlaces_ * static_cast<std::size_t>(spec_.y.kernel);
    return vectors * static_cast<std::size_t>(kernels_.vector);
}

FirstConv::Line FirstConv::lineOf(const WindowAxis& axis, std::int64_t output, const std::vector<PixelRange>& reach,
                                  const PixelRange& places, std::int64_t placeStep, std::int64_t pixelStep) {
    Line line;
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap)
        if (const std::int64_t pixel = axis.input(output, tap); pixel >= 0 && pixel < axis.in) {
            line.taps.push_back(static_cast<std::int32_t>(tap));
            line.pixels.push_back(static_cast<std::int32_t>(pixel));
        }
    for (std::int64_t place = places.begin; place < places.end; ++place) {
        const PixelRange& range = reach[static_cast<std::size_t>(place)];
        if (output < range.begin || output >= range.end)
            continue;
        if (line.offsets.empty())
            line.places.begin = place;
        line.places.end = place + 1;
        line.offsets.push_back((place - places.begin) * placeStep + (output - range.begin) * pixelStep);
    }
    return line;
}

void FirstConv::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    const DeltaMap& out = maps[static_cast<std::size_t>(spec_.out)];
    ChunkPlan plan;
    for (std::int64_t y = 0; y < out.height; ++y)
        plan.rows.push_back(lineOf(spec_.y, y, out.rows, chunk.rows, chunk.columns.size() * out.slot(chunk),
                                   out.pitch(chunk) * out.stride));
    for (std::int64_t x = 0; x < out.width; ++x)
        plan.columns.push_back(lineOf(spec_.x, x, out.columns, chunk.columns, out.slot(chunk), out.stride));
    for (const Line& column : plan.columns)
        mostPlaces_ = std::max(mostPlaces_, column.offsets.size());
    chunks_.push_back(std::move(plan));
}

void FirstConv::computeRow(const StageRun& run, const ChunkPlan& plan, std::int64_t y, float* scratch) const {
    const Line& row = plan.rows[static_cast<std::size_t>(y)];
    FirstConvCall call;
    call.change = run.change;
    call.channels = static_cast<std::int32_t>(spec_.inChannels);
    call.width = static_cast<std::int32_t>(spec_.x.in);
    call.weights = spec_.weights.data();
    call.kernelX = static_cast<std::int32_t>(spec_.x.kernel);
    call.vectors = static_cast<std::int32_t>(stride_ / kernels_.vector);
    call.tapsY = row.taps.data();
    call.pixelsY = row.pixels.data();
    call.tapsYCount = static_cast<std::int32_t>(row.taps.size());
    call.rowMasks = perturbation_->rows().mask(row.places.begin).data();
    call.rowMaskStride = static_cast<std::int32_t>(perturbation_->rows().pixels());
    call.rowPlaces = static_cast<std::int32_t>(row.offsets.size());
    call.outRows = row.offsets.data();
    call.columnMaskStride = static_cast<std::int32_t>(perturbation_->columns().pixels());
    call.result = run.maps[static_cast<std::size_t>(spec_.out)];
    call.relu = spec_.reluBase >= 0;
    call.scratch = scratch;
    for (std::size_t x = 0; x < plan.columns.size(); ++x) {
        const Line& column = plan.columns[x];
        if (column.offsets.empty())
            continue;
        call.tapsX = column.taps.data();
        call.pixelsX = column.pixels.data();
        call.tapsXCount = static_cast<std::int32_t>(column.taps.size());
        call.columnMasks = perturbation_->columns().mask(column.places.begin).data();
        call.columnPlaces = static_cast<std::int32_t>(column.offsets.size());
        call.outColumns = column.offsets.data();
        if (call.relu)
            call.base = run.bases[static_cast<std::size_t>(spec_.reluBase)] +
                        (y * spec_.x.out + static_cast<std::int64_t>(x)) * stride_;
        kernels_.firstConv(call);
    }
}

void FirstConv::run(const StageRun& run, std::size_t chunk) const {
    const ChunkPlan& plan = chunks_[chunk];
    forEachItem(run.threads, static_cast<std::int64_t>(plan.rows.size()), [&](int thread, std::int64_t y) {
        if (!plan.rows[static_cast<std::size_t>(y)].offsets.empty())
            computeRow(run, plan, y, run.scratch[static_cast<std::size_t>(thread)]);
    });
}

}  // namespace sqil
