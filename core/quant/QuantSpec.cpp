#include "core/quant/QuantSpec.h"

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

constexpr int kFullPrecisionBits = 16;

bool isBitWidth(int bits) {
    return (bits >= 2 && bits <= 8) || bits == kFullPrecisionBits;
}

Result<void> checkBits(const std::string& what, int bits) {
    if (isBitWidth(bits))
        return {};
    return fail(ErrorKind::BadInput,
                what + ": " + std::to_string(bits) + " bits; expected 2 to 8, or 16 to leave it in floating point");
}

template<class Enumeration>
struct Named {
    Enumeration value;
    std::string_view name;
};

constexpr Named<Granularity> kGranularities[] = {
    {Granularity::Tensor, "tensor"}, {Granularity::Channel, "channel"}, {Granularity::Group, "group"}};
constexpr Named<RangeMethod> kRangeMethods[] = {
    {RangeMethod::MinMax, "min-max"}, {RangeMethod::Percentile, "percentile"}, {RangeMethod::Mse, "mse"}};
constexpr Named<QuantMethod> kMethods[] = {{QuantMethod::Ptq, "ptq"},
                                           {QuantMethod::Awq, "awq"},
                                           {QuantMethod::SmoothQuant, "smoothquant"},
                                           {QuantMethod::Nf4, "nf4"},
                                           {QuantMethod::QuaRot, "quarot"}};

template<class Enumeration, std::size_t Count>
std::string_view nameIn(const Named<Enumeration> (&table)[Count], Enumeration value) {
    for (const auto& entry : table)
        if (entry.value == value)
            return entry.name;
    return {};
}

template<class Enumeration, std::size_t Count>
Result<Enumeration> valueIn(const Named<Enumeration> (&table)[Count], std::string_view what, std::string_view name) {
    std::string known;
    for (const auto& entry : table) {
        if (entry.name == name)
            return entry.value;
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    return fail(ErrorKind::BadInput,
                std::string(what) + ": \"" + std::string(name) + "\" is not known; expected one of " + known);
}

/// Settings that a method has no use for are refused rather than left unused.
Result<void> checkMethod(const QuantSpec& spec) {
    if (spec.method == QuantMethod::Awq && spec.weightRange != RangeMethod::MinMax)
        return fail(ErrorKind::BadInput, "weight range: awq searches its own; leave it at \"min-max\"");
    if (spec.method == QuantMethod::Nf4 && spec.weightBits != 4 && spec.weightBits != kFullPrecisionBits)
        return fail(ErrorKind::BadInput,
                    "weights: " + std::to_string(spec.weightBits) + " bits; nf4 has 4 (or 16: floating point)");
    if (spec.method == QuantMethod::Nf4 && spec.asymmetric)
        return fail(ErrorKind::BadInput, "asymmetric: the levels of nf4 are given; leave it off");
    return {};
}

}  // namespace

std::string_view nameOf(Granularity granularity) {
    return nameIn(kGranularities, granularity);
}
std::string_view nameOf(RangeMethod method) {
    return nameIn(kRangeMethods, method);
}
std::string_view nameOf(QuantMethod method) {
    return nameIn(kMethods, method);
}

Result<Granularity> parseGranularity(std::string_view name) {
    return valueIn(kGranularities, "granularity", name);
}
Result<RangeMethod> parseRangeMethod(std::string_view name) {
    return valueIn(kRangeMethods, "range", name);
}
Result<QuantMethod> parseQuantMethod(std::string_view name) {
    return valueIn(kMethods, "method", name);
}

