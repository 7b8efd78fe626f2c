#include "core/analysis/layers/LayerSensitivity.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/analysis/ActionGap.h"
#include "core/analysis/layers/BlameRun.h"
#include "core/policy/Preprocessing.h"
#include "core/quant/Calibration.h"
#include "core/quant/MixedPrecision.h"

namespace sqil {
namespace {

constexpr std::int64_t kLargestBatch = 64;
constexpr std::size_t kKeptBytes = std::size_t{512} << 20;  ///< of a batch, over both runs that are kept
constexpr std::int64_t kHistogramBins = 96;

/// Recorded steps as the graph takes them, with what the full-precision policy does there.
struct Batch {
    std::vector<at::Tensor> inputs;  ///< padded to a batch that the graph takes
    std::int64_t rows = 0;           ///< without the padding
    at::Tensor reference;            ///< rows×A
};

std::vector<float> toVector(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.to(at::kFloat).contiguous().flatten();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

bool isFinite(const std::vector<at::Tensor>& inputs) {
    return std::all_of(inputs.begin(), inputs.end(), [](const at::Tensor& input) {
        return !input.is_floating_point() || at::isfinite(input).all().item<bool>();
    });
}

at::Tensor padded(const at::Tensor& input, std::int64_t rows) {
    if (input.size(0) >= rows)
        return input;
    std::vector<std::int64_t> sizes = input.sizes().vec();
    sizes[0] = rows - input.size(0);
    return at::cat({input, input.slice(0, input.size(0) - 1).expand(sizes)});
}

std::vector<double> gapsOf(const at::Tensor& reference, const at::Tensor& actions) {
    std::vector<double> gaps;
    for (std::int64_t row = 0; row < reference.size(0); ++row)
        gaps.push_back(actionGap(toVector(reference[row]), toVector(actions[row])));
    return gaps;
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values)
        total += value;
    return total;
}

double relativeError(const at::Tensor& exact, const at::Tensor& rounded) {
    const double norm = exact.to(at::kDouble).norm().item<double>();
    return norm > 0 ? (exact.to(at::kDouble) - rounded.to(at::kDouble)).norm().item<double>() / norm : 0;
}

std::vector<std::int64_t> counts(const at::Tensor& values, double minimum, double maximum) {
    const at::Tensor counted = at::histc(values.to(at::kFloat), kHistogramBins, minimum, maximum).to(at::kLong);
    return {counted.const_data_ptr<std::int64_t>(), counted.const_data_ptr<std::int64_t>() + counted.numel()};
}

QuantizationHistogram histogramOf(const at::Tensor& before, const at::Tensor& after) {
    QuantizationHistogram histogram;
    histogram.minimum = std::min(before.min().item<double>(), after.min().item<double>());
    histogram.maximum = std::max(before.max().item<double>(), after.max().item<double>());
    if (!(histogram.maximum > histogram.minimum))
        histogram.maximum = histogram.minimum + 1;
    histogram.before = counts(before, histogram.minimum, histogram.maximum);
    histogram.after = counts(after, histogram.minimum, histogram.maximum);
    return histogram;
}

at::Tensor quantizedWeight(const LayerParameters& parameters, const at::Tensor& exact) {
    return parameters.weight        ? parameters.weight->values
           : parameters.normalFloat ? parameters.normalFloat->values
                                    : exact;
}

class Sensitivity final : public LayerSensitivity {
public:
    Sensitivity(std::shared_ptr<const Policy> policy, std::shared_ptr<Rollouts> rollouts)
        : policy_(std::move(policy)), rollouts_(std::move(rollouts)) {}

    Result<void> open(const std::shared_ptr<const Policy>& quantized, const QuantSpec& spec, const Progress& progress) {
        auto mixed = quantized ? MixedPrecision::create(*policy_, *quantized, *rollouts_, progress)
                               : MixedPrecision::create(*policy_, *rollouts_, spec, progress);
        if (!mixed)
            return tl::unexpected(mixed.error());
        mixed_ = std::move(*mixed);
        const PolicyGraph& graph = mixed_->base().graph();
        for (std::size_t index = 0; index < mixed_->layers().size(); ++index) {
            const QuantizableLayer& layer = mixed_->layers()[index];
            layers_.push_back({layer.name, graph.nodes[layer.node].target,
                               graph.binding(layer.weight)->tensor.sizes().vec(), layer.parameters,
                               mixed_->recipeBits()[index], mixed_->sharing(index)});
        }
        return {};
    }

