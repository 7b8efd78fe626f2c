#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/compare/ComparisonTable.h"

namespace sqil::cli {
namespace {

struct Options {
    CompareSpec spec;
    std::filesystem::path recipeFile, csv, latex, jsonFile;
    std::vector<std::string> settings;
    std::string granularity = "channel", activationRange = "mse";
    bool quantizeEnds = false;
    bool json = false;
};

void applySettings(const Options& options, TrainSpec& training) {
    if (!options.recipeFile.empty())
        training = valueOrThrow(parseTrainSpec(valueOrThrow(readTextFile(options.recipeFile, 1 << 20))));
    for (const std::string& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw CommandFailed{
                {ErrorKind::BadInput, "--set " + setting + ": expected NAME=VALUE, such as learning_rate=1e-4"}};
        valueOrThrow(setField(training, setting.substr(0, equals), setting.substr(equals + 1)));
    }
}

void run(Options& options) {
    CompareSpec& spec = options.spec;
    applySettings(options, spec.training);
    spec.quantization.granularity = valueOrThrow(parseGranularity(options.granularity));
    spec.quantization.activationRange = valueOrThrow(parseRangeMethod(options.activationRange));
    spec.quantization.firstLastAt8 = !options.quantizeEnds;
    if (spec.folder.empty()) {
        spec.folder = spec.project;
        spec.folder.replace_extension("");
    }
    const auto rowDone = [&](const ComparisonRow& row) {
        finishProgress();
        const auto returns = row.evaluation.returns();
        const auto successes = row.evaluation.successes();
        double sum = 0, gained = 0;
        for (const double success : successes)
            sum += success;
        for (const double value : returns)
            gained += value / static_cast<double>(returns.size());
        std::fprintf(stderr, "%s%s: ", row.recipe.c_str(),
                     row.seed ? (" seed " + std::to_string(*row.seed)).c_str() : "");
        if (!successes.empty())
            std::fprintf(stderr, "%.0f of %zu succeed, ", sum, successes.size());
        std::fprintf(stderr, "mean return %.1f%s\n", gained, row.fromProject ? " (from the project)" : "");
    };
    const auto rows = valueOrThrow(compareRecipes(spec, terminalProgress(), rowDone));
    finishProgress();
    const ComparisonTable table = tableOf(rows);
    if (!options.csv.empty())
        valueOrThrow(writeTextFile(options.csv, csvOf(rows)));
    if (!options.latex.empty())
        valueOrThrow(writeTextFile(options.latex, latexOf(table)));
    nlohmann::json report = toJson(table, rows);
    report["environment"] = spec.evaluation.environment.name;
    report["quantization"] = nlohmann::json::parse(toJson(spec.quantization));
    report["training"] = nlohmann::json::parse(toJson(spec.training));
    if (!options.jsonFile.empty())
        valueOrThrow(writeTextFile(options.jsonFile, report.dump(1) + "\n"));
    if (options.json)
        std::cout << report.dump(1) << '\n';
    else
        std::cout << textOf(table);
}

}  // namespace

void addCompareCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    CompareSpec& spec = options->spec;
    auto* command = program.add_subcommand(
        "compare", "The whole table: recipes × training seeds, rolled out on the same episodes, with intervals");
    command->add_option("--policy", spec.policy, "Full-precision policy (.pt2, .pt, .zip)")->required();
    command->add_option("--card", spec.card, "Policy card; default: found beside the policy or in its archive");
    command->add_option("--rollouts", spec.rollouts, "Recorded rollouts, for calibration and training")->required();
    command->add_option("--env", spec.evaluation.environment.name, "As of `sqil evaluate`")->required();
    command->add_option("--project", spec.project, "Project file that keeps rows and SIS (made if missing)")
        ->required();
    command->add_option("--folder", spec.folder, "Of the policies made; default: the project's name without .sqil");
    command->add_option("--recipes", spec.recipes, "Of fp, ptq, awq, smoothquant, nf4, quarot, qat, qrd, sqil")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--seeds", spec.seeds, "Training seeds of qat, qrd and sqil")->capture_default_str();
    command->add_option("--episodes", spec.evaluation.episodes, "Rolled out for every policy")->capture_default_str();
    command->add_option("--seed", spec.evaluation.seed, "Of the first episode")->capture_default_str();
    command->add_option("--workers", spec.evaluation.environment.workers, "Simulator processes")->capture_default_str();
    command->add_option("--max-steps", spec.evaluation.maximumSteps, "Of an episode; 0: the environment's own limit");
    command->add_option("--env-settings", spec.evaluation.environment.settings, "JSON object for the environment");
    command->add_option("--python", spec.evaluation.environment.python, "Python with the simulator");
    command->add_option("--weights", spec.quantization.weightBits, "Bits of the weights")->capture_default_str();
    command->add_option("--activations", spec.quantization.activationBits, "Bits of the activations")
        ->capture_default_str();
    command->add_option("--granularity", options->granularity, "tensor, channel or group")->capture_default_str();
    command->add_option("--group-size", spec.quantization.groupSize, "With --granularity group")->capture_default_str();
    command->add_option("--activation-range", options->activationRange, "min-max, percentile or mse")
        ->capture_default_str();
    command->add_flag("--quantize-ends", options->quantizeEnds,
                      "First and last layers at the same bits as the rest, instead of 8");
    command->add_option("--steps", spec.training.steps, "Of training, the same for every recipe")
        ->capture_default_str();
    command->add_option("--recipe-file", options->recipeFile, "Training settings as JSON");
    command->add_option(
        "--set", options->settings,
        "One training setting, such as learning_rate=1e-4 (`sqil train --help` lists them); repeatable");
    command->add_option("--csv", options->csv, "One line a policy");
    command->add_option("--latex", options->latex, "The table for a paper");
    command->add_option("--out", options->jsonFile, "Everything, JSON");
    command->add_flag("--json", options->json, "Everything on standard output");
    command->footer(
        "Rows that are in the project already are not made again: a comparison that was stopped goes on.\n"
        "Example:\n"
        "  sqil compare --policy resources/sample/policy.pt2 --rollouts resources/sample/rollouts.hdf5 --env "
        "metaworld/pick-place-v3 --weights 4 --activations 4 --steps 300 --seeds 1 --episodes 20 --project "
        "out/compare.sqil");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
