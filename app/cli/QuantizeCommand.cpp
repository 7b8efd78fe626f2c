#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/QuantOptions.h"
#include "core/data/Rollouts.h"
#include "core/quant/QuantizeFile.h"

namespace sqil::cli {
namespace {

struct Options {
    std::filesystem::path policy, card, rollouts, out;
    QuantOptions quantization;
    bool json = false;
};

void run(const Options& options) {
    const QuantSpec spec = options.quantization.resolved();
    const auto rollouts = valueOrThrow(Rollouts::open(options.rollouts));
    const auto layers = valueOrThrow(
        quantizePolicyFile(options.policy, options.card, *rollouts, spec, options.out, terminalProgress()));
    finishProgress();
    if (options.json) {
        nlohmann::json report{{"out", options.out.string()},
                              {"spec", nlohmann::json::parse(toJson(spec))},
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
    std::cout << "written: " << options.out.string() << '\n';
}

}  // namespace

void addQuantizeCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command =
        program.add_subcommand("quantize", "Quantize a policy after training; calibrated on recorded rollouts");
    command->add_option("--policy", options->policy, "Full-precision policy (.pt2, .pt, .zip)")->required();
    command->add_option("--card", options->card,
                        "Policy card; default: NAME.card.json beside the policy, or the archive's");
    command->add_option("--rollouts", options->rollouts, "Recorded rollouts, for calibration")->required();
    options->quantization.addTo(*command);
    command->add_option("--out", options->out, "The quantized policy (.pt2)")->required();
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
