#include "core/train/TrainFile.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/policy/Policy.h"
#include "core/quant/PostTraining.h"
#include "core/train/Fingerprint.h"
#include "core/train/Lora.h"
#include "core/train/Ranks.h"
#include "core/train/SisWeights.h"
#include "core/train/Trainer.h"

namespace sqil {
namespace {

using nlohmann::json;

std::filesystem::path beside(std::filesystem::path out, const char* extension) {
    return out.replace_extension(extension);
}

json numberOrNull(double value) {
    return std::isfinite(value) ? json(value) : json();
}

/// The student of either kind, and how it becomes a policy file.
struct Student {
    std::optional<TrainableGraph> whole;
    std::optional<AdaptedGraph> adapted;

    StudentGraph graph() const {
        if (whole)
            return {&whole->file.graph, nullptr, whole->trainable(), false};
        return {&adapted->training, &adapted->evaluation, adapted->trainable(), true};
    }
};

Result<Student> makeStudent(const Policy& policy, Rollouts& rollouts, const TrainSpec& spec, const Progress& progress) {
    Student student;
    if (spec.adapters) {
        auto adapted = addAdapters(policy, rollouts, spec, progress);
        if (!adapted)
            return tl::unexpected(adapted.error());
        student.adapted = std::move(*adapted);
        return student;
    }
    auto whole = makeTrainable(policy, rollouts, spec.quantization, spec.start, progress);
    if (!whole)
        return tl::unexpected(whole.error());
    student.whole = std::move(*whole);
    return student;
}

AnalysisSpec sisSpecFor(const Policy& policy) {
    AnalysisSpec spec;
    for (const CardInput& input : policy.card().inputs)
        if (input.kind == InputKind::Image)
            return spec;
    spec.perturbations.front().kind = PerturbationKind::State;
    return spec;
}

/// One run, from files to a file.
class FileRun {
public:
    FileRun(const TrainFileOptions& options, const Progress& progress, const MetricsCallback& metrics)
        : options_(options), progress_(progress), metrics_(metrics) {}

    Result<TrainReport> run() {
        const auto start = std::chrono::steady_clock::now();
        auto done = open().and_then([&] { return weighInTurn(); }).and_then([&] { return train(); });
        if (!done)
            return tl::unexpected(done.error());
        report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return report_;
    }

private:
    Result<void> open() {
        if (auto valid = check(options_.spec); !valid)
            return valid;
        std::error_code ignored;
        if (std::filesystem::equivalent(options_.out, options_.policy, ignored))
            return fail(ErrorKind::BadInput,
                        options_.out.string() + ": is the full-precision policy itself; choose another --out");
        auto rollouts = Rollouts::open(options_.rollouts);
        if (!rollouts)
            return tl::unexpected(rollouts.error());
        rollouts_ = std::move(*rollouts);
        auto policy = Policy::load(options_.policy, rollouts_->info(), options_.card);
        if (!policy)
            return tl::unexpected(policy.error());
        policy_ = std::move(*policy);
        if (policy_->file().extraFiles.contains(kQuantizationFile))
            return fail(ErrorKind::BadInput, options_.policy.string() +
                                                 ": is quantized already; start from the full-precision policy it was "
                                                 "made of");
        auto data = TrainingData::load(policy_, *rollouts_, options_.spec, options_.memoryBytes, progress_);
        if (!data)
            return tl::unexpected(data.error());
        data_ = std::move(*data);
        return {};
    }

    /// The leading process computes what is missing; the others find it in the project.
    Result<void> weighInTurn() {
        const Ranks* ranks = options_.ranks;
        if (!ranks)
            return weigh();
        Result<void> weighed = ranks->leads() ? weigh() : Result<void>{};
        if (auto told = ranks->leadersAnswer(weighed.has_value()); !told)
            return tl::unexpected(told.error());
        return ranks->leads() ? weighed : weigh();
    }

