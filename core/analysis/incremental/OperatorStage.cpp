#include "core/analysis/incremental/OperatorStage.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "core/base/ParallelWork.h"

namespace sqil {

void OperatorStage::plan(const std::vector<DeltaMap>& maps, const Chunk& chunk) {
    inMap_ = maps[static_cast<std::size_t>(in_)];
    outMap_ = maps[static_cast<std::size_t>(out_)];
    ChunkPlan plan;
    forEachPlace(chunk, [&](std::int64_t row, std::int64_t column) {
        const Place place{{inMap_, chunk, row, column}, {outMap_, chunk, row, column}, plan.elements};
        plan.elements += place.to.rows.size() * place.to.columns.size() * outMap_.channels;
        plan.places.push_back(place);
    });
    chunks_.push_back(std::move(plan));
}

/// b + Δ, or b alone, of every place's rectangle, side by side.
at::Tensor OperatorStage::gather(const StageRun& run, const ChunkPlan& plan, bool changed, at::ScalarType type) const {
    at::Tensor gathered = at::empty({plan.elements}, type);
    const float* in = run.maps[static_cast<std::size_t>(in_)];
    const float* inBase = run.bases[static_cast<std::size_t>(inBase_)];
    const auto fill = [&](auto* values) {
        using Number = std::remove_pointer_t<decltype(values)>;
        forEachItem(run.threads, static_cast<std::int64_t>(plan.places.size()), [&](int, std::int64_t index) {
            const Place& place = plan.places[static_cast<std::size_t>(index)];
            Number* to = values + place.first;
            for (std::int64_t y = place.to.rows.begin; y < place.to.rows.end; ++y)
                for (std::int64_t x = place.to.columns.begin; x < place.to.columns.end; ++x, to += inMap_.channels) {
                    const float* change = in + place.from.at(y, x, inMap_.stride);
                    const float* base = inBase + (y * inMap_.width + x) * inMap_.stride;
                    for (std::int64_t c = 0; c < inMap_.channels; ++c)
                        to[c] = Number{base[c]} + (changed ? Number{change[c]} : Number{0});
                }
        });
    };
    if (type == at::kDouble)
        fill(gathered.mutable_data_ptr<double>());
    else
        fill(gathered.mutable_data_ptr<float>());
    return gathered;
}

at::Tensor OperatorStage::apply(const at::Tensor& values) const {
    const std::pair<ValueId, at::Tensor> known[] = {{argument_, values}};
    const ValueId wanted[] = {result_};
    auto result = executor_.evaluate(known, wanted);
    if (!result)
        throw std::runtime_error(result.error().message);
    if ((*result)[0].numel() != values.numel())
        throw std::runtime_error(name_ + " does not keep the number of elements");
    return (*result)[0];
}

void OperatorStage::run(const StageRun& run, std::size_t chunk) const {
    const ChunkPlan& plan = chunks_[chunk];
    if (plan.elements == 0)
        return;
    // A quantizer jumps: it must see the values that the policy itself sees.
    const bool jumps = name_.find("quantize") != std::string::npos || name_.find("round") != std::string::npos;
    const bool vector = inMap_.height == 1 && inMap_.width == 1;
    const at::ScalarType type = vector && !jumps ? at::kDouble : at::kFloat;
    const at::Tensor difference =
        (apply(gather(run, plan, true, type)) - apply(gather(run, plan, false, type))).to(at::kFloat).contiguous();
    const float* results = difference.const_data_ptr<float>();
    float* out = run.maps[static_cast<std::size_t>(out_)];
    for (const Place& place : plan.places) {
        const float* from = results + place.first;
        for (std::int64_t y = place.to.rows.begin; y < place.to.rows.end; ++y)
            for (std::int64_t x = place.to.columns.begin; x < place.to.columns.end; ++x, from += outMap_.channels)
                std::copy_n(from, outMap_.channels, out + place.to.at(y, x, outMap_.stride));
    }
}

}  // namespace sqil
