#include "core/analysis/incremental/MapStages.h"

#include <limits>

#include "core/base/ParallelWork.h"

namespace sqil {

void PlaceStage::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    maps_ = maps;
    chunks_.push_back(chunk);
}

void PlaceStage::run(const StageRun& run, std::size_t index) const {
    const Chunk& chunk = chunks_[index];
    forEachItem(run.threads, chunk.places(), [&](int, std::int64_t place) {
        computePlace({run, maps_, chunk, chunk.rows.begin + place / chunk.columns.size(),
                      chunk.columns.begin + place % chunk.columns.size()});
    });
}

void InputStage::computePlace(const Context& context) const {
    const DeltaMap& map = context.map(out_);
    const PlaceMap place = context.place(out_);
    const auto rowMask = perturbation_->rows().mask(context.row);
    const auto columnMask = perturbation_->columns().mask(context.column);
    for (std::int64_t y = place.rows.begin; y < place.rows.end; ++y)
        for (std::int64_t x = place.columns.begin; x < place.columns.end; ++x) {
            const float mask = rowMask[static_cast<std::size_t>(y)] * columnMask[static_cast<std::size_t>(x)];
            const float* change = context.run.change + (y * map.width + x) * map.channels;
            float* to = context.data(out_) + place.at(y, x, map.stride);
            for (std::int64_t c = 0; c < map.channels; ++c)
                to[c] = mask * change[c];
        }
}

void ReluStage::computePlace(const Context& context) const {
    const DeltaMap& map = context.map(out_);
    const PlaceMap from = context.place(in_), to = context.place(out_);
    for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y)
        context.run.kernels.relu(context.base(base_) + (y * map.width + to.columns.begin) * map.stride,
                                 context.data(in_) + from.at(y, to.columns.begin, map.stride),
                                 context.data(out_) + to.at(y, to.columns.begin, map.stride),
                                 to.columns.size() * map.stride);
}

void ScaleStage::computePlace(const Context& context) const {
    const DeltaMap &in = context.map(in_), &out = context.map(out_);
    const PlaceMap from = context.place(in_), to = context.place(out_);
    for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y)
        for (std::int64_t x = to.columns.begin; x < to.columns.end; ++x) {
            const float* change = context.data(in_) + from.at(y, x, in.stride);
            float* scaled = context.data(out_) + to.at(y, x, out.stride);
            for (std::int64_t c = 0; c < out.channels; ++c)
                scaled[c] = change[c] * scale_[static_cast<std::size_t>(c)];
        }
}

std::vector<int> CombineStage::reads() const {
    std::vector<int> maps;
    for (const Part& part : parts_)
        maps.push_back(part.map);
    return maps;
}

void CombineStage::computePlace(const Context& context) const {
    const DeltaMap& out = context.map(out_);
    const PlaceMap to = context.place(out_);
    for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y)
        std::fill_n(context.data(out_) + to.at(y, to.columns.begin, out.stride), to.columns.size() * out.stride, 0.0f);
    for (const Part& part : parts_) {
        const DeltaMap& in = context.map(part.map);
        const PlaceMap from = context.place(part.map);
        for (std::int64_t y = from.rows.begin; y < from.rows.end; ++y)
            for (std::int64_t x = from.columns.begin; x < from.columns.end; ++x) {
                const float* change = context.data(part.map) + from.at(y, x, in.stride);
                float* sum = context.data(out_) + to.at(y, x, out.stride) + part.firstChannel;
                for (std::int64_t c = 0; c < in.channels; ++c)
                    sum[c] += part.factor * change[c];
            }
    }
}

void MaxPoolStage::computePlace(const Context& context) const {
    const DeltaMap &in = context.map(in_), &out = context.map(out_);
    const PlaceMap from = context.place(in_), to = context.place(out_);
    const PixelRange rows{0, in.height}, columns{0, in.width};
    std::vector<float> largest(static_cast<std::size_t>(in.channels));
    for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y)
        for (std::int64_t x = to.columns.begin; x < to.columns.end; ++x) {
            std::fill(largest.begin(), largest.end(), -std::numeric_limits<float>::infinity());
            const PixelRange tapsY = y_.taps(y, rows), tapsX = x_.taps(x, columns);
            for (std::int64_t ty = tapsY.begin; ty < tapsY.end; ++ty)
                for (std::int64_t tx = tapsX.begin; tx < tapsX.end; ++tx) {
                    const std::int64_t iy = y_.input(y, ty), ix = x_.input(x, tx);
                    const float* base = context.base(inBase_) + (iy * in.width + ix) * in.stride;
                    if (from.contains(iy, ix)) {
                        const float* change = context.data(in_) + from.at(iy, ix, in.stride);
                        for (std::size_t c = 0; c < largest.size(); ++c)
                            largest[c] = std::max(largest[c], base[c] + change[c]);
                    } else {
                        for (std::size_t c = 0; c < largest.size(); ++c)
                            largest[c] = std::max(largest[c], base[c]);
                    }
                }
            const float* base = context.base(outBase_) + (y * out.width + x) * out.stride;
            float* result = context.data(out_) + to.at(y, x, out.stride);
            for (std::size_t c = 0; c < largest.size(); ++c)
                result[c] = largest[c] - base[c];
        }
}

void AveragePoolStage::computePlace(const Context& context) const {
    const DeltaMap &in = context.map(in_), &out = context.map(out_);
    const PlaceMap from = context.place(in_), to = context.place(out_);
    std::vector<float> sum(static_cast<std::size_t>(in.channels));
    for (std::int64_t y = to.rows.begin; y < to.rows.end; ++y)
        for (std::int64_t x = to.columns.begin; x < to.columns.end; ++x) {
            std::fill(sum.begin(), sum.end(), 0.0f);
            const PixelRange tapsY = y_.taps(y, from.rows), tapsX = x_.taps(x, from.columns);
            for (std::int64_t ty = tapsY.begin; ty < tapsY.end; ++ty)
                for (std::int64_t tx = tapsX.begin; tx < tapsX.end; ++tx) {
                    const float* change = context.data(in_) + from.at(y_.input(y, ty), x_.input(x, tx), in.stride);
                    for (std::size_t c = 0; c < sum.size(); ++c)
                        sum[c] += change[c];
                }
            const auto factor = static_cast<float>(
                1.0 / (divisorY_[static_cast<std::size_t>(y)] * divisorX_[static_cast<std::size_t>(x)]));
            float* result = context.data(out_) + to.at(y, x, out.stride);
            for (std::size_t c = 0; c < sum.size(); ++c)
                result[c] = sum[c] * factor;
        }
}

}  // namespace sqil
