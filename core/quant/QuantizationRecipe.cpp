#include "core/quant/QuantizationRecipe.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

QuantizationRecipe::Layer layerOf(const json& entry) {
    QuantizationRecipe::Layer layer;
    layer.name = entry.at("layer").get<std::string>();
    layer.weight = entry.at("weight").get<std::string>();
    layer.bits = {entry.at("weight_bits").get<int>(), entry.at("activation_bits").get<int>()};
    layer.parameters.bits = layer.bits;
    if (entry.contains("weight_steps")) {
        QuantizedWeight weight;
        weight.steps = at::tensor(entry["weight_steps"].get<std::vector<float>>());
        if (entry.contains("weight_zero_points"))
            weight.zeroPoints = at::tensor(entry["weight_zero_points"].get<std::vector<int>>());
        layer.parameters.weight = std::move(weight);
    }
    if (entry.contains("normal_float")) {
        const json& stored = entry["normal_float"];
        NormalFloatWeight weight;
        weight.scaleCodes = at::tensor(stored.at("scale_codes").get<std::vector<int>>()).to(at::kByte);
        weight.scaleMaxima = at::tensor(stored.at("scale_maxima").get<std::vector<float>>());
        weight.scaleOffset = stored.at("scale_offset").get<double>();
        layer.parameters.normalFloat = std::move(weight);
    }
    if (entry.contains("activation_step"))
        layer.parameters.activation =
            ActivationQuantizer{entry["activation_step"].get<double>(), entry.at("activation_signed").get<bool>()};
    if (entry.contains("notes"))
        layer.parameters.notes = entry["notes"].get<std::vector<std::string>>();
    return layer;
}

}  // namespace

Result<QuantizationRecipe> parseQuantizationRecipe(std::string_view text, const std::string& origin) {
    try {
        const json stored = json::parse(text);
        auto spec = parseQuantSpec(stored.at("spec").dump());
        if (!spec)
            return fail(spec.error().kind, origin + ": " + spec.error().message);
        QuantizationRecipe recipe{stored.at("method").get<std::string>(), std::move(*spec), {}};
        for (const json& entry : stored.at("layers"))
            recipe.layers.push_back(layerOf(entry));
        return recipe;
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput,
                    origin + ": " + kQuantizationFile +
                        " is not a quantization recipe as this program writes it: " + problem.what());
    }
}

}  // namespace sqil
