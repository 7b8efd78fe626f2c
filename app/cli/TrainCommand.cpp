#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/train/Ranks.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    bool resume = false;
    int ranks = 1;
    bool json = false;
};

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

void run(const Options& options) {
    TrainFileOptions files = valueOrThrow(kinds::trainOptions(options.job->parameters));
    files.resume = options.resume;
    std::unique_ptr<Ranks> ranks;
    if (options.ranks != 1)
        ranks = valueOrThrow(Ranks::fork(options.ranks));
    files.ranks = ranks.get();
    if (ranks && !ranks->leads())
        follow(files);
    const auto report = valueOrThrow(trainPolicyFile(files, terminalProgress()));
    finishProgress();
    for (const std::string& note : report.notes)
        std::cerr << "sqil: " << note << '\n';
    if (options.json)
        std::cout << toJson(report) << '\n';
    else
        printReport(report, files.spec);
}

}  // namespace

void addTrainCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "train", "Repair a quantized policy: quantization-aware training with saliency-weighted distillation");
    options->job = addJobOptions(*command, "train");
    command->get_option("--out")->required();
    command->add_flag("--resume", options->resume, "Go on from OUT.checkpoint, where there is one");
    command
        ->add_option("--ranks", options->ranks,
                     "Processes that train together: as one with a batch so many times larger")
        ->capture_default_str();
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
