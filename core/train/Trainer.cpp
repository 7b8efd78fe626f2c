#include "core/train/Trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <chrono>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

#include "core/train/Augmentation.h"
#include "core/train/Checkpoint.h"
#include "core/train/CounterRandom.h"
#include "core/train/Losses.h"
#include "core/train/MetricsLog.h"
#include "core/train/Optimizer.h"
#include "core/train/Ranks.h"
#include "core/train/Schedule.h"
#include "core/train/Student.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr std::int64_t kEvaluationBatch = 64;
constexpr std::int64_t kMostEvaluated = 4096;
constexpr std::int64_t kMostUnitsChecked = 1024;
constexpr std::int64_t kMostCachedBytes = std::int64_t{512} << 20;
constexpr std::uint64_t kDropoutStream = 0xD0;

/// At most `most` of the items, evenly spread.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& items, std::int64_t most) {
    const auto size = static_cast<std::int64_t>(items.size());
    if (size <= most)
        return items;
    std::vector<std::int64_t> chosen;
    for (std::int64_t index = 0; index < most; ++index)
        chosen.push_back(items[static_cast<std::size_t>(index * size / most)]);
    return chosen;
}

double secondsNow() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A mean that grows.
struct Mean {
    double sum = 0, weight = 0;
    void add(double value, double count = 1) {
        sum += value;
        weight += count;
    }
    double value() const { return weight > 0 ? sum / weight : TrainMetrics::kNone; }
};

/// Means since the last report.
struct Window {
    Mean loss, qat, critical, other, norm;
    std::int64_t steps = 0;
    double start = secondsNow();
};

json numberOrNull(double value) {
    return std::isfinite(value) ? json(value) : json();
}
double numberOr(const json& object, const char* name) {
    return object.contains(name) && object[name].is_number() ? object[name].get<double>() : TrainMetrics::kNone;
}

json evaluationJson(const TrainMetrics& metrics) {
    return {{"step", metrics.step},
            {"gap", numberOrNull(metrics.heldOutGap)},
            {"gap_critical", numberOrNull(metrics.heldOutGapCritical)},
            {"gap_other", numberOrNull(metrics.heldOutGapOther)},
            {"qat", numberOrNull(metrics.heldOutQat)}};
}

TrainMetrics evaluationFrom(const json& object, std::int64_t steps) {
    TrainMetrics metrics;
    metrics.steps = steps;
    if (!object.is_object() || !object.contains("step"))
        return metrics;
    metrics.step = object["step"].get<std::int64_t>();
    metrics.evaluated = true;
    metrics.heldOutGap = numberOr(object, "gap");
    metrics.heldOutGapCritical = numberOr(object, "gap_critical");
    metrics.heldOutGapOther = numberOr(object, "gap_other");
    metrics.heldOutQat = numberOr(object, "qat");
    return metrics;
}

/// Fields of the spec that may change when a run is resumed.
bool mayChange(const std::string& field) {
    for (const char* allowed : {"steps", "learning_rate", "step_size_factor", "gradient_clip", "schedule", "warmup",
                                "patience", "evaluate_every", "checkpoint_every", "keep_best"})
        if (field == allowed)
            return true;
    return false;
}

}  // namespace

struct Trainer::State {
    State(const TrainSpec& spec, const TrainingData& data, StudentGraph student, const SisWeights* weights,
          TrainingFiles files, GraphExecutor executor, GraphExecutor evaluator)
        : spec(spec),
          data(data),
          student(std::move(student)),
          weights(weights),
          files(std::move(files)),
          executor(std::move(executor)),
          evaluator(std::move(evaluator)),
          optimizer(spec, this->student.tensors),
          order(spec.seed, data.training()) {}

    const TrainSpec spec;
    const TrainingData& data;
    const StudentGraph student;
    const SisWeights* weights;
    const TrainingFiles files;
    const GraphExecutor executor, evaluator;
    Optimizer optimizer;
    BatchOrder order;
    ActionLoss actionLoss = ActionLoss::Mse;
    Divergence divergence = Divergence::Mse;
    bool actionsInUnits = false;

    std::vector<std::int64_t> evaluated;    ///< items
    at::Tensor teacherActions;              ///< M×A of `evaluated`
    at::Tensor teacherValues;               ///< of every item, where they are kept
    std::vector<at::Tensor> average, best;  ///< in the order of the student's tensors; empty: none
    std::int64_t step = 0;
    std::int64_t evaluationsSinceBest = 0;
    bool isFinished = false;
    TrainingResult result;
    Window window;

