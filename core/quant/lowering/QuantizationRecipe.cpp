#include "core/quant/lowering/QuantizationRecipe.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

LayerRecipe readLayer(const json& entry) {
    LayerRecipe recipe;
    recipe.layer = entry.at("layer").get<std::string>();
    recipe.weight = entry.at("weight").get<std::string>();
    recipe.weightBits = entry.at("weight_bits").get<int>();
    recipe.activationBits = entry.at("activation_bits").get<int>();
    if (entry.contains("normal_float")) {
        const json& stored = entry.at("normal_float");
        recipe.normalFloat = NormalFloatRecipe{stored.at("scale_codes").get<std::vector<int>>(),
                                               stored.at("scale_maxima").get<std::vector<float>>(),
                                               stored.at("scale_offset").get<double>()};
        return recipe;
    }
    if (!entry.contains("weight_steps"))
        return recipe;
    recipe.outputAxis = entry.at("output_axis").get<std::int64_t>();
    const auto granularity = parseGranularity(entry.at("granularity").get<std::string>());
    if (!granularity)
        throw std::invalid_argument(granularity.error().message);
    recipe.granularity = *granularity;
    if (recipe.granularity == Granularity::Group)
        recipe.groupSize = entry.at("group_size").get<std::int64_t>();
    recipe.steps = entry.at("weight_steps").get<std::vector<float>>();
    for (const float step : recipe.steps)
        if (!std::isfinite(step) || !(step > 0))
            throw std::invalid_argument("a weight step is not positive");
    if (entry.contains("weight_zero_points"))
        recipe.zeroPoints = entry.at("weight_zero_points").get<std::vector<int>>();
    if (!recipe.zeroPoints.empty() && recipe.zeroPoints.size() != recipe.steps.size())
        throw std::invalid_argument("there are not as many zero points as steps");
    return recipe;
}

}  // namespace

Result<std::map<std::string, LayerRecipe>> parseRecipe(std::string_view text) {
    std::map<std::string, LayerRecipe> layers;
    std::string layer;
    try {
        const json recipe = json::parse(text);
        for (const json& entry : recipe.at("layers")) {
            layer = entry.value("layer", "");
            layers.emplace(layer, readLayer(entry));
        }
    } catch (const std::exception& problem) {
        return fail(ErrorKind::BadInput, "the policy's quantization recipe cannot be read" +
                                             (layer.empty() ? "" : " at layer \"" + layer + "\"") + ": " +
                                             problem.what());
    }
    return layers;
}

}  // namespace sqil
