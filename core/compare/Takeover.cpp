#include "core/compare/Takeover.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/analysis/Analysis.h"
#include "core/analysis/Saliency.h"
#include "core/policy/Policy.h"
#include "core/policy/ThreadCount.h"
#include "core/sim/PolicyActor.h"

namespace sqil {
namespace {

constexpr std::array<std::pair<TakeoverAt, std::string_view>, 4> kNames{{{TakeoverAt::Critical, "critical"},
                                                                         {TakeoverAt::Random, "random"},
                                                                         {TakeoverAt::Gap, "gap"},
                                                                         {TakeoverAt::Quiet, "quiet"}}};

/// Uniform in [0, 1) from an episode's seed and a step (SplitMix64's finalizer), whatever ran before.
double uniformOf(std::uint64_t seed, std::int64_t step) {
    std::uint64_t value = seed * 0x9E3779B97F4A7C15u + static_cast<std::uint64_t>(step) + 1;
    for (int round = 0; round < 2; ++round) {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
        value ^= value >> 31;
    }
    return static_cast<double>(value >> 11) * 0x1.0p-53;
}

std::vector<PerturbationSpec> perturbationsFor(const Policy& policy, std::vector<PerturbationSpec> wanted) {
    if (!wanted.empty())
        return wanted;
    for (const auto& [inputKind, kind] : {std::pair{InputKind::Image, PerturbationKind::PatchMean},
                                          std::pair{InputKind::State, PerturbationKind::State}})
        if (std::any_of(policy.card().inputs.begin(), policy.card().inputs.end(),
                        [kind = inputKind](const CardInput& input) { return input.kind == kind; })) {
            PerturbationSpec spec;
            spec.kind = kind;
            wanted.push_back(spec);
        }
    return wanted;
}

/// What decides: a number for every state, compared with the threshold.
class Judge {
public:
    static Result<Judge> create(std::shared_ptr<const Policy> fullPrecision, std::shared_ptr<const Policy> quantized,
                                const TakeoverSpec& spec, const Progress& progress) {
        Judge judge;
        judge.at_ = spec.at;
        judge.share_ = spec.percent / 100;
        judge.fullPrecision_ = std::move(fullPrecision);
        judge.quantized_ = std::move(quantized);
        if (spec.at == TakeoverAt::Random || judge.isCertain())
            return judge;
        auto rollouts = Rollouts::open(spec.rollouts);
        if (!rollouts)
            return tl::unexpected(rollouts.error());
        if (spec.at != TakeoverAt::Gap)
            if (auto made = judge.makeEngine(**rollouts, spec); !made)
                return tl::unexpected(made.error());
        if (auto set = judge.setThreshold(**rollouts, spec, progress); !set)
            return tl::unexpected(set.error());
        return judge;
    }

    double threshold() const { return threshold_; }

    Result<bool> takesOver(std::span<const at::Tensor> inputs, std::uint64_t seed, std::int64_t step) const {
        // Never and always, also at states beyond all recorded ones.
        if (isCertain())
            return share_ >= 1;
        if (at_ == TakeoverAt::Random)
            return uniformOf(seed, step) < share_;
        return numberOf(inputs).map(
            [&](double number) { return at_ == TakeoverAt::Quiet ? number < threshold_ : number > threshold_; });
    }

private:
    bool isCertain() const { return share_ <= 0 || share_ >= 1; }

    Result<void> makeEngine(Rollouts& rollouts, const TakeoverSpec& spec) {
        const auto perturbations = perturbationsFor(*fullPrecision_, spec.perturbations);
        std::vector<SaliencyEngine::StateStatistics> statistics;
        if (std::any_of(perturbations.begin(), perturbations.end(),
                        [](const PerturbationSpec& p) { return p.kind == PerturbationKind::State; })) {
            auto found = stateStatistics(*fullPrecision_, rollouts);
            if (!found)
                return tl::unexpected(found.error());
            statistics = std::move(*found);
        }
        auto engine = SaliencyEngine::create(fullPrecision_, perturbations, std::move(statistics));
        if (!engine)
            return tl::unexpected(engine.error());
        engine_ = std::make_shared<SaliencyEngine>(std::move(*engine));
        return {};
    }

    Result<double> numberOf(std::span<const at::Tensor> inputs) const {
        if (engine_)
            return engine_->step(inputs).map([](const StepSaliency& saliency) { return saliency.sis(); });
        auto full = fullPrecision_->forward(inputs);
        auto low = quantized_->forward(inputs);
        if (!full || !low)
            return tl::unexpected((full ? low : full).error());
        return (fullPrecision_->action(*full) - quantized_->action(*low)).norm().item<double>();
    }

    Result<void> setThreshold(Rollouts& rollouts, const TakeoverSpec& spec, const Progress& progress) {
        const std::int64_t total = rollouts.info().totalSteps();
        const std::int64_t count = std::min(total, spec.thresholdSteps);
        std::vector<float> numbers;
        std::size_t episode = 0;
        std::int64_t before = 0;
        for (std::int64_t index = 0; index < count; ++index) {
            if (!report(progress, "Setting the threshold", index, count))
                return fail(ErrorKind::Cancelled, "cancelled");
            const std::int64_t place = index * total / count;
            while (place - before >= rollouts.info().episodes[episode].steps)
                before += rollouts.info().episodes[episode++].steps;
            auto inputs = fullPrecision_->inputs(rollouts, episode, place - before, 1);
            if (!inputs)
                return tl::unexpected(inputs.error());
            auto number = numberOf(*inputs);
            if (!number)
                return tl::unexpected(number.error());
            numbers.push_back(static_cast<float>(*number));
        }
        if (numbers.empty())
            return fail(ErrorKind::BadInput, spec.rollouts.string() + ": has no step to set the threshold by");
        threshold_ = criticalThreshold(numbers, spec.at == TakeoverAt::Quiet ? 100 - spec.percent : spec.percent);
        return {};
    }