    const Policy& policy() const { return data.policy(); }
    ActionHead head() const { return policy().card().head; }
    bool usesActions() const { return spec.qatWeight > 0 && data.hasActions(); }

    Result<void> prepare();
    Result<void> checkRecordedActions();
    Result<at::Tensor> valuesOf(const GraphExecutor& graph, std::span<const std::int64_t> items) const;
    Result<at::Tensor> valuesOfAll(const GraphExecutor& graph, const std::vector<std::int64_t>& items) const;
    at::Tensor recorded(std::span<const std::int64_t> items) const;

    int ranks() const { return files.ranks ? files.ranks->count() : 1; }
    bool leads() const { return !files.ranks || files.ranks->leads(); }
    Result<void> trainStep();
    Result<void> share(const Result<void>& passed, std::int64_t firstItem);
    Result<void> trainPass(std::int64_t pass);
    Result<at::Tensor> teacherOf(std::span<const std::int64_t> items, std::span<const at::Tensor> inputs) const;
    void addToWindow(std::span<const std::int64_t> items, const at::Tensor& qat, const at::Tensor& qrd, double loss);
    Result<void> notFinite(const std::string& what, std::span<const std::int64_t> items) const;

    Result<TrainMetrics> evaluate();
    TrainMetrics metricsSoFar();
    double meanStep(TrainableTensor::Role role) const;
    void copyTo(std::vector<at::Tensor>& into) const;
    void copyFrom(const std::vector<at::Tensor>& from) const;

    Result<void> save() const;
    Result<void> restore();
    std::string goOn() const;
    Result<TrainingResult> run(bool resume, std::int64_t metricsEvery, const Progress& progress,
                               const MetricsCallback& metrics);
};

Result<at::Tensor> Trainer::State::valuesOf(const GraphExecutor& graph, std::span<const std::int64_t> items) const {
    auto inputs = data.inputs(items);
    if (!inputs)
        return tl::unexpected(inputs.error());
    return headValues(policy(), graph, *inputs);
}

Result<at::Tensor> Trainer::State::valuesOfAll(const GraphExecutor& graph,
                                               const std::vector<std::int64_t>& items) const {
    const at::NoGradGuard noGradient;
    std::vector<at::Tensor> parts;
    for (std::size_t first = 0; first < items.size(); first += kEvaluationBatch) {
        auto values = valuesOf(
            graph, std::span(items).subspan(first, std::min<std::size_t>(kEvaluationBatch, items.size() - first)));
        if (!values)
            return values;
        parts.push_back(std::move(*values));
    }
    return at::cat(parts);
}

at::Tensor Trainer::State::recorded(std::span<const std::int64_t> items) const {
    const at::Tensor actions = data.actions(items);
    return actionsInUnits ? data.normalized(actions) : actions;
}

/// Classes within the head's range, the head's own number of dimensions, and the right one of two ways to read them.
Result<void> Trainer::State::checkRecordedActions() {
    if (!usesActions())
        return {};
    std::vector<std::int64_t> all(data.places().size());
    std::iota(all.begin(), all.end(), 0);
    const auto some = spread(all, kMostUnitsChecked);
    auto values = valuesOfAll(policy().executor(), some);
    if (!values)
        return tl::unexpected(values.error());
    if (head() == ActionHead::Categorical || head() == ActionHead::TokenLogits) {
        const at::Tensor classes = data.actions(all);
        const std::int64_t count = values->size(-1), largest = classes.max().item<std::int64_t>();
        if (classes.dim() == 2 && classes.size(1) != values->size(1))
            return fail(ErrorKind::BadInput, "the rollouts record " + std::to_string(classes.size(1)) +
                                                 " tokens a step, the policy gives " + std::to_string(values->size(1)));
        if (classes.min().item<std::int64_t>() < 0 || largest >= count)
            return fail(ErrorKind::BadInput, "the rollouts record classes up to " + std::to_string(largest) +
                                                 ", the policy knows 0 to " + std::to_string(count - 1));
        return {};
    }
    const at::Tensor own = actionOfValues(head(), *values), actions = data.actions(some);
    if (own.size(1) != actions.size(1))
        return fail(ErrorKind::BadInput, "the rollouts record " + std::to_string(actions.size(1)) +
                                             " action dimensions, the policy gives " + std::to_string(own.size(1)) +
                                             "; train on rollouts of this policy's own task");
    actionsInUnits = spec.recordedActions == RecordedActions::Units;
    if (spec.recordedActions != RecordedActions::Check)
        return {};
    const double asStored = (actions - own).abs().mean().item<double>();
    const double fromUnits = (data.normalized(actions) - own).abs().mean().item<double>();
    if (fromUnits < asStored / 4)
        return fail(ErrorKind::BadInput,
                    "the recorded actions seem to be in the card's units, not normalized: their mean distance from the "
                    "policy's own is " +
                        std::to_string(asStored) + " as stored and " + std::to_string(fromUnits) +
                        " when read in units. Say which they are: recorded_actions (--recorded-actions) units or "
                        "normalized");
    return {};
}

