#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/data/Rollouts.h"
#include "core/quant/QuantizeFile.h"

namespace sqil::cli {
namespace {

struct Options {
    std::filesystem::path policy, card, rollouts, out;
    QuantSpec spec;
    std::string method = "ptq", granularity = "channel", weightRange = "min-max", activationRange = "min-max";
    std::vector<std::string> layerBits;
    bool quantizeEnds = false, keepBatchNorm = false;
    bool json = false;
};

/// "conv1=8" or "conv1=8/8": weights, and activations where given.
void addLayerBits(const std::string& text, QuantSpec& spec) {
    const auto equals = text.rfind('=');
    const auto slash = text.find('/', equals == std::string::npos ? 0 : equals);
    try {
        if (equals == std::string::npos || equals == 0)
            throw std::invalid_argument("no =");
        const std::string layer = text.substr(0, equals);
        spec.weightBitsOfLayer[layer] = std::stoi(text.substr(equals + 1, slash - equals - 1));
        if (slash != std::string::npos)
            spec.activationBitsOfLayer[layer] = std::stoi(text.substr(slash + 1));
    } catch (const std::logic_error&) {
        throw CommandFailed{
            {ErrorKind::BadInput,
             "--layer " + text + ": expected NAME=BITS or NAME=WEIGHTBITS/ACTIVATIONBITS, such as conv1=8/8"}};
    }
}

void run(Options options) {
    options.spec.method = valueOrThrow(parseQuantMethod(options.method));
    options.spec.foldBatchNorm = !options.keepBatchNorm;
    options.spec.granularity = valueOrThrow(parseGranularity(options.granularity));
    options.spec.weightRange = valueOrThrow(parseRangeMethod(options.weightRange));
    options.spec.activationRange = valueOrThrow(parseRangeMethod(options.activationRange));
    options.spec.firstLastAt8 = !options.quantizeEnds;
    for (const std::string& text : options.layerBits)
        addLayerBits(text, options.spec);
    valueOrThrow(check(options.spec));

    const auto rollouts = valueOrThrow(Rollouts::open(options.rollouts));
    const auto layers = valueOrThrow(
        quantizePolicyFile(options.policy, options.card, *rollouts, options.spec, options.out, terminalProgress()));
    finishProgress();
    if (options.json) {
        nlohmann::json report{{"out", options.out.string()},
                              {"spec", nlohmann::json::parse(toJson(options.spec))},
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
    command
        ->add_option("--method", options->method,
                     "ptq: round to nearest; awq: input channels scaled by their activations, then a clip search; "
                     "smoothquant: scaled by activations against weights; nf4: 4-bit NormalFloat, doubly quantized; "
                     "quarot: Hadamard rotation of transformer blocks")
        ->check(CLI::IsMember({"ptq", "awq", "smoothquant", "nf4", "quarot"}))
        ->capture_default_str();
    command->add_option("--weights", options->spec.weightBits, "Bits of the weights, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command
        ->add_option("--activations", options->spec.activationBits,
                     "Bits of the activations, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command->add_option("--granularity", options->granularity, "Weights share a step per tensor, channel or group")
        ->capture_default_str();
    command->add_option("--group-size", options->spec.groupSize, "Inputs that share a step, with --granularity group")
        ->capture_default_str();
    command->add_flag("--asymmetric", options->spec.asymmetric, "Weights with a zero point (not with nf4)");
    command
        ->add_option("--migration", options->spec.migration,
                     "smoothquant's exponent a: input channels divided by max|X|^a / max|W|^(1-a)")
        ->capture_default_str();
    command->add_flag("--keep-batch-norm", options->keepBatchNorm,
                      "Leave batch norms as they are instead of folding them into the layer before them");
    command->add_option("--weight-range", options->weightRange, "min-max, percentile or mse")->capture_default_str();
    command->add_option("--activation-range", options->activationRange, "min-max, percentile or mse")
        ->capture_default_str();
    command->add_option("--percentile", options->spec.percentile, "Of |value|, for the percentile ranges")
        ->capture_default_str();
    command
        ->add_option("--calibration-steps", options->spec.calibrationSteps, "Recorded steps, spread over the data set")
        ->capture_default_str();
    command->add_option("--layer", options->layerBits, "Bits of one layer: NAME=8 or NAME=8/8; may be repeated");
    command->add_flag("--quantize-ends", options->quantizeEnds,
                      "First and last layers at the same bits as the rest, instead of 8 when both weights (≤ 4) and "
                      "activations are quantized");
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