Result<void> check(const QuantSpec& spec) {
    if (auto result = checkBits("weights", spec.weightBits); !result)
        return result;
    if (auto result = checkBits("activations", spec.activationBits); !result)
        return result;
    for (const auto& [layer, bits] : spec.weightBitsOfLayer)
        if (auto result = checkBits("weights of layer " + layer, bits); !result)
            return result;
    for (const auto& [layer, bits] : spec.activationBitsOfLayer)
        if (auto result = checkBits("activations of layer " + layer, bits); !result)
            return result;
    if (spec.groupSize < 1)
        return fail(ErrorKind::BadInput,
                    "group size: " + std::to_string(spec.groupSize) + "; expected 1 or more (128 by convention)");
    if (!(spec.percentile > 50 && spec.percentile <= 100))
        return fail(ErrorKind::BadInput,
                    "percentile: " + std::to_string(spec.percentile) + "; expected more than 50 and at most 100");
    if (spec.calibrationSteps < 1)
        return fail(ErrorKind::BadInput, "calibration steps: expected 1 or more");
    if (!(spec.migration >= 0 && spec.migration <= 1))
        return fail(ErrorKind::BadInput,
                    "migration: " + std::to_string(spec.migration) + "; expected 0 to 1 (0.5 by convention)");
    return checkMethod(spec);
}

std::string shortName(const QuantSpec& spec) {
    std::string name = "W";
    name += std::to_string(spec.weightBits);
    name += 'A';
    return name + std::to_string(spec.activationBits);
}

std::string toJson(const QuantSpec& spec) {
    return nlohmann::json{{"method", nameOf(spec.method)},
                          {"asymmetric", spec.asymmetric},
                          {"fold_batch_norm", spec.foldBatchNorm},
                          {"migration", spec.migration},
                          {"weight_bits", spec.weightBits},
                          {"activation_bits", spec.activationBits},
                          {"granularity", nameOf(spec.granularity)},
                          {"group_size", spec.groupSize},
                          {"weight_range", nameOf(spec.weightRange)},
                          {"activation_range", nameOf(spec.activationRange)},
                          {"percentile", spec.percentile},
                          {"first_last_at_8", spec.firstLastAt8},
                          {"weight_bits_of_layer", spec.weightBitsOfLayer},
                          {"activation_bits_of_layer", spec.activationBitsOfLayer},
                          {"calibration_steps", spec.calibrationSteps}}
        .dump();
}

Result<QuantSpec> parseQuantSpec(std::string_view text) {
    QuantSpec spec;
    try {
        const auto json = nlohmann::json::parse(text);
        const auto method = parseQuantMethod(json.value("method", std::string(nameOf(spec.method))));
        if (!method)
            return tl::unexpected(method.error());
        spec.method = *method;
        spec.asymmetric = json.value("asymmetric", spec.asymmetric);
        spec.foldBatchNorm = json.value("fold_batch_norm", spec.foldBatchNorm);
        spec.migration = json.value("migration", spec.migration);
        spec.weightBits = json.value("weight_bits", spec.weightBits);
        spec.activationBits = json.value("activation_bits", spec.activationBits);
        spec.groupSize = json.value("group_size", spec.groupSize);
        spec.percentile = json.value("percentile", spec.percentile);
        spec.firstLastAt8 = json.value("first_last_at_8", spec.firstLastAt8);
        spec.calibrationSteps = json.value("calibration_steps", spec.calibrationSteps);
        spec.weightBitsOfLayer = json.value("weight_bits_of_layer", spec.weightBitsOfLayer);
        spec.activationBitsOfLayer = json.value("activation_bits_of_layer", spec.activationBitsOfLayer);
        const auto granularity = parseGranularity(json.value("granularity", std::string(nameOf(spec.granularity))));
        const auto weightRange = parseRangeMethod(json.value("weight_range", std::string(nameOf(spec.weightRange))));
        const auto activationRange =
            parseRangeMethod(json.value("activation_range", std::string(nameOf(spec.activationRange))));
        if (!granularity)
            return tl::unexpected(granularity.error());
        if (!weightRange)
            return tl::unexpected(weightRange.error());
        if (!activationRange)
            return tl::unexpected(activationRange.error());
        spec.granularity = *granularity;
        spec.weightRange = *weightRange;
        spec.activationRange = *activationRange;
    } catch (const nlohmann::json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("quantization settings: ") + problem.what());
    }
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    return spec;
}

}  // namespace sqil