Result<void> Trainer::State::prepare() {
    auto action = loss::resolve(spec.actionLoss, head());
    if (!action)
        return tl::unexpected(action.error());
    actionLoss = *action;
    auto between = loss::resolve(spec.divergence, head());
    if (!between)
        return tl::unexpected(between.error());
    divergence = *between;
    if (auto checked = checkRecordedActions(); !checked)
        return checked;

    result.evaluatedOnTraining = data.heldOut().empty();
    evaluated = spread(result.evaluatedOnTraining ? data.training() : data.heldOut(), kMostEvaluated);
    auto values = valuesOfAll(policy().executor(), evaluated);
    if (!values)
        return tl::unexpected(values.error());
    teacherActions = actionOfValues(head(), *values);

    // Without augmentation the teacher says the same of a step every time.
    const std::int64_t bytes = values->numel() / values->size(0) * static_cast<std::int64_t>(data.places().size() * 4);
    if (spec.usesDistillation() && !spec.augmentation.any() && bytes <= kMostCachedBytes) {
        std::vector<std::int64_t> all(data.places().size());
        std::iota(all.begin(), all.end(), 0);
        auto every = valuesOfAll(policy().executor(), all);
        if (!every)
            return tl::unexpected(every.error());
        teacherValues = std::move(*every);
    }
    if (spec.emaDecay > 0)
        copyTo(average);
    return {};
}

Result<void> Trainer::State::notFinite(const std::string& what, std::span<const std::int64_t> items) const {
    return fail(ErrorKind::BadInput, "the " + what + " became NaN or infinite at step " + std::to_string(step) +
                                         " (the batch begins with " + data.nameOf(items.front()) +
                                         "). Lower the learning rate or clip the gradient" + goOn());
}

/// What a user can do after a run has stopped.
std::string Trainer::State::goOn() const {
    std::error_code ignored;
    if (!std::filesystem::exists(files.checkpoint, ignored))
        return "; there is no checkpoint yet, so start again";
    return "; the last checkpoint is " + files.checkpoint.string() + ", go on from it with --resume";
}

Result<at::Tensor> Trainer::State::teacherOf(std::span<const std::int64_t> items,
                                             std::span<const at::Tensor> inputs) const {
    const at::NoGradGuard noGradient;
    if (teacherValues.defined())
        return teacherValues.index_select(
            0, at::tensor(at::ArrayRef<std::int64_t>(items.data(), items.size()), at::kLong));
    return headValues(policy(), policy().executor(), inputs);
}

void Trainer::State::addToWindow(std::span<const std::int64_t> items, const at::Tensor& qat, const at::Tensor& qrd,
                                 double loss) {
    window.loss.add(loss);
    if (qat.defined())
        window.qat.add(qat.mean().item<double>());
    if (!qrd.defined())
        return;
    const at::Tensor values = qrd.detach().contiguous();
    const float* value = values.const_data_ptr<float>();
    for (std::size_t row = 0; row < items.size(); ++row) {
        const bool critical = weights && weights->critical[static_cast<std::size_t>(items[row])];
        (critical ? window.critical : window.other).add(value[row]);
    }
}

