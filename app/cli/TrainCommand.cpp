#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/data/Rollouts.h"
#include "core/train/Ranks.h"
#include "core/train/TrainFile.h"

namespace sqil::cli {
namespace {

struct Options {
    TrainFileOptions files;
    std::filesystem::path recipeFile;
    std::map<std::string, std::string> fields;  ///< of TrainSpec, as given
    QuantSpec quantization;
    std::string granularity = "channel";
    bool quantizeEnds = false;
    int adapterRank = 0;
    AdapterSpec adapters;
    std::string adapterBase = "ptq";
    double memoryGiB = 8;
    int ranks = 1;
    bool json = false;
};

/// Options that are fields of the recipe: name in JSON, and what it is.
constexpr std::pair<const char*, const char*> kFields[] = {
    {"recipe", "fp (behaviour cloning), qat, qrd (distillation) or sqil (distillation weighted by SIS)"},
    {"steps", "Optimizer steps"},
    {"batch", "Recorded steps a forward pass"},
    {"accumulation", "Forward passes an optimizer step"},
    {"optimizer", "adam, adamw or sgd"},
    {"learning_rate", "Of weights"},
    {"step_size_factor", "Learning rate of quantizer steps, as a factor of the weights'"},
    {"weight_decay", "Of weights"},
    {"beta1", "Adam's first decay"},
    {"beta2", "Adam's second decay"},
    {"momentum", "Of sgd"},
    {"schedule", "constant, cosine, onecycle or linear"},
    {"warmup", "Steps of linear warm-up"},
    {"gradient_clip", "Largest norm of the gradient; 0: none"},
    {"precision", "float32 or bfloat16"},
    {"action_loss", "L_QAT: by-head, mse, l1, smooth-l1, cross-entropy or log-likelihood"},
    {"divergence", "D: by-head, mse, squared-l2, kl, gaussian-kl or beta-kl"},
    {"qat_weight", "Coefficient of L_QAT"},
    {"qrd_weight", "Coefficient of L_QRD"},
    {"beta", "Weight of critical states in L_QRD"},
    {"top_percent", "Critical states: the top p % of SIS"},
    {"recorded_actions", "check, normalized or units"},
    {"seed", "Of data order, augmentation, held-out episodes"},
    {"shift", "Random shift of images, pixels"},
    {"crop", "Smallest random crop, as a share of the image's side"},
    {"brightness", "Random brightness, within 1 ± this"},
    {"contrast", "Random contrast, within 1 ± this"},
    {"colour", "Random colour, within 1 ± this"},
    {"ema_decay", "Of a moving average of the weights, which is evaluated and written; 0: none"},
    {"held_out", "Share of the episodes to measure the gap on"},
    {"evaluate_every", "Steps between evaluations"},
    {"patience", "Evaluations without a better one before training stops; 0: never"},
    {"keep_best", "Write the weights of the best evaluation (true) or the last ones (false)"},
    {"checkpoint_every", "Steps between checkpoints"},
};

TrainSpec specOf(const Options& options) {
    TrainSpec spec;
    if (!options.recipeFile.empty())
        spec = valueOrThrow(parseTrainSpec(valueOrThrow(readTextFile(options.recipeFile, 1 << 20))));
    for (const auto& [name, text] : options.fields)
        if (!text.empty())
            valueOrThrow(setField(spec, name, text));
    if (spec.recipe == Recipe::Fp) {
        spec.quantization.reset();
    } else if (options.recipeFile.empty() || !spec.quantization) {
        spec.quantization = options.quantization;
        spec.quantization->granularity = valueOrThrow(parseGranularity(options.granularity));
        spec.quantization->firstLastAt8 = !options.quantizeEnds;
    }
    if (options.adapterRank > 0) {
        spec.adapters = options.adapters;
        spec.adapters->rank = options.adapterRank;
        spec.adapters->base = options.adapterBase == "nf4"              ? AdapterBase::NormalFloat
                              : options.adapterBase == "full-precision" ? AdapterBase::FullPrecision
                                                                        : AdapterBase::Ptq;
    }
    valueOrThrow(check(spec));
    return spec;
}

void printReport(const TrainReport& report, const TrainSpec& spec) {
    const auto gap = [](double value) { return std::isfinite(value) ? std::to_string(value) : std::string("-"); };
    std::cout << nameOf(spec.recipe) << (spec.quantization ? " " + shortName(*spec.quantization) : "") << ": "
              << report.stepsDone << " steps on " << report.usedSteps << " recorded steps in " << std::fixed
              << std::setprecision(1) << report.seconds << " s" << (report.stoppedEarly ? ", stopped early" : "")
              << '\n';
    std::cout << "action gap on " << report.heldOutSteps << " held-out steps: " << gap(report.lastEvaluation.heldOutGap)
              << " at the end, best " << gap(report.bestEvaluation.heldOutGap) << " at step " << report.bestStep
              << ", written policy " << gap(report.exportedGap) << '\n';
    if (std::isfinite(report.lastEvaluation.heldOutGapCritical))
        std::cout << "  at critical states " << gap(report.lastEvaluation.heldOutGapCritical) << ", elsewhere "
                  << gap(report.lastEvaluation.heldOutGapOther) << '\n';
    if (std::isfinite(report.mergedError))
        std::cout << "merging the adapters and quantizing again moved actions by " << report.mergedError << '\n';
    std::cout << "written: " << report.out.string() << "\nlog: " << report.log.string() << '\n';
}

/// One of the processes beside the leading one, to its end.
[[noreturn]] void follow(const TrainFileOptions& files) {
    const auto trained = trainPolicyFile(files);
    if (!trained && trained.error().kind != ErrorKind::Cancelled)
        std::cerr << "sqil: rank " << files.ranks->rank() << ": " << trained.error().message << '\n' << std::flush;
    std::_Exit(trained ? Success : exitCodeOf(trained.error()));
}

void run(Options& options) {
    if (!(options.memoryGiB > 0 && options.memoryGiB < 1e6))
        throw CommandFailed{{ErrorKind::BadInput, "--memory: expected GiB, more than 0"}};
    options.files.memoryBytes = static_cast<std::uint64_t>(options.memoryGiB * (1 << 30));
    options.files.spec = specOf(options);
    std::unique_ptr<Ranks> ranks;
    if (options.ranks != 1)
        ranks = valueOrThrow(Ranks::fork(options.ranks));
    options.files.ranks = ranks.get();
    if (ranks && !ranks->leads())
        follow(options.files);
    const auto report = valueOrThrow(trainPolicyFile(options.files, terminalProgress()));
    finishProgress();
    for (const std::string& note : report.notes)
        std::cerr << "sqil: " << note << '\n';
    if (options.json)
        std::cout << toJson(report) << '\n';
    else
        printReport(report, options.files.spec);
}

}  // namespace

void addTrainCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "train", "Repair a quantized policy: quantization-aware training with saliency-weighted distillation");
    command->add_option("--policy", options->files.policy, "Full-precision policy (.pt2, .pt, .zip): teacher and start")
        ->required();
    command->add_option("--card", options->files.card,
                        "Policy card; default: NAME.card.json beside the policy, or the archive's");
    command->add_option("--rollouts", options->files.rollouts, "Recorded rollouts")->required();
    command->add_option("--out", options->files.out, "The trained policy (.pt2)")->required();
    command->add_option("--project", options->files.project,
                        "Project with SIS (recipe sqil); without it SIS is computed into OUT.sqil");
    command->add_option("--analysis", options->files.analysis, "Of the project, where it has SIS of several kinds");
    command->add_flag("--resume", options->files.resume, "Go on from OUT.checkpoint, where there is one");
    command->add_option("--recipe-file", options->recipeFile,
                        "JSON with all settings (as in sqil_training.json's spec); other options override it");
    const TrainSpec defaults;
    const auto known = nlohmann::json::parse(toJson(defaults));
    for (const auto& [name, text] : kFields) {
        std::string option = std::string("--") + name;
        std::replace(option.begin() + 2, option.end(), '_', '-');
        const auto& value = known.at(name);
        command->add_option(
            option, options->fields[name],
            std::string(text) + " [" + (value.is_string() ? value.get<std::string>() : value.dump()) + "]");
    }
    command
        ->add_option("--weights", options->quantization.weightBits, "Bits of the weights, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command
        ->add_option("--activations", options->quantization.activationBits,
                     "Bits of the activations, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command->add_option("--granularity", options->granularity, "Weights share a step per tensor, channel or group")
        ->capture_default_str();
    command->add_option("--group-size", options->quantization.groupSize, "With --granularity group")
        ->capture_default_str();
    command->add_flag("--quantize-ends", options->quantizeEnds,
                      "First and last layers at the same bits as the rest, instead of 8");
    command->add_option("--lora", options->adapterRank,
                        "Train adapters of this rank on all linear layers instead of the weights");
    command->add_option("--lora-alpha", options->adapters.alpha, "Adapters are scaled by alpha/rank")
        ->capture_default_str();
    command->add_option("--lora-dropout", options->adapters.dropout, "In front of the adapters")->capture_default_str();
    command->add_option("--lora-base", options->adapterBase, "Frozen weights: ptq, nf4 or full-precision")
        ->check(CLI::IsMember({"ptq", "nf4", "full-precision"}))
        ->capture_default_str();
    command
        ->add_option("--ranks", options->ranks,
                     "Processes that train together: as one with a batch so many times larger")
        ->capture_default_str();
    command->add_option("--memory", options->memoryGiB, "GiB that the recorded steps may take")->capture_default_str();
    command->add_flag("--json", options->json, "For machines");
    command->footer(
        "Ctrl+C writes a checkpoint first; --resume goes on from it, to the same weights bit by bit.\n"
        "Examples:\n"
        "  sqil train --recipe sqil --policy P.pt2 --rollouts R.hdf5 --weights 4 --activations 4 --steps 2000 --seed 1 "
        "--out Q.pt2\n"
        "  sqil train --recipe sqil --policy P.pt2 --rollouts R.hdf5 --weights 4 --activations 16 --steps 2000 "
        "--project X.sqil --out Q.pt2 --resume");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
