#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/EvaluationText.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/sim/EvaluateFile.h"

namespace sqil::cli {
namespace {

struct Options {
    std::filesystem::path policy, card;
    EvaluationSpec evaluation;
    std::string json;
    bool toOutput = false;
};

void run(Options options) {
    const Evaluation evaluation =
        valueOrThrow(evaluatePolicyFile(options.policy, options.card, options.evaluation, terminalProgress()));
    finishProgress();
    nlohmann::json report = toJson(evaluation);
    report["policy"] = options.policy.string();
    if (!options.json.empty())
        valueOrThrow(writeTextFile(options.json, report.dump(1) + "\n"));
    if (options.toOutput)
        std::cout << report.dump(1) << '\n';
    else
        std::cout << textOf(evaluation);
}

}  // namespace

void addEvaluateCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command =
        program.add_subcommand("evaluate", "Roll a policy out in a simulator: success and return with 95 % intervals");
    command->add_option("--policy", options->policy, "Policy (.pt2, .pt, .zip)")->required();
    command->add_option("--card", options->card,
                        "Policy card; default: NAME.card.json beside the policy, or the archive's");
    command
        ->add_option("--env", options->evaluation.environment.name,
                     "metaworld/TASK, gym/ID, dm_control/DOMAIN-TASK, ale/ID, libero/SUITE-NUMBER, or "
                     "python/MODULE:FUNCTION for an environment of your own")
        ->required();
    command->add_option("--episodes", options->evaluation.episodes, "How many")->capture_default_str();
    command->add_option("--seed", options->evaluation.seed, "Of the first episode; the next ones count up")
        ->capture_default_str();
    command->add_option("--workers", options->evaluation.environment.workers, "Simulator processes")
        ->capture_default_str();
    command
        ->add_option("--slots", options->evaluation.environment.slots,
                     "Environments in each worker; 0: 1 where cameras are rendered, else 8")
        ->capture_default_str();
    command->add_option("--max-steps", options->evaluation.maximumSteps,
                        "Of an episode; 0: the environment's own limit");
    command
        ->add_option("--steps-after-success", options->evaluation.stepsAfterSuccess,
                     "An episode goes on for so many steps after its success")
        ->capture_default_str();
    command->add_option("--env-settings", options->evaluation.environment.settings,
                        "JSON object for the environment, such as {\"size\": 128}");
    command->add_option(
        "--python", options->evaluation.environment.python,
        "Python with the simulator; default: $SQIL_PYTHON, the environment of scripts/setup.sh, python3");
    command
        ->add_option("--timeout", options->evaluation.environment.timeoutSeconds,
                     "Seconds after which a worker that gives no answer is started again")
        ->capture_default_str();
    command->add_option("--record", options->evaluation.record, "Write every step here (robomimic HDF5)");
    command->add_option("--disturb", options->evaluation.disturbance,
                        "Noise on the executed actions, up to this deviation; the record holds the undisturbed ones");
    command->add_flag("--json", options->toOutput, "The whole report on standard output");
    command->add_option("--out", options->json, "Write the whole report here (JSON)");
    command->footer(
        "Examples:\n"
        "  sqil evaluate --policy Q.pt2 --env metaworld/drawer-open-v3 --episodes 100 --seed 1 --workers 2 --json\n"
        "  sqil evaluate --policy actor.zip --env gym/HalfCheetah-v5 --episodes 20 --record rollouts.hdf5");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
