#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/EvaluationText.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/sim/EvaluateFile.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    bool toOutput = false;
};

void run(const Options& options) {
    const auto given = valueOrThrow(kinds::evaluateOptions(options.job->parameters));
    const Evaluation evaluation =
        valueOrThrow(evaluatePolicyFile(given.policy, given.card, given.evaluation, terminalProgress()));
    finishProgress();
    nlohmann::json report = toJson(evaluation);
    report["policy"] = given.policy.string();
    if (!given.out.empty())
        valueOrThrow(writeTextFile(given.out, report.dump(1) + "\n"));
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
    options->job = addJobOptions(*command, "evaluate");
    command->add_flag("--json", options->toOutput, "The whole report on standard output");
    command->footer(
        "Examples:\n"
        "  sqil evaluate --policy Q.pt2 --env metaworld/drawer-open-v3 --episodes 100 --seed 1 --workers 2 --json\n"
        "  sqil evaluate --policy actor.zip --env gym/HalfCheetah-v5 --episodes 20 --record rollouts.hdf5");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
