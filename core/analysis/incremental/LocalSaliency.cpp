#include "core/analysis/incremental/LocalSaliency.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/analysis/SaliencyScores.h"
#include "core/analysis/incremental/DeltaKernels.h"
#include "core/base/ParallelWork.h"

namespace sqil {
namespace {

/// The batch that the graph takes for one step.
std::int64_t smallestBatch(const PolicyGraph& graph) {
    return graph.batchRange().first;
}

at::Tensor repeated(const at::Tensor& row, std::int64_t batch) {
    std::vector<std::int64_t> sizes = row.sizes().vec();
    sizes[0] = batch;
    return row.expand(sizes);
}

/// One item of a value, laid out as `map`: a view where it already is.
const float* channelsLast(const at::Tensor& value, const DeltaMap& map, AlignedFloats& storage) {
    const at::Tensor item = value.select(0, 0);
    if (item.dim() == 3 && item.stride(0) == 1 && item.stride(2) == map.stride &&
        item.stride(1) == map.stride * map.width)
        return item.const_data_ptr<float>();
    if (map.height == 1 && map.width == 1 && map.channels == map.stride && item.is_contiguous())
        return item.const_data_ptr<float>();
    const at::Tensor plain = item.contiguous();
    const float* from = plain.const_data_ptr<float>();
    if (!storage.data())
        storage = AlignedFloats(static_cast<std::size_t>(map.height * map.width * map.stride));
    const std::int64_t pixels = map.height * map.width;
    for (std::int64_t y = 0; y < map.height; ++y)
        for (std::int64_t c = 0; c < map.channels; ++c) {
            const float* row = from + c * pixels + y * map.width;
            float* to = storage.data() + y * map.width * map.stride + c;
            for (std::int64_t x = 0; x < map.width; ++x)
                to[x * map.stride] = row[x];
        }
    return storage.data();
}

}  // namespace

/// One call of run().
struct LocalSaliency::Frame {
    std::vector<at::Tensor> inputs;        ///< as the graph takes them, batch 1
    std::map<ValueId, at::Tensor> values;  ///< unperturbed
    std::vector<float> change;             ///< D, channels last
    std::unique_ptr<Workspace> workspace;
    StageRun run{deltaKernels(), 1, {}, {}, nullptr, {}};
    at::Tensor head;
    std::vector<float> scores;
};

LocalSaliency::LocalSaliency(std::shared_ptr<const Policy> policy, PerturbedImage image, LocalPlan plan, int threads)
    : policy_(std::move(policy)),
      image_(std::move(image)),
      plan_(std::move(plan)),
      threads_(threads),
      pool_(std::make_unique<WorkspacePool>()) {
    std::set<ValueId> wanted(plan_.outputs.begin(), plan_.outputs.end());
    for (const auto& base : plan_.bases)
        wanted.insert(base.value);
    for (const auto& frontier : plan_.frontier)
        wanted.insert(frontier.value);
    wanted.insert(plan_.standIns.begin(), plan_.standIns.end());
    unperturbed_.assign(wanted.begin(), wanted.end());
}

std::vector<at::Tensor> LocalSaliency::asGraphTakes(const Policy& policy, std::span<const at::Tensor> inputs) {
    std::vector<at::Tensor> taken;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& meta = policy.graph().values[static_cast<std::size_t>(policy.graph().inputs[i])].meta;
        const at::ScalarType type = meta ? meta->type : inputs[i].scalar_type();
        at::Tensor input = inputs[i];
        if (input.scalar_type() != type)
            input = (c10::isIntegralType(type, true) && input.is_floating_point() ? input.round() : input).to(type);
        taken.push_back(std::move(input));
    }
    return taken;
}

