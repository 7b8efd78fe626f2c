#include "core/analysis/layers/LayerReport.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <limits>

namespace sqil {
namespace {

using nlohmann::json;

/// JSON has no NaN.
json number(double value) {
    return std::isfinite(value) ? json(value) : json(nullptr);
}

double number(const json& stored) {
    return stored.is_null() ? std::numeric_limits<double>::quiet_NaN() : stored.get<double>();
}

bool same(double one, double other) {
    return one == other || (std::isnan(one) && std::isnan(other));
}

json fileIdentity(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    const auto changed = std::filesystem::last_write_time(path, ignored).time_since_epoch();
    return {{"path", std::filesystem::weakly_canonical(path, ignored).string()},
            {"bytes", size},
            {"changed", std::chrono::duration_cast<std::chrono::seconds>(changed).count()}};
}

}  // namespace

bool BlameReport::operator==(const BlameReport& other) const {
    if (steps != other.steps || !same(gap, other.gap) || layers.size() != other.layers.size())
        return false;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const LayerBlame &one = layers[index], &two = other.layers[index];
        if (one.bits != two.bits || !same(one.alone, two.alone) || !same(one.allBut, two.allBut) ||
            !same(one.relativeWeightError, two.relativeWeightError))
            return false;
    }
    return true;
}

std::string toJson(const BlameReport& report, std::span<const SensitiveLayer> layers) {
    json entries = json::array();
    for (std::size_t index = 0; index < report.layers.size(); ++index) {
        const LayerBlame& blame = report.layers[index];
        const SensitiveLayer& layer = layers[index];
        entries.push_back({{"layer", layer.name},
                           {"operator", layer.target},
                           {"weight_shape", layer.weightShape},
                           {"parameters", layer.parameters},
                           {"weight_bits", blame.bits.weights},
                           {"activation_bits", blame.bits.activations},
                           {"blame_alone", number(blame.alone)},
                           {"blame_all_but", number(blame.allBut)},
                           {"relative_weight_error", number(blame.relativeWeightError)}});
    }
    return json{{"format", "sqil-layer-blame"},
                {"version", 1},
                {"steps", report.steps},
                {"gap", number(report.gap)},
                {"layers", entries}}
        .dump(1);
}

Result<BlameReport> parseBlameReport(std::string_view text, std::span<const SensitiveLayer> layers) {
    try {
        const json stored = json::parse(text);
        BlameReport report{stored.at("steps").get<std::int64_t>(), number(stored.at("gap")), {}};
        for (const json& entry : stored.at("layers")) {
            if (report.layers.size() >= layers.size() ||
                entry.at("layer").get<std::string>() != layers[report.layers.size()].name)
                return fail(ErrorKind::BadInput, "the stored blame is of other layers than the policy's");
            report.layers.push_back({{entry.at("weight_bits").get<int>(), entry.at("activation_bits").get<int>()},
                                     number(entry.at("blame_alone")),
                                     number(entry.at("blame_all_but")),
                                     number(entry.at("relative_weight_error"))});
        }
        if (report.layers.size() != layers.size())
            return fail(ErrorKind::BadInput, "the stored blame is of other layers than the policy's");
        return report;
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("the stored blame of layers cannot be read: ") + problem.what());
    }
}

std::string blameSpecification(const PolicyPaths& paths, const std::filesystem::path& rollouts,
                               const LayerSensitivity& sensitivity, std::span<const LayerBits> bits,
                               std::int64_t steps) {
    json widths = json::array();
    for (const LayerBits& layer : bits)
        widths.push_back({layer.weights, layer.activations});
    json specification{{"policy", fileIdentity(paths.policy)},
                       {"rollouts", fileIdentity(rollouts)},
                       {"recipe", json::parse(sensitivity.specJson())},
                       {"bits", widths},
                       {"steps", steps}};
    if (!paths.quantized.empty())
        specification["quantized"] = fileIdentity(paths.quantized);
    if (!paths.card.empty())
        specification["card"] = fileIdentity(paths.card);
    return specification.dump();
}

}  // namespace sqil