/// One forward and backward pass: gradients add up.
Result<void> Trainer::State::trainPass(std::int64_t pass) {
    const auto items = order.take(pass * spec.batch, spec.batch);
    auto inputs = data.inputs(items);
    if (!inputs)
        return tl::unexpected(inputs.error());
    augment(spec.augmentation, spec.seed, pass, data.cards(), *inputs);
    at::Tensor teacher;
    if (spec.usesDistillation() && spec.qrdWeight > 0) {
        auto values = teacherOf(items, *inputs);
        if (!values)
            return tl::unexpected(values.error());
        teacher = std::move(*values);
    }
    if (student.usesGenerator)
        at::manual_seed(CounterRandom{kDropoutStream, spec.seed, static_cast<std::uint64_t>(pass)}.next());
    auto values = headValues(policy(), executor, *inputs, spec.precision);
    if (!values)
        return tl::unexpected(values.error());
    at::Tensor qat, qrd, total;
    if (usesActions()) {
        qat = loss::action(actionLoss, head(), *values, recorded(items));
        total = spec.qatWeight * qat;
    }
    if (teacher.defined()) {
        qrd = loss::divergence(divergence, *values, teacher);
        at::Tensor weighted = spec.qrdWeight * qrd;
        if (weights) {
            std::vector<float> alpha;
            for (const std::int64_t item : items)
                alpha.push_back(weights->alpha[static_cast<std::size_t>(item)]);
            weighted = weighted * at::tensor(alpha);
        }
        total = total.defined() ? total + weighted : weighted;
    }
    total = total.mean() / static_cast<double>(spec.accumulation);
    const double value = total.item<double>() * static_cast<double>(spec.accumulation);
    if (!std::isfinite(value))
        return notFinite("loss", items);
    total.backward();
    addToWindow(items, qat, qrd, value);
    return {};
}

/// Averages the gradient over all ranks. Beside it goes, for every rank, whether its pass has failed.
Result<void> Trainer::State::share(const Result<void>& passed, std::int64_t firstItem) {
    const at::NoGradGuard noGradient;
    std::vector<at::Tensor> parts;
    for (const TrainableTensor& trained : student.tensors) {
        const at::Tensor& gradient = trained.tensor.grad();
        parts.push_back(gradient.defined() && passed ? gradient.reshape(-1)
                                                     : at::zeros({trained.tensor.numel()}, at::kFloat));
    }
    at::Tensor failures = at::zeros({ranks()}, at::kFloat);
    if (!passed)
        failures[files.ranks->rank()] = static_cast<double>(firstItem + 1);
    parts.push_back(failures);
    at::Tensor all = at::cat(parts).contiguous();
    const std::span<float> values(all.mutable_data_ptr<float>(), static_cast<std::size_t>(all.numel()));
    if (auto summed = files.ranks->sum(values); !summed)
        return fail(summed.error().kind, summed.error().message + goOn());
    if (!passed)
        return passed;
    for (const float item : values.last(static_cast<std::size_t>(ranks())))
        if (item > 0)
            return notFinite("loss", std::vector{static_cast<std::int64_t>(item) - 1});
    std::int64_t from = 0;
    for (const TrainableTensor& trained : student.tensors) {
        const std::int64_t count = trained.tensor.numel();
        if (at::Tensor gradient = trained.tensor.grad(); gradient.defined())
            gradient.copy_((all.narrow(0, from, count) / ranks()).view_as(gradient));
        from += count;
    }
    return {};
}

Result<void> Trainer::State::trainStep() {
    Result<void> passed;
    std::int64_t pass = 0;
    for (std::int64_t part = 0; part < spec.accumulation && passed; ++part) {
        pass = (step * spec.accumulation + part) * ranks() + (files.ranks ? files.ranks->rank() : 0);
        passed = trainPass(pass);
    }
    if (files.ranks)
        passed = share(passed, passed ? 0 : order.take(pass * spec.batch, 1).front());
    if (!passed) {
        optimizer.clearGradients();
        return passed;
    }
    const double norm = optimizer.clipGradient(spec.gradientClip);
    if (!std::isfinite(norm)) {
        optimizer.clearGradients();
        return notFinite("gradient", order.take(step * spec.accumulation * ranks() * spec.batch, 1));
    }
    optimizer.step(spec.learningRate * learningRateFactor(spec, step));
    optimizer.clearGradients();
    if (!average.empty()) {
        const at::NoGradGuard noGradient;
        for (std::size_t index = 0; index < average.size(); ++index)
            average[index].lerp_(student.tensors[index].tensor.detach(), 1 - spec.emaDecay);
    }
    window.norm.add(norm);
    ++window.steps;
    ++step;
    return {};
}