Result<std::shared_ptr<const LocalSaliency>> LocalSaliency::create(std::shared_ptr<const Policy> policy,
                                                                   PerturbedImage image,
                                                                   std::span<const at::Tensor> inputs) {
    std::vector<at::Tensor> taken = asGraphTakes(*policy, inputs);
    if (!policy->device().is_cpu() || taken[image.input].scalar_type() != at::kFloat)
        return fail(ErrorKind::Unsupported, "the local way is for float32 images on the CPU");
    for (at::Tensor& input : taken)
        input = repeated(input, smallestBatch(policy->graph())).contiguous();
    const int threads = at::get_num_threads();
    auto plan = planLocally(*policy, image, taken, threads);
    if (!plan)
        return tl::unexpected(plan.error());
    return std::shared_ptr<const LocalSaliency>(
        new LocalSaliency(std::move(policy), std::move(image), std::move(*plan), threads));
}

std::unique_ptr<Workspace> LocalSaliency::workspace() const {
    if (auto kept = pool_->take())
        return kept;
    auto fresh = std::make_unique<Workspace>();
    for (const std::size_t floats : plan_.bufferFloats)
        fresh->buffers.emplace_back(floats);
    for (int thread = 0; thread < threads_; ++thread)
        fresh->scratch.emplace_back(plan_.scratchFloats);
    fresh->bases.resize(plan_.bases.size());
    return fresh;
}