    /// SIS weights, for the recipe that has them.
    Result<void> weigh() {
        if (options_.spec.recipe != Recipe::Sqil)
            return {};
        const bool own = options_.project.empty();
        const auto path = own ? beside(options_.out, ".sqil") : options_.project;
        std::error_code ignored;
        if (!own && !options_.computeMissingSis && !std::filesystem::exists(path, ignored))
            return fail(ErrorKind::NotFound, path.string() + ": there is no such project");
        auto project = std::filesystem::exists(path, ignored) ? Project::open(path) : Project::create(path);
        if (!project)
            return tl::unexpected(project.error());
        const SisFiles files{options_.policy, options_.card, options_.rollouts};
        std::optional<RecordId> analysis = options_.analysis;
        // SIS of a kind that was asked for is looked for among its own only.
        if ((own || options_.computeMissingSis) && !analysis &&
            (options_.sisSpec || !hasAllSis(**project, files, path))) {
            auto computed =
                computeMissingSis(**project, files, rollouts_, options_.sisSpec.value_or(sisSpecFor(*policy_)),
                                  data_->places(), progress_);
            if (!computed)
                return tl::unexpected(computed.error());
            analysis = *computed;
        }
        auto stored = storedSis(**project, files, rollouts_->info(), analysis);
        if (!stored)
            return tl::unexpected(stored.error());
        auto weights = sisWeights(*stored, data_->places(), rollouts_->info(), files, path, options_.spec.beta,
                                  options_.spec.topPercent);
        if (!weights)
            return tl::unexpected(weights.error());
        weights_ = std::move(*weights);
        sisParameters_ = stored->parametersJson;
        report_.sisThreshold = weights_->threshold;
        return {};
    }

    /// The project has one kind of SIS, of every step that is trained on.
    bool hasAllSis(const Project& project, const SisFiles& files, const std::filesystem::path& path) const {
        const auto stored = storedSis(project, files, rollouts_->info());
        return stored && sisWeights(*stored, data_->places(), rollouts_->info(), files, path, options_.spec.beta,
                                    options_.spec.topPercent);
    }

    Result<std::string> fingerprints() const {
        auto policy = fingerprintOf(options_.policy);
        if (!policy)
            return policy;
        auto rollouts = fingerprintOf(options_.rollouts);
        if (!rollouts)
            return rollouts;
        Checksum card, sis;
        card.add(toJson(policy_->card()));
        if (weights_)
            sis.add(std::as_bytes(std::span(weights_->alpha)));
        json all{{"policy", *policy}, {"rollouts", *rollouts}, {"card", card.text()}};
        if (weights_)
            all["sis_weights"] = sis.text();
        return all.dump();
    }

    Result<void> train() {
        auto student = makeStudent(*policy_, *rollouts_, options_.spec, progress_);
        if (!student)
            return tl::unexpected(student.error());
        auto marks = fingerprints();
        if (!marks)
            return tl::unexpected(marks.error());
        report_.out = options_.out;
        report_.checkpoint = checkpointPath(options_.out);
        report_.log = beside(options_.out, ".train.jsonl");
        auto trainer = Trainer::create(options_.spec, *data_, student->graph(), weights_ ? &*weights_ : nullptr,
                                       {report_.checkpoint, report_.log, *marks, options_.ranks});
        if (!trainer)
            return tl::unexpected(trainer.error());
        auto result = trainer->run(options_.resume, options_.metricsEvery, progress_, metrics_);
        if (!result)
            return tl::unexpected(result.error());
        take(*result);
        if (options_.ranks && !options_.ranks->leads())
            return {};
        if (auto written = exportFrom(*student, *trainer, *marks); !written)
            return fail(written.error().kind, written.error().message + "; the trained weights are kept in " +
                                                  report_.checkpoint.string() +
                                                  ", --resume writes the policy from there");
        std::error_code ignored;
        std::filesystem::remove(report_.checkpoint, ignored);
        return {};
    }

    void take(const TrainingResult& result) {
        report_.stepsDone = result.stepsDone;
        report_.bestStep = result.bestStep;
        report_.resumedAt = result.resumedAt;
        report_.stoppedEarly = result.stoppedEarly;
        report_.evaluatedOnTraining = result.evaluatedOnTraining;
        report_.last = result.last;
        report_.lastEvaluation = result.lastEvaluation;
        report_.bestEvaluation = result.bestEvaluation;
        report_.notes = result.notes;
        report_.usedSteps = static_cast<std::int64_t>(data_->training().size());
        report_.heldOutSteps = static_cast<std::int64_t>(data_->heldOut().size());
        report_.leftOutSteps = data_->leftOut();
        if (report_.leftOutSteps)
            report_.notes.push_back(std::to_string(report_.leftOutSteps) +
                                    " recorded steps with NaN or infinite values were left out");
        if (report_.evaluatedOnTraining)
            report_.notes.emplace_back("no episode could be held out: the gap is measured on training steps");
    }