    const std::vector<SensitiveLayer>& layers() const override { return layers_; }
    std::vector<LayerBits> recipeBits() const override { return mixed_->recipeBits(); }
    std::string specJson() const override {
        return nlohmann::json{{"method", mixed_->method()},
                              {"head", nameOf(policy_->card().head)},
                              {"spec", nlohmann::json::parse(toJson(mixed_->spec()))}}
            .dump();
    }

    Result<BlameReport> blame(std::span<const LayerBits> bits, std::int64_t steps, BlameRuns runs,
                              const Progress& progress) override {
        const at::NoGradGuard noGradient;
        if (auto valid = checkWidths(bits, steps); !valid)
            return tl::unexpected(valid.error());
        const bool allBut = runs == BlameRuns::AloneAndAllBut;
        const auto run = BlameRun::create(*mixed_, bits, allBut, progress);
        if (!run)
            return tl::unexpected(run.error());
        const std::size_t units = run->units().size();
        std::vector<double> alone(units), others(units);
        BlameReport report;
        const std::vector<StepReference> chosen = spreadSteps(rollouts_->info(), steps);
        const auto total = static_cast<long long>(units * chosen.size());
        long long unitSteps = 0;  // before this batch
        std::int64_t rows = smallestBatch();
        for (std::size_t first = 0; first < chosen.size();) {
            const std::size_t count = std::min(chosen.size() - first, static_cast<std::size_t>(rows));
            auto batch = batchOf(std::span(chosen).subspan(first, count));
            if (!batch)
                return tl::unexpected(batch.error());
            long long unit = 0;
            if (batch->rows > 0) {
                std::size_t bytes = 0;
                const auto actions = run->run(batch->inputs, bytes, [&](auto, auto, auto) {
                    return sqil::report(progress, "Blaming layers", unitSteps + static_cast<long long>(count) * unit++,
                                        total);
                });
                if (!actions)
                    return tl::unexpected(actions.error());
                report.steps += batch->rows;
                report.gap += sum(gapsOf(batch->reference, actions->all));
                for (std::size_t index = 0; index < units; ++index) {
                    alone[index] += sum(gapsOf(batch->reference, actions->alone[index]));
                    if (allBut)
                        others[index] += sum(gapsOf(batch->reference, actions->allBut[index]));
                }
                rows = batchFor(bytes / static_cast<std::size_t>(batch->inputs.front().size(0)));
            }
            unitSteps += static_cast<long long>(count * units);
            first += count;
        }
        if (report.steps == 0)
            return nothingToRun();
        const double n = static_cast<double>(report.steps);
        report.gap /= n;
        report.layers.resize(layers_.size());
        for (std::size_t index = 0; index < units; ++index)
            for (const std::size_t layer : run->units()[index]) {
                const auto made = mixed_->parameters(layer, bits[layer], progress);
                if (!made)
                    return tl::unexpected(made.error());
                const at::Tensor& exact = mixed_->base().graph().binding(mixed_->layers()[layer].weight)->tensor;
                report.layers[layer] = {bits[layer], alone[index] / n,
                                        allBut ? others[index] / n : std::numeric_limits<double>::quiet_NaN(),
                                        relativeError(exact, quantizedWeight(**made, exact))};
            }
        return report;
    }

    Result<double> meanGap(std::span<const LayerBits> bits, std::int64_t steps, const Progress& progress) override {
        const at::NoGradGuard noGradient;
        if (auto valid = checkWidths(bits, steps); !valid)
            return tl::unexpected(valid.error());
        const auto policy = policyAt(bits, progress);
        if (!policy)
            return tl::unexpected(policy.error());
        const std::vector<StepReference> chosen = spreadSteps(rollouts_->info(), steps);
        double total = 0;
        std::int64_t run = 0;
        const auto batchRows = static_cast<std::size_t>(std::max(smallestBatch(), kLargestBatch));
        for (std::size_t first = 0; first < chosen.size(); first += batchRows) {
            if (!report(progress, "Running the policy", static_cast<long long>(first),
                        static_cast<long long>(chosen.size())))
                return fail(ErrorKind::Cancelled, "the gap's computation was cancelled");
            auto batch = batchOf(std::span(chosen).subspan(first, std::min(batchRows, chosen.size() - first)));
            if (!batch)
                return tl::unexpected(batch.error());
            if (batch->rows == 0)
                continue;
            const auto head = (*policy)->forward(batch->inputs);
            if (!head)
                return tl::unexpected(head.error());
            total += sum(gapsOf(batch->reference, (*policy)->action(*head)));
            run += batch->rows;
        }
        if (run == 0)
            return nothingToRun();
        return total / static_cast<double>(run);
    }

