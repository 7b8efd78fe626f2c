#include <cmath>

#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/train/FinishedTraining.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

/// What the form and the command line say of a field of TrainSpec; its standard value is TrainSpec's own.
struct Field {
    const char* name;
    const char* group;
    const char* unit;
    const char* help;
    bool advanced = false;
    std::optional<double> least{}, most{};
    std::vector<std::string> choices{};
};

std::vector<Field> fields() {
    const std::vector<std::string> actionLosses{"by-head", "mse", "l1", "smooth-l1", "cross-entropy", "log-likelihood"};
    const std::vector<std::string> divergences{"by-head", "mse", "squared-l2", "kl", "gaussian-kl", "beta-kl"};
    return {
        {"recipe",
         "Recipe",
         "",
         "fp (behaviour cloning), qat, qrd (distillation) or sqil (distillation weighted by SIS)",
         false,
         {},
         {},
         {"fp", "qat", "qrd", "sqil"}},
        {"start",
         "Recipe",
         "",
         "Quantizers to start from: ptq, awq (scaled channels, clipped weights), smoothquant or quarot",
         false,
         {},
         {},
         {"ptq", "awq", "smoothquant", "quarot"}},
        {"beta", "Recipe", "×", "Weight of critical states in L_QRD", false, 0},
        {"top_percent", "Recipe", "%", "Critical states: the top p % of SIS", false, 0, 100},
        {"qat_weight", "Recipe", "×", "Coefficient of L_QAT", true, 0},
        {"qrd_weight", "Recipe", "×", "Coefficient of L_QRD", true, 0},
        {"action_loss",
         "Recipe",
         "",
         "L_QAT: by-head, mse, l1, smooth-l1, cross-entropy or log-likelihood",
         true,
         {},
         {},
         actionLosses},
        {"divergence",
         "Recipe",
         "",
         "D: by-head, mse, squared-l2, kl, gaussian-kl or beta-kl",
         true,
         {},
         {},
         divergences},
        {"recorded_actions",
         "Recipe",
         "",
         "Recorded actions are in the policy's units or the card's: check, normalized or units",
         true,
         {},
         {},
         {"check", "normalized", "units"}},
        {"steps", "Budget", "steps", "Optimizer steps", false, 1},
        {"batch", "Budget", "recorded steps", "Recorded steps a forward pass", false, 1, 1 << 20},
        {"accumulation", "Budget", "passes", "Forward passes an optimizer step", true, 1, 1 << 20},
        {"seed", "Budget", "", "Of data order, augmentation, held-out episodes", false, 0, 9e15},
        {"precision", "Budget", "", "float32 or bfloat16", true, {}, {}, {"float32", "bfloat16"}},
        {"learning_rate", "Optimizer", "", "Of weights", false, 0},
        {"step_size_factor", "Optimizer", "×", "Learning rate of quantizer steps, as a factor of the weights'", true,
         0},
        {"optimizer", "Optimizer", "", "adam, adamw or sgd", false, {}, {}, {"adam", "adamw", "sgd"}},
        {"schedule",
         "Optimizer",
         "",
         "constant, cosine, onecycle or linear",
         false,
         {},
         {},
         {"constant", "cosine", "onecycle", "linear"}},
        {"warmup", "Optimizer", "steps", "Steps of linear warm-up", true, 0},
        {"gradient_clip", "Optimizer", "", "Largest norm of the gradient; 0: none", true, 0},
        {"weight_decay", "Optimizer", "", "Of weights", true, 0},
        {"beta1", "Optimizer", "", "Adam's first decay", true, 0, 1},
        {"beta2", "Optimizer", "", "Adam's second decay", true, 0, 1},
        {"momentum", "Optimizer", "", "Of sgd", true, 0, 1},
        {"held_out", "Evaluation while training", "", "Share of the episodes to measure the gap on", false, 0, 0.9},
        {"evaluate_every", "Evaluation while training", "steps", "Steps between evaluations", false, 1},
        {"patience", "Evaluation while training", "evaluations",
         "Evaluations without a better one before training stops; 0: never", true, 0},
        {"keep_best", "Evaluation while training", "",
         "Write the weights of the best evaluation (true) or the last ones (false)", true},
        {"ema_decay", "Evaluation while training", "",
         "Of a moving average of the weights, which is evaluated and written; 0: none", true, 0, 1},
        {"checkpoint_every", "Evaluation while training", "steps", "Steps between checkpoints", true, 1},
        {"shift", "Augmentation", "px", "Random shift of images, pixels", true, 0, 4096},
        {"crop", "Augmentation", "", "Smallest random crop, as a share of the image's side", true, 0.1, 1},
        {"brightness", "Augmentation", "", "Random brightness, within 1 ± this", true, 0, 1},
        {"contrast", "Augmentation", "", "Random contrast, within 1 ± this", true, 0, 1},
        {"colour", "Augmentation", "", "Random colour, within 1 ± this", true, 0, 1},
    };
}