    TakeoverAt at_ = TakeoverAt::Critical;
    double share_ = 0.2, threshold_ = 0;
    std::shared_ptr<const Policy> fullPrecision_, quantized_;
    std::shared_ptr<const SaliencyEngine> engine_;
};

class TakeoverActor : public Actor {
public:
    TakeoverActor(std::shared_ptr<const Policy> fullPrecision, std::shared_ptr<const Policy> quantized, Judge judge)
        : fullPrecision_(std::move(fullPrecision)), quantized_(std::move(quantized)), judge_(std::move(judge)) {}

    Result<void> prepare(const EnvironmentInfo& environment) override {
        width_ = static_cast<std::size_t>(environment.actionDimensions);
        return fullPrecision_.prepare(environment).and_then([&] { return quantized_.prepare(environment); });
    }

    Result<std::vector<float>> act(const ActorBatch& batch) override {
        const at::NoGradGuard none;
        auto actions = quantized_.act(batch);
        auto instead = fullPrecision_.act(batch);
        auto inputs = fullPrecision_.inputs(batch);
        if (!actions || !instead)
            return tl::unexpected((actions ? instead : actions).error());
        if (!inputs)
            return tl::unexpected(inputs.error());
        for (std::int64_t row = 0; row < batch.size(); ++row) {
            const auto index = static_cast<std::size_t>(row);
            // A batch is filled up with copies of its last row.
            if (row > 0 && batch.episodes[index] == batch.episodes[index - 1]) {
                std::copy_n(actions->begin() + static_cast<std::ptrdiff_t>((index - 1) * width_), width_,
                            actions->begin() + static_cast<std::ptrdiff_t>(index * width_));
                continue;
            }
            std::vector<at::Tensor> one;
            for (const at::Tensor& input : *inputs)
                one.push_back(input.narrow(0, row, 1));
            auto takes = judge_.takesOver(one, batch.seeds[index], batch.steps[index]);
            if (!takes)
                return tl::unexpected(takes.error());
            ++steps;
            if (!*takes)
                continue;
            ++taken;
            std::copy_n(instead->begin() + static_cast<std::ptrdiff_t>(index * width_), width_,
                        actions->begin() + static_cast<std::ptrdiff_t>(index * width_));
        }
        return actions;
    }

    std::int64_t steps = 0, taken = 0;

private:
    PolicyActor fullPrecision_, quantized_;
    Judge judge_;
    std::size_t width_ = 0;
};

}  // namespace

std::string_view nameOf(TakeoverAt at) {
    for (const auto& [value, name] : kNames)
        if (value == at)
            return name;
    return "";
}

Result<TakeoverAt> parseTakeoverAt(std::string_view name) {
    for (const auto& [value, known] : kNames)
        if (known == name)
            return value;
    return fail(ErrorKind::BadInput,
                "takeover at \"" + std::string(name) + "\": expected critical, random, gap or quiet");
}

Result<TakeoverResult> evaluateTakeover(const TakeoverFiles& files, const TakeoverSpec& takeover, EvaluationSpec spec,
                                        const Progress& progress) {
    if (!(takeover.percent >= 0 && takeover.percent <= 100))
        return fail(ErrorKind::BadInput,
                    "percent: " + std::to_string(takeover.percent) + "; expected a number from 0 to 100");
    const ThreadCount threads(1);
    auto environment = openEnvironment(spec, progress);
    if (!environment)
        return tl::unexpected(environment.error());
    const RolloutsInfo observed = observedBy((*environment)->info());
    auto fullPrecision = Policy::load(files.fullPrecision, observed, files.card);
    if (!fullPrecision)
        return tl::unexpected(fullPrecision.error());
    auto quantized = Policy::load(files.quantized, observed, files.card);
    if (!quantized)
        return tl::unexpected(quantized.error());
    const at::NoGradGuard none;
    auto judge = Judge::create(*fullPrecision, *quantized, takeover, progress);
    if (!judge)
        return tl::unexpected(judge.error());
    TakeoverResult result;
    result.threshold = judge->threshold();
    TakeoverActor actor(*fullPrecision, *quantized, std::move(*judge));
    auto evaluation = evaluate(actor, **environment, spec, progress);
    if (!evaluation)
        return tl::unexpected(evaluation.error());
    result.evaluation = std::move(*evaluation);
    result.steps = actor.steps;
    result.taken = actor.taken;
    return result;
}

nlohmann::json toJson(const TakeoverResult& result) {
    return {{"evaluation", toJson(result.evaluation)},
            {"threshold", result.threshold},
            {"steps", result.steps},
            {"taken_over", result.taken},
            {"share", result.steps > 0 ? static_cast<double>(result.taken) / static_cast<double>(result.steps) : 0.0}};
}

}  // namespace sqil
