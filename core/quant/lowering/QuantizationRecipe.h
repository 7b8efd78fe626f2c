#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// 4-bit NormalFloat weights with doubly quantized scales, as the recipe keeps them (NormalFloat.h).
struct NormalFloatRecipe {
    std::vector<int> scaleCodes;
    std::vector<float> scaleMaxima;
    double scaleOffset = 0;
};

/// What the recipe (kQuantizationFile) says of one layer.
struct LayerRecipe {
    std::string layer, weight;  ///< names of the layer and of its weight's binding
    int weightBits = 16, activationBits = 16;
    std::int64_t outputAxis = 0;
    Granularity granularity = Granularity::Channel;
    std::int64_t groupSize = 0;
    std::vector<float> steps;
    std::vector<int> zeroPoints;  ///< empty: symmetric
    std::optional<NormalFloatRecipe> normalFloat;
};

/// By layer name. The text comes from a file: what does not fit is an error that names the layer.
Result<std::map<std::string, LayerRecipe>> parseRecipe(std::string_view json);

}  // namespace sqil
