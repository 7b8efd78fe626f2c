#include <cstdio>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/EvaluationText.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/compare/Takeover.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    bool json = false;
};

void run(const Options& options) {
    const auto given = valueOrThrow(kinds::takeoverOptions(options.job->parameters));
    const TakeoverResult result =
        valueOrThrow(evaluateTakeover(given.files, given.takeover, given.evaluation, terminalProgress()));
    finishProgress();
    nlohmann::json report = toJson(result);
    report["at"] = nameOf(given.takeover.at);
    report["percent"] = given.takeover.percent;
    if (!given.out.empty())
        valueOrThrow(writeTextFile(given.out, report.dump(1) + "\n"));
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
    options->job = addJobOptions(*command, "takeover");
    command->add_flag("--json", options->json, "The whole report on standard output");
    command->footer(
        "Example:\n"
        "  sqil takeover --policy P.pt2 --quantized Q.pt2 --rollouts R.hdf5 --at critical --percent 20 --env "
        "metaworld/pick-place-v3");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