/// Geometric mean; NaN where nothing has such steps.
double Trainer::State::meanStep(TrainableTensor::Role role) const {
    double sum = 0;
    std::int64_t count = 0;
    for (const TrainableTensor& trained : student.tensors) {
        if (trained.role != role)
            continue;
        sum += trained.tensor.detach().abs().log().sum().item<double>();
        count += trained.tensor.numel();
    }
    return count > 0 ? std::exp(sum / static_cast<double>(count)) : TrainMetrics::kNone;
}

void Trainer::State::copyTo(std::vector<at::Tensor>& into) const {
    const at::NoGradGuard noGradient;
    into.clear();
    for (const TrainableTensor& trained : student.tensors)
        into.push_back(trained.tensor.detach().clone());
}

void Trainer::State::copyFrom(const std::vector<at::Tensor>& from) const {
    const at::NoGradGuard noGradient;
    for (std::size_t index = 0; index < from.size(); ++index)
        student.tensors[index].tensor.detach().copy_(from[index]);
}

TrainMetrics Trainer::State::metricsSoFar() {
    TrainMetrics metrics;
    metrics.step = step;
    metrics.steps = spec.steps;
    metrics.epoch = static_cast<double>(step * spec.accumulation * ranks() * spec.batch) /
                    static_cast<double>(data.training().size());
    metrics.loss = window.loss.value();
    metrics.qat = window.qat.value();
    metrics.qrdCritical = window.critical.value();
    metrics.qrdOther = window.other.value();
    metrics.learningRate = spec.learningRate * learningRateFactor(spec, std::max<std::int64_t>(0, step - 1));
    metrics.gradientNorm = window.norm.value();
    if (window.steps > 0)
        metrics.stepsPerSecond = static_cast<double>(window.steps) / std::max(1e-9, secondsNow() - window.start);
    window = Window();
    return metrics;
}

/// Looks at the student (its average, where there is one) on the held-out steps, and remembers the best.
Result<TrainMetrics> Trainer::State::evaluate() {
    const at::NoGradGuard noGradient;
    TrainMetrics metrics = metricsSoFar();
    metrics.evaluated = true;
    std::vector<at::Tensor> own;
    if (!average.empty()) {
        copyTo(own);
        copyFrom(average);
    }
    auto values = valuesOfAll(evaluator, evaluated);
    if (!values)
        return tl::unexpected(values.error());
    const at::Tensor gaps = (actionOfValues(head(), *values) - teacherActions).norm(2, 1).contiguous();
    Mean all, critical, other;
    for (std::size_t row = 0; row < evaluated.size(); ++row) {
        const double gap = gaps.const_data_ptr<float>()[row];
        all.add(gap);
        if (weights)
            (weights->critical[static_cast<std::size_t>(evaluated[row])] ? critical : other).add(gap);
    }
    metrics.heldOutGap = all.value();
    metrics.heldOutGapCritical = critical.value();
    metrics.heldOutGapOther = other.value();
    if (usesActions())
        metrics.heldOutQat = loss::action(actionLoss, head(), *values, recorded(evaluated)).mean().item<double>();

    metrics.weightStep = meanStep(TrainableTensor::Role::WeightStep);
    metrics.activationStep = meanStep(TrainableTensor::Role::ActivationStep);

    const auto criterion = [&](const TrainMetrics& of) {
        return spec.recipe == Recipe::Fp ? of.heldOutQat : of.heldOutGap;
    };
    metrics.isBest = std::isfinite(criterion(metrics)) && !(criterion(result.bestEvaluation) <= criterion(metrics));
    if (metrics.isBest) {
        result.bestEvaluation = metrics;
        result.bestStep = step;
        evaluationsSinceBest = 0;
        if (spec.keepBest)
            copyTo(best);
    } else {
        ++evaluationsSinceBest;
    }
    if (!own.empty())
        copyFrom(own);
    result.lastEvaluation = metrics;
    window.start = secondsNow();
    return metrics;
}