    Result<void> exportFrom(const Student& student, const Trainer& trainer, const std::string& marks) {
        const at::NoGradGuard noGradient;
        auto exported = student.whole ? exportTrained(*student.whole, std::string(nameOf(options_.spec.recipe)))
                                      : mergeAdapters(*student.adapted, *policy_, *rollouts_, options_.spec, progress_);
        if (!exported)
            return tl::unexpected(exported.error());
        auto executor = GraphExecutor::create(exported->file.graph);
        if (!executor)
            return tl::unexpected(executor.error());
        auto actions = trainer.evaluatedActions(*executor);
        if (!actions)
            return tl::unexpected(actions.error());
        report_.exportedGap = trainer.gapOf(*actions);
        if (student.adapted) {
            auto adapted = GraphExecutor::create(student.adapted->evaluation);
            if (!adapted)
                return tl::unexpected(adapted.error());
            auto before = trainer.evaluatedActions(*adapted);
            if (!before)
                return tl::unexpected(before.error());
            report_.mergedError = (*actions - *before).norm(2, 1).mean().item<double>();
        }
        for (const LayerQuantization& layer : exported->layers)
            report_.layers.push_back({layer.layer, layer.weightBits, layer.activationBits, layer.relativeWeightError});
        exported->file.extraFiles["policy.card.json"] = toJson(policy_->card());
        exported->file.extraFiles[kTrainingFile] = trainingJson(marks);
        return writePolicyFile(options_.out, exported->file);
    }

    /// What the archive keeps: nothing in it depends on the clock or on where files lie.
    std::string trainingJson(const std::string& marks) const {
        json training{{"format", "sqil-training"},
                      {"version", 1},
                      {"spec", json::parse(toJson(options_.spec))},
                      {"seed", options_.spec.seed},
                      {"ranks", options_.ranks ? options_.ranks->count() : 1},
                      {"files", json::parse(marks)},
                      {"steps_done", report_.stepsDone},
                      {"best_step", report_.bestStep},
                      {"stopped_early", report_.stoppedEarly},
                      {"held_out_gap", numberOrNull(report_.lastEvaluation.heldOutGap)},
                      {"best_held_out_gap", numberOrNull(report_.bestEvaluation.heldOutGap)},
                      {"held_out_qat", numberOrNull(report_.lastEvaluation.heldOutQat)},
                      {"exported_gap", numberOrNull(report_.exportedGap)},
                      {"training_steps", report_.usedSteps},
                      {"held_out_steps", report_.heldOutSteps}};
        if (weights_) {
            training["sis"] = {{"threshold", numberOrNull(weights_->threshold)}};
            training["sis"]["parameters"] = json::parse(sisParameters_, nullptr, /*allow_exceptions=*/false);
        }
        if (options_.spec.adapters)
            training["merged_error"] = numberOrNull(report_.mergedError);
        return training.dump(1);
    }

    const TrainFileOptions& options_;
    const Progress& progress_;
    const MetricsCallback& metrics_;
    std::shared_ptr<Rollouts> rollouts_;
    std::shared_ptr<const Policy> policy_;
    std::optional<TrainingData> data_;
    std::optional<SisWeights> weights_;
    std::string sisParameters_;
    TrainReport report_;
};

}  // namespace

std::filesystem::path checkpointPath(const std::filesystem::path& out) {
    return beside(out, ".checkpoint");
}

Result<TrainReport> trainPolicyFile(const TrainFileOptions& options, const Progress& progress,
                                    const MetricsCallback& metrics) {
    try {
        return FileRun(options, progress, metrics).run();
    } catch (const c10::Error& problem) {
        return fail(ErrorKind::Unsupported,
                    std::string("training failed in LibTorch: ") + problem.what_without_backtrace());
    }
}

std::string toJson(const TrainReport& report) {
    json result{{"out", report.out.string()},
                {"log", report.log.string()},
                {"steps_done", report.stepsDone},
                {"best_step", report.bestStep},
                {"resumed_at", report.resumedAt},
                {"stopped_early", report.stoppedEarly},
                {"training_steps", report.usedSteps},
                {"held_out_steps", report.heldOutSteps},
                {"left_out_steps", report.leftOutSteps},
                {"last", json::parse(toJson(report.last))},
                {"last_evaluation", json::parse(toJson(report.lastEvaluation))},
                {"best_evaluation", json::parse(toJson(report.bestEvaluation))},
                {"exported_gap", numberOrNull(report.exportedGap)},
                {"merged_error", numberOrNull(report.mergedError)},
                {"seconds", report.seconds},
                {"notes", report.notes},
                {"layers", json::array()}};
    if (report.sisThreshold)
        result["sis_threshold"] = numberOrNull(*report.sisThreshold);
    for (const QuantizedLayerReport& layer : report.layers)
        result["layers"].push_back({{"layer", layer.layer},
                                    {"weight_bits", layer.weightBits},
                                    {"activation_bits", layer.activationBits},
                                    {"relative_weight_error", layer.relativeWeightError}});
    return result.dump();
}

}  // namespace sqil