std::vector<JobParameter> fieldParameters() {
    const json standard = json::parse(toJson(TrainSpec{}));
    std::vector<JobParameter> parameters;
    for (Field& field : fields()) {
        const json& value = standard.at(field.name);
        JobParameter parameter{.name = field.name, .help = field.help, .standard = value, .group = field.group};
        parameter.type = !field.choices.empty()      ? ParameterType::Choice
                         : value.is_boolean()        ? ParameterType::Flag
                         : value.is_number_integer() ? ParameterType::Whole
                                                     : ParameterType::Number;
        parameter.unit = field.unit;
        parameter.least = field.least;
        parameter.most = field.most;
        parameter.choices = std::move(field.choices);
        parameter.advanced = field.advanced;
        parameters.push_back(std::move(parameter));
    }
    return parameters;
}

std::vector<JobParameter> parameters() {
    std::vector<JobParameter> all{policyParameter("Full-precision policy (.pt2, .pt, .zip): teacher and start"),
                                  cardParameter(), rolloutsParameter("Recorded rollouts")};
    JobParameter out = reportParameter("out", "The trained policy (.pt2)");
    out.file = FileKind::Quantized;
    all.push_back(out);
    all.push_back({.name = "project",
                   .help = "Project with SIS (recipe sqil); without it SIS is computed into OUT.sqil",
                   .type = ParameterType::File,
                   .group = "Files",
                   .file = FileKind::Project,
                   .advanced = true});
    all.push_back(advanced({.name = "analysis",
                            .help = "Number of the project's analysis, where it has SIS of several kinds",
                            .type = ParameterType::Whole,
                            .group = "Files",
                            .least = 1}));
    all.push_back({.name = "recipe_file",
                   .help = "JSON with all settings (as in sqil_training.json's spec); other options override it",
                   .type = ParameterType::File,
                   .group = "Files",
                   .advanced = true});
    append(all, fieldParameters());
    append(all, bitParameters(QuantSpec{}.activationBits));
    const std::string adapters = "Adapters";
    all.push_back(advanced(wholeParameter("lora",
                                          "Train adapters of this rank on all linear layers instead of the weights; "
                                          "0: train the weights",
                                          0, adapters, "", 0, 4096)));
    all.push_back(
        advanced(numberParameter("lora_alpha", "Adapters are scaled by alpha/rank", 16, adapters, "", 0, {})));
    all.push_back(advanced(numberParameter("lora_dropout", "In front of the adapters", 0, adapters, "", 0, 0.95)));
    all.push_back(advanced(choiceParameter("lora_base", "Frozen weights: ptq, nf4 or full-precision", "ptq", adapters,
                                           {"ptq", "nf4", "full-precision"})));
    all.push_back(
        advanced(numberParameter("memory", "GiB that the recorded steps may take", 8, "Budget", "GiB", 0.001, 1e6)));
    return all;
}

Result<TrainSpec> specOf(const Values& values, const JobKind& kind, const json& given, const std::string& recipe) {
    TrainSpec spec;
    if (!recipe.empty()) {
        auto parsed = parseTrainSpec(recipe);
        if (!parsed)
            return parsed;
        spec = *parsed;
    }
    for (const std::string& field : fieldNames())
        if (kind.find(field) && values.isGiven(field.c_str()))
            if (auto set = setField(spec, field, textOf(given.at(field))); !set)
                return tl::unexpected(set.error());
    if (spec.recipe == Recipe::Fp) {
        spec.quantization.reset();
    } else if (recipe.empty() || !spec.quantization) {
        spec.quantization.emplace();
        if (auto applied = applyBits(values, *spec.quantization); !applied)
            return tl::unexpected(applied.error());
    }
    if (values.whole("lora") > 0) {
        const std::string base = values.text("lora_base");
        spec.adapters = AdapterSpec{.rank = values.integer("lora"),
                                    .alpha = values.real("lora_alpha"),
                                    .dropout = values.real("lora_dropout"),
                                    .base = base == "nf4"              ? AdapterBase::NormalFloat
                                            : base == "full-precision" ? AdapterBase::FullPrecision
                                                                       : AdapterBase::Ptq};
    }
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    return spec;
}

