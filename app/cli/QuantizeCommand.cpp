#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/data/Rollouts.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/quant/QuantizeFile.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    bool json = false;
};

void run(const Options& options) {
    const auto given = valueOrThrow(kinds::quantizeOptions(options.job->parameters));
    const auto rollouts = valueOrThrow(Rollouts::open(given.rollouts));
    const auto layers = valueOrThrow(
        quantizePolicyFile(given.policy, given.card, *rollouts, given.spec, given.out, terminalProgress()));
    finishProgress();
    if (options.json) {
        nlohmann::json report{{"out", given.out.string()},
                              {"spec", nlohmann::json::parse(toJson(given.spec))},
                              {"layers", nlohmann::json::array()}};
        for (const auto& layer : layers)
            report["layers"].push_back({{"layer", layer.layer},
                                        {"weight_bits", layer.weightBits},
                                        {"activation_bits", layer.activationBits},
                                        {"relative_weight_error", layer.relativeWeightError},
                                        {"notes", layer.notes}});
        std::cout << report.dump(1) << '\n';
        return;
    }
    std::size_t width = 5;
    for (const auto& layer : layers)
        width = std::max(width, layer.layer.size());
    std::cout << std::left << std::setw(static_cast<int>(width) + 2) << "layer"
              << "weights  activations  weight error\n";
    for (const auto& layer : layers) {
        std::cout << std::setw(static_cast<int>(width) + 2) << layer.layer << std::setw(9) << layer.weightBits
                  << std::setw(13) << layer.activationBits << std::fixed << std::setprecision(2)
                  << layer.relativeWeightError * 100 << " %\n";
        for (const auto& note : layer.notes)
            std::cout << "    " << note << '\n';
    }
    std::cout << "written: " << given.out.string() << '\n';
}

}  // namespace

void addQuantizeCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command =
        program.add_subcommand("quantize", "Quantize a policy after training; calibrated on recorded rollouts");
    options->job = addJobOptions(*command, "quantize");
    command->get_option("--out")->required();
    command->add_flag("--json", options->json, "For machines");
    command->footer(
        "Examples:\n"
        "  sqil quantize --policy P.pt2 --rollouts R.hdf5 --method ptq --weights 4 --activations 16 --granularity "
        "channel --out Q.pt2\n"
        "  sqil quantize --policy P.pt2 --rollouts R.hdf5 --weights 4 --activations 4 --activation-range mse --layer "
        "head=8/8 --out Q.pt2\n"
        "  sqil quantize --policy P.pt2 --rollouts R.hdf5 --method awq --asymmetric --granularity group --group-size "
        "128 "
        "--out Q.pt2");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