Result<void> Trainer::State::save() const {
    if (!leads())
        return {};
    Checkpoint checkpoint;
    checkpoint.state = json{{"spec", json::parse(toJson(spec))},
                            {"files", json::parse(files.fingerprintsJson)},
                            {"threads", at::get_num_threads()},
                            {"ranks", ranks()},
                            {"step", step},
                            {"finished", isFinished},
                            {"stopped_early", result.stoppedEarly},
                            {"best_step", result.bestStep},
                            {"evaluations_since_best", evaluationsSinceBest},
                            {"best", evaluationJson(result.bestEvaluation)},
                            {"last", evaluationJson(result.lastEvaluation)}}
                           .dump();
    for (std::size_t index = 0; index < student.tensors.size(); ++index) {
        const std::string& name = student.tensors[index].name;
        checkpoint.tensors["weight/" + name] = student.tensors[index].tensor.detach();
        if (!average.empty())
            checkpoint.tensors["average/" + name] = average[index];
        if (!best.empty())
            checkpoint.tensors["best/" + name] = best[index];
    }
    for (const auto& [name, tensor] : optimizer.state())
        checkpoint.tensors["optimizer/" + name] = tensor;
    return writeCheckpoint(files.checkpoint, checkpoint);
}

Result<void> Trainer::State::restore() {
    const at::NoGradGuard noGradient;
    auto checkpoint = readCheckpoint(files.checkpoint);
    if (!checkpoint)
        return tl::unexpected(checkpoint.error());
    const std::string place = files.checkpoint.string();
    const auto take = [&](const std::string& prefix, std::vector<at::Tensor>& into) -> bool {
        std::vector<at::Tensor> found;
        for (const TrainableTensor& trained : student.tensors) {
            const auto entry = checkpoint->tensors.find(prefix + trained.name);
            if (entry == checkpoint->tensors.end() || entry->second.sizes() != trained.tensor.sizes() ||
                entry->second.scalar_type() != trained.tensor.scalar_type())
                return false;
            found.push_back(entry->second);
        }
        into = std::move(found);
        return true;
    };
    try {
        const json state = json::parse(checkpoint->state);
        auto stored = parseTrainSpec(state.at("spec").dump());
        if (!stored)
            return fail(ErrorKind::BadInput, place + ": " + stored.error().message);
        for (const std::string& field : differences(*stored, spec)) {
            if (!mayChange(field))
                return fail(ErrorKind::BadInput,
                            place + ": is of a run with another " + field +
                                "; resume it with the same settings, or delete it to train from the start");
            result.notes.push_back("resumed with another " + field);
        }
        if (state.at("files") != json::parse(files.fingerprintsJson))
            return fail(ErrorKind::BadInput,
                        place +
                            ": is of a run on other files: the policy, its card, the rollouts or their SIS have "
                            "changed since. Bring them back, or delete the checkpoint to train from the start");
        if (const int stored = state.value("ranks", 1); stored != ranks())
            return fail(ErrorKind::BadInput, place + ": is of a run of " + std::to_string(stored) +
                                                 " ranks; resume it with as many (--ranks), or delete it to train from "
                                                 "the start");
        if (state.at("threads").get<int>() != at::get_num_threads())
            result.notes.push_back("resumed with another number of threads: sums may round differently");
        step = state.at("step").get<std::int64_t>();
        result.stoppedEarly = state.at("stopped_early").get<bool>();
        isFinished = state.at("finished").get<bool>() && (result.stoppedEarly || step >= spec.steps);
        result.bestStep = state.at("best_step").get<std::int64_t>();
        evaluationsSinceBest = state.at("evaluations_since_best").get<std::int64_t>();
        result.bestEvaluation = evaluationFrom(state.at("best"), spec.steps);
        result.lastEvaluation = evaluationFrom(state.at("last"), spec.steps);
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput, place + ": is no checkpoint of this program: " + problem.what());
    }
    std::vector<at::Tensor> weightsNow;
    std::map<std::string, at::Tensor> moments;
    const std::string optimizerPrefix = "optimizer/";
    for (const auto& [name, tensor] : checkpoint->tensors)
        if (name.starts_with(optimizerPrefix))
            moments[name.substr(optimizerPrefix.size())] = tensor;
    if (step < 0 || !take("weight/", weightsNow) || (spec.emaDecay > 0 && !take("average/", average)) ||
        !optimizer.restore(moments))
        return fail(ErrorKind::BadInput, place + ": does not fit this policy; delete it to train from the start");
    take("best/", best);
    copyFrom(weightsNow);
    result.resumedAt = step;
    return {};
}