Result<TrainFileOptions> optionsOf(const JobKind& kind, const json& given, bool readsFiles) {
    const Values values(kind, given);
    std::string recipe;
    if (readsFiles && !values.path("recipe_file").empty()) {
        auto text = readTextFile(values.path("recipe_file"), 1 << 20);
        if (!text)
            return tl::unexpected(text.error());
        recipe = *text;
    }
    auto spec = specOf(values, kind, given, recipe);
    if (!spec)
        return tl::unexpected(spec.error());
    TrainFileOptions options;
    options.policy = values.path("policy");
    options.card = values.path("card");
    options.rollouts = values.path("rollouts");
    options.out = values.path("out");
    options.project = values.path("project");
    if (values.isGiven("analysis"))
        options.analysis = values.whole("analysis");
    options.spec = *spec;
    options.memoryBytes = static_cast<std::uint64_t>(values.real("memory") * (1 << 30));
    return options;
}

std::string nameFor(const TrainSpec& spec) {
    std::string name(nameOf(spec.recipe));
    if (spec.quantization)
        name += " " + shortName(*spec.quantization);
    return name + " seed " + std::to_string(spec.seed);
}

std::string fileFor(const TrainSpec& spec) {
    std::string name = nameFor(spec) + ".pt2";
    for (char& character : name)
        character = character == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    return name;
}

json finite(double value) {
    return std::isfinite(value) ? json(value) : json();
}

Result<json> run(const JobKind& kind, const json& given, const JobContext& context) {
    auto options = optionsOf(kind, given, true);
    if (!options)
        return tl::unexpected(options.error());
    options->out = outputPath(options->out, context, fileFor(options->spec).c_str());
    options->computeMissingSis = options->project.empty();
    if (options->project.empty())
        options->project = context.project;
    options->resume = context.resume;
    json summary;
    if (context.resume && finishedTraining(options->out, options->spec)) {
        // Killed after the policy was written and before that was told.
        log(context, LogLevel::Information, "the policy was written already: " + options->out.string());
        summary = *finishedTraining(options->out, options->spec);
    } else {
        const auto report = trainPolicyFile(*options, context.progress, [&](const TrainMetrics& metrics) {
            if (context.metrics)
                context.metrics(json::parse(toJson(metrics)));
        });
        if (!report)
            return tl::unexpected(report.error());
        for (const std::string& note : report->notes)
            log(context, LogLevel::Warning, note);
        summary = {{"steps", report->stepsDone},
                   {"best_step", report->bestStep},
                   {"held_out_gap", finite(report->lastEvaluation.heldOutGap)},
                   {"exported_gap", finite(report->exportedGap)},
                   {"seconds", report->seconds}};
    }
    auto added = addPolicy(context, options->out, nameFor(options->spec), options->policy);
    if (!added)
        return tl::unexpected(added.error());
    return json{{"outputs", {{"policy", options->out.string()}}}, {"policy", *added}, {"summary", summary}};
}

}  // namespace

JobKind train() {
    JobKind kind{
        .name = "train",
        .title = "Train",
        .purpose = "Repair a quantized policy: quantization-aware training with saliency-weighted distillation",
        .parameters = parameters(),
        .check = {},
        .run = {},
        .resumes = true};
    const JobKind described = kind;  // what check and run look parameters up in
    kind.check = [described](const json& given) { return optionsOf(described, given, false).map([](const auto&) {}); };
    kind.run = [described](const json& given, const JobContext& context) { return run(described, given, context); };
    return kind;
}

Result<TrainFileOptions> trainOptions(const json& given) {
    return optionsOf(*findJobKind("train"), given, true);
}

}  // namespace sqil::kinds