Result<void> LocalSaliency::runUnperturbed(Frame& frame) const {
    const PolicyGraph& graph = policy_->graph();
    const std::int64_t batch = smallestBatch(graph);
    std::vector<std::pair<ValueId, at::Tensor>> known;
    for (std::size_t i = 0; i < frame.inputs.size(); ++i) {
        at::Tensor input = repeated(frame.inputs[i], batch);
        // Convolutions then give their results channels last, as the stages read them.
        if (i == image_.input && input.dim() == 4)
            input = input.contiguous(at::MemoryFormat::ChannelsLast);
        known.emplace_back(graph.inputs[i], input);
    }
    auto values = policy_->executor().evaluate(known, unperturbed_);
    if (!values)
        return tl::unexpected(values.error());
    for (std::size_t i = 0; i < unperturbed_.size(); ++i)
        frame.values[unperturbed_[i]] = (*values)[i];
    std::vector<at::Tensor> outputs(graph.outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (const auto found = frame.values.find(graph.outputs[i]); found != frame.values.end()) {
            const at::Tensor& output = found->second;
            outputs[i] = output.dim() > 0 && output.size(0) == batch ? output.slice(0, 0, 1) : output;
        }
    frame.head = policy_->head(outputs);
    return {};
}

void LocalSaliency::layOutBases(Frame& frame) const {
    frame.run.bases.resize(plan_.bases.size());
    std::size_t floats = 0;
    for (const auto& base : plan_.bases)
        floats += static_cast<std::size_t>(frame.values.at(base.value).numel());
    forEachItem(
        floats > 1 << 18 ? threads_ : 1, static_cast<std::int64_t>(plan_.bases.size()), [&](int, std::int64_t index) {
            const auto i = static_cast<std::size_t>(index);
            frame.run.bases[i] =
                channelsLast(frame.values.at(plan_.bases[i].value),
                             plan_.maps[static_cast<std::size_t>(plan_.bases[i].map)], frame.workspace->bases[i]);
        });
}

/// The value itself at places [first, first + count) of a chunk: unperturbed plus Δ.
at::Tensor LocalSaliency::materialize(const Frame& frame, const LocalPlan::Frontier& frontier, const Chunk& chunk,
                                      std::int64_t first, std::int64_t count) const {
    const DeltaMap& map = plan_.maps[static_cast<std::size_t>(frontier.map)];
    const at::Tensor base = frame.values.at(frontier.value).slice(0, 0, 1).contiguous();
    std::vector<std::int64_t> sizes = frontier.sizes;
    sizes[0] = count;
    at::Tensor result = at::empty(sizes, at::kFloat);
    float* data = result.mutable_data_ptr<float>();
    const float* from = base.const_data_ptr<float>();
    const float* changes = frame.run.maps[static_cast<std::size_t>(frontier.map)];
    const std::int64_t pixels = map.height * map.width, elements = base.numel();
    forEachItem(threads_, count, [&](int, std::int64_t k) {
        float* item = data + k * elements;
        std::copy_n(from, elements, item);
        const PlaceMap place(map, chunk, chunk.rows.begin + (first + k) / chunk.columns.size(),
                             chunk.columns.begin + (first + k) % chunk.columns.size());
        for (std::int64_t y = place.rows.begin; y < place.rows.end; ++y)
            for (std::int64_t x = place.columns.begin; x < place.columns.end; ++x) {
                const float* change = changes + place.at(y, x, map.stride);
                float* to = item + frontier.firstFeature + y * map.width + x;
                for (std::int64_t c = 0; c < map.channels; ++c)
                    to[c * pixels] += change[c];
            }
    });
    return result;
}

/// The action head's output at places [first, first + count) of a chunk.
Result<at::Tensor> LocalSaliency::heads(const Frame& frame, const Chunk& chunk, std::int64_t first,
                                        std::int64_t count) const {
    const PolicyGraph& graph = policy_->graph();
    std::vector<at::Tensor> outputs(graph.outputs.size());
    std::map<ValueId, at::Tensor> known;
    for (const auto& frontier : plan_.frontier)
        known[frontier.value] = materialize(frame, frontier, chunk, first, count);
    if (plan_.needsRest) {
        // A graph of a fixed batch gets repetitions up to it.
        const std::int64_t batch = std::max(count, smallestBatch(graph));
        std::vector<std::pair<ValueId, at::Tensor>> given;
        for (auto& [value, tensor] : known) {
            if (batch > count)
                tensor = at::cat({tensor, repeated(tensor.slice(0, count - 1), batch - count)});
            given.emplace_back(value, tensor);
        }
        for (std::size_t i = 0; i < frame.inputs.size(); ++i)
            if (!known.contains(graph.inputs[i]))
                given.emplace_back(graph.inputs[i], repeated(frame.inputs[i], batch));
        for (const ValueId value : plan_.standIns)
            if (!known.contains(value) &&
                std::find(graph.inputs.begin(), graph.inputs.end(), value) == graph.inputs.end())
                given.emplace_back(value, repeated(frame.values.at(value).slice(0, 0, 1), batch));
        auto results = policy_->executor().evaluate(given, plan_.outputs);
        if (!results)
            return tl::unexpected(results.error());
        for (std::size_t i = 0; i < plan_.outputs.size(); ++i)
            known[plan_.outputs[i]] = (*results)[i];
    }
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (const auto found = known.find(graph.outputs[i]); found != known.end())
            outputs[i] = found->second;
        else if (const auto constant = frame.values.find(graph.outputs[i]); constant != frame.values.end())
            outputs[i] = constant->second.dim() > 0 ? constant->second.slice(0, 0, 1) : constant->second;
    const at::Tensor head = policy_->head(outputs);
    if (head.size(0) < count)
        return fail(ErrorKind::Unsupported, "the graph's outputs do not grow with the batch");
    return head.slice(0, 0, count);
}

/// A deterministic head is the output itself: ½‖Δ‖², free of the rounding of the values.
std::vector<float> LocalSaliency::scoresOfOutput(const Frame& frame, const Chunk& chunk) const {
    const LocalPlan::Frontier& output = plan_.frontier.front();
    const DeltaMap& map = plan_.maps[static_cast<std::size_t>(output.map)];
    const float* changes = frame.run.maps[static_cast<std::size_t>(output.map)];
    std::vector<float> scores;
    forEachPlace(chunk, [&](std::int64_t row, std::int64_t column) {
        const PlaceMap place(map, chunk, row, column);
        double sum = 0;
        for (std::int64_t y = place.rows.begin; y < place.rows.end; ++y)
            for (std::int64_t x = place.columns.begin; x < place.columns.end; ++x) {
                const float* change = changes + place.at(y, x, map.stride);
                for (std::int64_t c = 0; c < map.channels; ++c)
                    sum += double{change[c]} * change[c];
            }
        scores.push_back(static_cast<float>(sum / 2));
    });
    return scores;
}

Result<void> LocalSaliency::score(Frame& frame, const Chunk& chunk) const {
    std::vector<float> scores;
    if (!plan_.needsRest && policy_->card().head == ActionHead::Deterministic) {
        scores = scoresOfOutput(frame, chunk);
    } else {
        std::int64_t most =
            std::min(placesPerBatch(policy_->graph(), frame.inputs), policy_->graph().batchRange().second);
        for (std::int64_t first = 0; first < chunk.places();) {
            const std::int64_t count = std::min(most, chunk.places() - first);
            auto head = heads(frame, chunk, first, count);
            const bool shapesKnown =
                policy_->graph().values[static_cast<std::size_t>(policy_->graph().inputs.front())].meta.has_value();
            if (!head && !shapesKnown && most > 1) {
                most = 1;  // a traced graph may have its batch of 1 baked in without saying so
                continue;
            }
            if (!head)
                return tl::unexpected(head.error());
            const auto part = halfSquaredDistances(frame.head, *head);
            scores.insert(scores.end(), part.begin(), part.end());
            first += count;
        }
    }
    std::size_t next = 0;
    forEachPlace(chunk, [&](std::int64_t row, std::int64_t column) {
        frame.scores[static_cast<std::size_t>(row * image_.perturbation->places().columns + column)] = scores[next++];
    });
    return {};
}

Result<LocalSaliency::Outcome> LocalSaliency::run(std::span<const at::Tensor> inputs) const {
    Frame frame;
    frame.inputs = asGraphTakes(*policy_, inputs);
    frame.scores.resize(static_cast<std::size_t>(image_.perturbation->places().count()));
    if (auto base = runUnperturbed(frame); !base)
        return tl::unexpected(base.error());
    frame.workspace = workspace();
    layOutBases(frame);

    const at::Tensor image = frame.inputs[image_.input].contiguous();
    const std::int64_t pixels = image_.perturbation->rows().pixels() * image_.perturbation->columns().pixels();
    const std::int64_t channels = image.numel() / pixels;
    const std::vector<float> change = image_.perturbation->change(
        {image.const_data_ptr<float>(), static_cast<std::size_t>(image.numel())}, channels, threads_);
    frame.change.resize(change.size());
    for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t p = 0; p < pixels; ++p)
            frame.change[static_cast<std::size_t>(p * channels + c)] = change[static_cast<std::size_t>(c * pixels + p)];
    frame.run.change = frame.change.data();
    frame.run.threads = threads_;
    for (const AlignedFloats& scratch : frame.workspace->scratch)
        frame.run.scratch.push_back(scratch.data());
    frame.run.maps.assign(plan_.maps.size(), nullptr);
    for (std::size_t map = 0; map < plan_.maps.size(); ++map)
        if (plan_.buffers[map] >= 0)
            frame.run.maps[map] = frame.workspace->buffers[static_cast<std::size_t>(plan_.buffers[map])].data();

    Result<void> done;
    try {
        for (std::size_t chunk = 0; chunk < plan_.chunks.size() && done; ++chunk) {
            for (const auto& stage : plan_.stages)
                stage->run(frame.run, chunk);
            done = score(frame, plan_.chunks[chunk]);
        }
    } catch (const std::runtime_error& error) {
        done = fail(ErrorKind::Unsupported, error.what());
    }
    pool_->giveBack(std::move(frame.workspace));
    if (!done)
        return tl::unexpected(done.error());
    return Outcome{frame.head, std::move(frame.scores)};
}

std::string LocalSaliency::explain() const {
    std::string text = std::to_string(image_.perturbation->places().count()) + " places in " +
                       std::to_string(plan_.chunks.size()) + " group(s), kernels: " + deltaKernels().name + "\n";
    for (const auto& stage : plan_.stages)
        text += "  " + stage->describe() + "\n";
    if (plan_.needsRest) {
        text += "  in full for every place, in batches:";
        for (const std::string& node : plan_.restNodes)
            text += " " + node;
        text += "\n";
    }
    return text;
}

}  // namespace sqil
