#include "core/data/Rollouts.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/quant/QuantizeFile.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

std::vector<JobParameter> parameters() {
    const std::string group = "Quantization", calibration = "Calibration";
    const QuantSpec standard;
    std::vector<JobParameter> all{policyParameter("Full-precision policy (.pt2, .pt, .zip)"), cardParameter(),
                                  rolloutsParameter("Recorded rollouts, for calibration")};
    all.push_back(
        choiceParameter("method",
                        "ptq: round to nearest; awq: input channels scaled by their activations, then a clip search; "
                        "smoothquant: scaled by activations against weights; nf4: 4-bit NormalFloat, doubly quantized; "
                        "quarot: Hadamard rotation of transformer blocks",
                        "ptq", group, {"ptq", "awq", "smoothquant", "nf4", "quarot"}));
    append(all, bitParameters(standard.activationBits));
    all.push_back(advanced(flagParameter("asymmetric", "Weights with a zero point (not with nf4)", group)));
    all.push_back(advanced(
        numberParameter("migration", "smoothquant's exponent a: input channels divided by max|X|^a / max|W|^(1-a)",
                        standard.migration, group, "", 0, 1)));
    all.push_back(advanced(flagParameter(
        "keep_batch_norm", "Leave batch norms as they are instead of folding them into the layer before them", group)));
    JobParameter layer = textParameter("layer", "Bits of one layer: NAME=8 or NAME=8/8; may be repeated", group);
    layer.isList = true;
    layer.separated = false;
    all.push_back(advanced(layer));
    for (const char* what : {"weight_range", "activation_range"})
        all.push_back(choiceParameter(what, "min-max, percentile or mse", "min-max", calibration,
                                      {"min-max", "percentile", "mse"}));
    all.push_back(advanced(numberParameter("percentile", "Of |value|, for the percentile ranges", standard.percentile,
                                           calibration, "%", 50, 100)));
    all.push_back(advanced(wholeParameter("calibration_steps", "Recorded steps, spread over the data set",
                                          standard.calibrationSteps, calibration, "steps", 1, 1e7)));
    JobParameter out = reportParameter("out", "The quantized policy (.pt2)");
    out.file = FileKind::Quantized;
    all.push_back(out);
    return all;
}

/// "conv1=8" or "conv1=8/8": weights, and activations where given.
Result<void> addLayerBits(const std::string& text, QuantSpec& spec) {
    const auto equals = text.rfind('=');
    const auto slash = text.find('/', equals == std::string::npos ? 0 : equals);
    try {
        if (equals == std::string::npos || equals == 0)
            throw std::invalid_argument("no =");
        const std::string layer = text.substr(0, equals);
        spec.weightBitsOfLayer[layer] = std::stoi(text.substr(equals + 1, slash - equals - 1));
        if (slash != std::string::npos)
            spec.activationBitsOfLayer[layer] = std::stoi(text.substr(slash + 1));
        return {};
    } catch (const std::logic_error&) {
        return fail(ErrorKind::BadInput,
                    "--layer " + text + ": expected NAME=BITS or NAME=WEIGHTBITS/ACTIVATIONBITS, such as conv1=8/8");
    }
}

Result<json> run(const json& given, const JobContext& context) {
    auto options = quantizeOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    const std::string name = std::string(nameOf(options->spec.method)) + " " + shortName(options->spec);
    options->out = outputPath(options->out, context, "quantized.pt2");
    auto rollouts = Rollouts::open(options->rollouts);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    const auto layers =
        quantizePolicyFile(options->policy, options->card, **rollouts, options->spec, options->out, context.progress);
    if (!layers)
        return tl::unexpected(layers.error());
    double worst = 0;
    for (const QuantizedLayerReport& layer : *layers)
        worst = std::max(worst, layer.relativeWeightError);
    auto added = addPolicy(context, options->out, name, options->policy);
    if (!added)
        return tl::unexpected(added.error());
    return json{{"outputs", {{"policy", options->out.string()}}},
                {"policy", *added},
                {"summary", {{"layers", layers->size()}, {"largest_weight_error", worst}}}};
}

}  // namespace

JobKind quantize() {
    return {.name = "quantize",
            .title = "Quantize",
            .purpose = "Quantize a policy after training; calibrated on recorded rollouts",
            .parameters = parameters(),
            .check = [](const json& given) { return quantizeOptions(given).map([](const auto&) {}); },
            .run = run,
            .measured = false};
}

Result<QuantizeOptions> quantizeOptions(const json& given) {
    const Values values(*findJobKind("quantize"), given);
    QuantizeOptions options{
        values.path("policy"), values.path("card"), values.path("rollouts"), values.path("out"), {}};
    QuantSpec& spec = options.spec;
    auto method = parseQuantMethod(values.text("method"));
    auto weightRange = parseRangeMethod(values.text("weight_range"));
    auto activationRange = parseRangeMethod(values.text("activation_range"));
    for (const auto* problem : {method ? nullptr : &method.error(), weightRange ? nullptr : &weightRange.error(),
                                activationRange ? nullptr : &activationRange.error()})
        if (problem)
            return tl::unexpected(*problem);
    spec.method = *method;
    spec.weightRange = *weightRange;
    spec.activationRange = *activationRange;
    if (auto applied = applyBits(values, spec); !applied)
        return tl::unexpected(applied.error());
    spec.asymmetric = values.flag("asymmetric");
    spec.migration = values.real("migration");
    spec.foldBatchNorm = !values.flag("keep_batch_norm");
    spec.percentile = values.real("percentile");
    spec.calibrationSteps = values.integer("calibration_steps");
    for (const std::string& text : values.texts("layer"))
        if (auto added = addLayerBits(text, spec); !added)
            return tl::unexpected(added.error());
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    return options;
}

}  // namespace sqil::kinds