    Result<std::vector<float>> gaps(std::span<const LayerBits> bits, std::size_t episode,
                                    const Progress& progress) override {
        const at::NoGradGuard noGradient;
        if (auto read = readEpisode(episode, progress); !read)
            return tl::unexpected(read.error());
        const auto policy = policyAt(bits, progress);
        if (!policy)
            return tl::unexpected(policy.error());
        std::vector<float> gaps;
        for (std::size_t index = 0; index < episode_.size(); ++index) {
            if (!report(progress, "Running the policy", static_cast<long long>(index),
                        static_cast<long long>(episode_.size())))
                return fail(ErrorKind::Cancelled, "the gap's computation was cancelled");
            const Batch& batch = episode_[index];
            const auto head = (*policy)->forward(batch.inputs);
            if (!head)
                return tl::unexpected(head.error());
            for (const double gap : gapsOf(batch.reference, (*policy)->action(*head)))
                gaps.push_back(static_cast<float>(gap));
        }
        for (const std::size_t step : notFinite_)
            gaps[step] = std::numeric_limits<float>::quiet_NaN();
        return gaps;
    }

    Result<LayerHistograms> histograms(std::size_t layer, LayerBits bits, const Progress& progress) override {
        const at::NoGradGuard noGradient;
        const auto made = mixed_->parameters(layer, bits, progress);
        if (!made)
            return tl::unexpected(made.error());
        const auto observed = mixed_->observed(layer, progress);
        if (!observed)
            return tl::unexpected(observed.error());
        const at::Tensor& exact = mixed_->base().graph().binding(mixed_->layers().at(layer).weight)->tensor;
        LayerHistograms histograms;
        histograms.weights = histogramOf(exact, quantizedWeight(**made, exact));
        if ((*made)->weight && (*made)->weight->steps.numel() == 1)
            histograms.weights.step = (*made)->weight->steps.item<double>();
        at::Tensor after = (*observed)->sample;
        if (const auto& activation = (*made)->activation) {
            const auto range = integerRange(bits.activations, activation->isSigned);
            after = at::fake_quantize_per_tensor_affine(after, activation->step, 0, range.minimum, range.maximum);
            histograms.activations = histogramOf((*observed)->sample, after);
            histograms.activations.step = activation->step;
        } else {
            histograms.activations = histogramOf(after, after);
        }
        return histograms;
    }

    Result<void> save(std::span<const LayerBits> bits, const std::filesystem::path& path,
                      const Progress& progress) override {
        const auto made = mixed_->policy(bits, progress);
        if (!made)
            return tl::unexpected(made.error());
        return writePolicyFile(path, made->file);
    }

private:
    Result<void> checkWidths(std::span<const LayerBits> bits, std::int64_t steps) const {
        if (steps < 1)
            return fail(ErrorKind::BadInput, "at least one step has to be run");
        return mixed_->check(bits);
    }

    tl::unexpected<Error> nothingToRun() const {
        return fail(ErrorKind::BadInput,
                    rollouts_->info().path.string() + ": no recorded step with finite observations");
    }

    Result<std::shared_ptr<const Policy>> policyAt(std::span<const LayerBits> bits, const Progress& progress) {
        std::vector<std::pair<std::size_t, LayerBits>> chosen;
        for (std::size_t layer = 0; layer < bits.size(); ++layer)
            chosen.emplace_back(layer, bits[layer]);
        return mixed_->check(bits)
            .and_then([&] { return mixed_->graph(chosen, true, progress); })
            .and_then([&](PolicyGraph graph) {
                return Policy::create(PolicyFile{std::move(graph), {}}, policy_->card());
            });
    }

    std::int64_t smallestBatch() const { return std::max<std::int64_t>(1, policy_->graph().batchRange().first); }
    /// Rows at once when each keeps this many bytes.
    std::int64_t batchFor(std::size_t bytesOfRow) const {
        const auto [smallest, largest] = policy_->graph().batchRange();
        const auto fitting = static_cast<std::int64_t>(kKeptBytes / std::max<std::size_t>(1, bytesOfRow));
        return std::clamp(std::min(fitting, kLargestBatch), smallestBatch(), std::max(smallest, largest));
    }

