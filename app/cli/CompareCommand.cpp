#include <cstdio>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/compare/ComparisonTable.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    bool json = false;
};

void run(const Options& options) {
    const auto given = valueOrThrow(kinds::compareOptions(options.job->parameters));
    const CompareSpec& spec = given.spec;
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
    if (!given.csv.empty())
        valueOrThrow(writeTextFile(given.csv, csvOf(rows)));
    if (!given.latex.empty())
        valueOrThrow(writeTextFile(given.latex, latexOf(table)));
    nlohmann::json report = toJson(table, rows);
    report["environment"] = spec.evaluation.environment.name;
    report["quantization"] = nlohmann::json::parse(toJson(spec.quantization));
    report["training"] = nlohmann::json::parse(toJson(spec.training));
    if (!given.out.empty())
        valueOrThrow(writeTextFile(given.out, report.dump(1) + "\n"));
    if (options.json)
        std::cout << report.dump(1) << '\n';
    else
        std::cout << textOf(table);
}

}  // namespace

void addCompareCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "compare", "The whole table: recipes × training seeds, rolled out on the same episodes, with intervals");
    options->job = addJobOptions(*command, "compare");
    command->get_option("--project")->required();
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
