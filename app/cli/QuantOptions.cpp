#include "app/cli/QuantOptions.h"

#include <CLI/CLI.hpp>

#include "app/cli/Commands.h"

namespace sqil::cli {
namespace {

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

}  // namespace

void QuantOptions::addTo(CLI::App& command) {
    command
        .add_option("--method", method,
                    "ptq: round to nearest; awq: input channels scaled by their activations, then a clip search; "
                    "smoothquant: scaled by activations against weights; nf4: 4-bit NormalFloat, doubly quantized; "
                    "quarot: Hadamard rotation of transformer blocks")
        ->check(CLI::IsMember({"ptq", "awq", "smoothquant", "nf4", "quarot"}))
        ->capture_default_str();
    command.add_option("--weights", spec.weightBits, "Bits of the weights, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command.add_option("--activations", spec.activationBits, "Bits of the activations, 2 to 8 (16: floating point)")
        ->capture_default_str();
    command.add_option("--granularity", granularity, "Weights share a step per tensor, channel or group")
        ->capture_default_str();
    command.add_option("--group-size", spec.groupSize, "Inputs that share a step, with --granularity group")
        ->capture_default_str();
    command.add_flag("--asymmetric", spec.asymmetric, "Weights with a zero point (not with nf4)");
    command
        .add_option("--migration", spec.migration,
                    "smoothquant's exponent a: input channels divided by max|X|^a / max|W|^(1-a)")
        ->capture_default_str();
    command.add_flag("--keep-batch-norm", keepBatchNorm,
                     "Leave batch norms as they are instead of folding them into the layer before them");
    command.add_option("--weight-range", weightRange, "min-max, percentile or mse")->capture_default_str();
    command.add_option("--activation-range", activationRange, "min-max, percentile or mse")->capture_default_str();
    command.add_option("--percentile", spec.percentile, "Of |value|, for the percentile ranges")->capture_default_str();
    command.add_option("--calibration-steps", spec.calibrationSteps, "Recorded steps, spread over the data set")
        ->capture_default_str();
    command.add_option("--layer", layerBits, "Bits of one layer: NAME=8 or NAME=8/8; may be repeated");
    command.add_flag("--quantize-ends", quantizeEnds,
                     "First and last layers at the same bits as the rest, instead of 8 when both weights (≤ 4) and "
                     "activations are quantized");
}

QuantSpec QuantOptions::resolved() const {
    QuantSpec made = spec;
    made.method = valueOrThrow(parseQuantMethod(method));
    made.foldBatchNorm = !keepBatchNorm;
    made.granularity = valueOrThrow(parseGranularity(granularity));
    made.weightRange = valueOrThrow(parseRangeMethod(weightRange));
    made.activationRange = valueOrThrow(parseRangeMethod(activationRange));
    made.firstLastAt8 = !quantizeEnds;
    for (const std::string& text : layerBits)
        addLayerBits(text, made);
    valueOrThrow(check(made));
    return made;
}

}  // namespace sqil::cli