    /// These steps side by side, without those that are not finite.
    Result<Batch> batchOf(std::span<const StepReference> steps) {
        std::vector<std::vector<at::Tensor>> rows;
        for (const StepReference& step : steps) {
            auto inputs = policy_->inputs(*rollouts_, step.episode, step.step, 1);
            if (!inputs)
                return tl::unexpected(inputs.error());
            if (isFinite(*inputs))
                rows.push_back(std::move(*inputs));
        }
        std::vector<at::Tensor> inputs;
        for (std::size_t input = 0; !rows.empty() && input < rows.front().size(); ++input) {
            std::vector<at::Tensor> column;
            for (const auto& row : rows)
                column.push_back(row[input]);
            inputs.push_back(at::cat(column));
        }
        return finished(std::move(inputs), static_cast<std::int64_t>(rows.size()));
    }

    Result<Batch> finished(std::vector<at::Tensor> inputs, std::int64_t rows) {
        Batch batch;
        batch.rows = rows;
        if (rows == 0)
            return batch;
        const auto head = policy_->forward(inputs);
        if (!head)
            return tl::unexpected(head.error());
        batch.reference = policy_->action(*head);
        for (std::size_t input = 0; input < inputs.size(); ++input) {
            const auto& meta = policy_->graph().values[static_cast<std::size_t>(policy_->graph().inputs[input])].meta;
            const at::Tensor ready = meta ? convertedTo(inputs[input], meta->type) : inputs[input];
            batch.inputs.push_back(padded(ready, smallestBatch()));
        }
        return batch;
    }

    /// Keeps the last episode that was asked for: another width needs only the quantized policy's run.
    Result<void> readEpisode(std::size_t episode, const Progress& progress) {
        if (episode >= rollouts_->info().episodes.size())
            return fail(ErrorKind::NotFound, rollouts_->info().path.string() + ": has no episode of this number");
        if (episodeIndex_ == episode)
            return {};
        episodeIndex_.reset();
        episode_.clear();
        notFinite_.clear();
        const std::int64_t steps = rollouts_->info().episodes[episode].steps;
        for (std::int64_t first = 0; first < steps; first += kLargestBatch) {
            if (!report(progress, "Reading the episode", first, steps))
                return fail(ErrorKind::Cancelled, "the gap's computation was cancelled");
            const std::int64_t count = std::min(kLargestBatch, steps - first);
            auto inputs = policy_->inputs(*rollouts_, episode, first, count);
            if (!inputs)
                return tl::unexpected(inputs.error());
            for (std::int64_t row = 0; row < count; ++row) {
                std::vector<at::Tensor> ofStep;
                for (const at::Tensor& input : *inputs)
                    ofStep.push_back(input[row]);
                if (!isFinite(ofStep))
                    notFinite_.push_back(static_cast<std::size_t>(first + row));
            }
            auto batch = finished(std::move(*inputs), count);
            if (!batch)
                return tl::unexpected(batch.error());
            episode_.push_back(std::move(*batch));
        }
        episodeIndex_ = episode;
        return {};
    }

    std::shared_ptr<const Policy> policy_;
    std::shared_ptr<Rollouts> rollouts_;
    std::unique_ptr<MixedPrecision> mixed_;
    std::vector<SensitiveLayer> layers_;
    std::optional<std::size_t> episodeIndex_;
    std::vector<Batch> episode_;
    std::vector<std::size_t> notFinite_;
};

}  // namespace

Result<std::unique_ptr<LayerSensitivity>> LayerSensitivity::open(const PolicyPaths& paths,
                                                                 std::shared_ptr<Rollouts> rollouts,
                                                                 const QuantSpec& spec, const Progress& progress) {
    auto policy = Policy::load(paths.policy, rollouts->info(), paths.card);
    if (!policy)
        return tl::unexpected(policy.error());
    std::shared_ptr<const Policy> quantized;
    if (!paths.quantized.empty()) {
        auto loaded = Policy::load(paths.quantized, rollouts->info(), paths.card);
        if (!loaded)
            return tl::unexpected(loaded.error());
        quantized = std::move(*loaded);
    }
    auto made = std::make_unique<Sensitivity>(std::move(*policy), std::move(rollouts));
    if (auto opened = made->open(quantized, spec, progress); !opened)
        return tl::unexpected(opened.error());
    return made;
}

}  // namespace sqil