Result<TrainingResult> Trainer::State::run(bool resume, std::int64_t metricsEvery, const Progress& progress,
                                           const MetricsCallback& metrics) {
    std::error_code ignored;
    const bool there = std::filesystem::exists(files.checkpoint, ignored);
    if (there && !resume)
        return fail(ErrorKind::BadInput, files.checkpoint.string() +
                                             ": an unfinished run has left this checkpoint; go on from it with "
                                             "--resume, or delete it to train from the start");
    if (there)
        if (auto restored = restore(); !restored)
            return tl::unexpected(restored.error());
    std::optional<MetricsLog> log;
    if (leads()) {
        auto opened = MetricsLog::open(files.log, step);
        if (!opened)
            return tl::unexpected(opened.error());
        log = std::move(*opened);
    }
    const auto tell = [&](const TrainMetrics& now) -> Result<void> {
        result.last = now;
        if (metrics)
            metrics(now);
        return log ? log->append(now) : Result<void>{};
    };
    const auto evaluateAndTell = [&]() -> Result<void> {
        auto now = evaluate();
        if (!now)
            return tl::unexpected(now.error());
        return tell(*now);
    };
    if (step == 0)
        if (auto evaluated = evaluateAndTell(); !evaluated)
            return tl::unexpected(evaluated.error());
    window = Window();
    while (step < spec.steps && !isFinished) {
        bool stops = !report(progress, "Training", step, spec.steps);
        if (files.ranks) {
            auto told = files.ranks->leadersAnswer(stops);
            if (!told)
                return fail(told.error().kind, told.error().message + goOn());
            stops = *told;
        }
        if (stops) {
            if (auto saved = save(); !saved)
                return tl::unexpected(saved.error());
            return fail(ErrorKind::Cancelled, "stopped at step " + std::to_string(step) + goOn());
        }
        if (auto trained = trainStep(); !trained)
            return tl::unexpected(trained.error());
        if (step % spec.evaluateEvery == 0 || step == spec.steps) {
            if (auto evaluated = evaluateAndTell(); !evaluated)
                return fail(evaluated.error().kind, evaluated.error().message + goOn());
            result.stoppedEarly = spec.patience > 0 && evaluationsSinceBest >= spec.patience && step < spec.steps;
        } else if (step % metricsEvery == 0) {
            if (auto told = tell(metricsSoFar()); !told)
                return fail(told.error().kind, told.error().message + goOn());
        }
        isFinished = step == spec.steps || result.stoppedEarly;
        if (step % spec.checkpointEvery == 0 || isFinished)
            if (auto saved = save(); !saved)
                return fail(saved.error().kind, saved.error().message + goOn());
    }
    report(progress, "Training", step, spec.steps);
    if (spec.keepBest && !best.empty())
        copyFrom(best);
    else if (!average.empty())
        copyFrom(average);
    result.stepsDone = step;
    return result;
}

Trainer::Trainer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

Result<Trainer> Trainer::create(const TrainSpec& spec, const TrainingData& data, StudentGraph student,
                                const SisWeights* weights, TrainingFiles files) {
    if (student.tensors.empty())
        return fail(ErrorKind::Unsupported, "the policy has nothing that can be trained");
    auto executor = GraphExecutor::create(*student.graph);
    if (!executor)
        return tl::unexpected(executor.error());
    auto evaluator = GraphExecutor::create(student.evaluation ? *student.evaluation : *student.graph);
    if (!evaluator)
        return tl::unexpected(evaluator.error());
    auto state = std::make_unique<State>(spec, data, std::move(student), weights, std::move(files),
                                         std::move(*executor), std::move(*evaluator));
    if (auto prepared = state->prepare(); !prepared)
        return tl::unexpected(prepared.error());
    return Trainer(std::move(state));
}

Result<TrainingResult> Trainer::run(bool resume, std::int64_t metricsEvery, const Progress& progress,
                                    const MetricsCallback& metrics) {
    return state_->run(resume, std::max<std::int64_t>(1, metricsEvery), progress, metrics);
}

Result<at::Tensor> Trainer::evaluatedActions(const GraphExecutor& executor) const {
    auto values = state_->valuesOfAll(executor, state_->evaluated);
    if (!values)
        return values;
    return actionOfValues(state_->head(), *values);
}

double Trainer::gapOf(const at::Tensor& actions) const {
    return (actions - state_->teacherActions).norm(2, 1).mean().item<double>();
}

}  // namespace sqil
