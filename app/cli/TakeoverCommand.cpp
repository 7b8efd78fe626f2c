#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/EvaluationText.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/compare/Takeover.h"

namespace sqil::cli {
namespace {

struct Options {
    TakeoverFiles files;
    TakeoverSpec takeover;
    EvaluationSpec evaluation;
    std::string at = "critical";
    std::filesystem::path out;
    bool json = false;
};

void run(Options& options) {
    options.takeover.at = valueOrThrow(parseTakeoverAt(options.at));
    const TakeoverResult result =
        valueOrThrow(evaluateTakeover(options.files, options.takeover, options.evaluation, terminalProgress()));
    finishProgress();
    nlohmann::json report = toJson(result);
    report["at"] = options.at;
    report["percent"] = options.takeover.percent;
    if (!options.out.empty())
        valueOrThrow(writeTextFile(options.out, report.dump(1) + "\n"));
    if (options.json) {
        std::cout << report.dump(1) << '\n';
        return;
    }
    std::cout << textOf(result.evaluation);
    std::printf("the full-precision policy acted at %lld of %lld states (%.1f %%)\n",
                static_cast<long long>(result.taken), static_cast<long long>(result.steps),
                result.steps > 0 ? 100.0 * static_cast<double>(result.taken) / static_cast<double>(result.steps) : 0.0);
}

}  // namespace

void addTakeoverCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "takeover", "Roll a quantized policy out while the full-precision one acts at some of the states");
    command->add_option("--policy", options->files.fullPrecision, "Full-precision policy")->required();
    command->add_option("--quantized", options->files.quantized, "Quantized policy")->required();
    command->add_option("--card", options->files.card, "For both; default: found");
    command->add_option("--rollouts", options->takeover.rollouts, "Whose states set the threshold; not for random");
    command
        ->add_option("--at", options->at,
                     "critical (highest SIS), quiet (lowest SIS), gap (largest action gap) or random")
        ->capture_default_str();
    command->add_option("--percent", options->takeover.percent, "p: of the states")->capture_default_str();
    command->add_option("--env", options->evaluation.environment.name, "As of `sqil evaluate`")->required();
    command->add_option("--episodes", options->evaluation.episodes, "How many")->capture_default_str();
    command->add_option("--seed", options->evaluation.seed, "Of the first episode")->capture_default_str();
    command->add_option("--workers", options->evaluation.environment.workers, "Simulator processes")
        ->capture_default_str();
    command->add_option("--max-steps", options->evaluation.maximumSteps, "Of an episode; 0: the environment's own");
    command->add_option("--env-settings", options->evaluation.environment.settings, "JSON object for the environment");
    command->add_option("--python", options->evaluation.environment.python, "Python with the simulator");
    command->add_option("--record", options->evaluation.record, "Write every step here (robomimic HDF5)");
    command->add_option("--out", options->out, "Write the whole report here (JSON)");
    command->add_flag("--json", options->json, "The whole report on standard output");
    command->footer(
        "Example:\n"
        "  sqil takeover --policy P.pt2 --quantized Q.pt2 --rollouts R.hdf5 --at critical --percent 20 --env "
        "metaworld/pick-place-v3");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
