#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/QuantSpec.h"
#include "core/quant/QuantizedAssembly.h"

namespace sqil {

/// What a quantized policy's kQuantizationFile says, as assembleQuantized() wrote it.
struct QuantizationRecipe {
    struct Layer {
        std::string name;
        std::string weight;  ///< of the binding
        LayerBits bits;
        LayerParameters parameters;  ///< without `layer` and without the weight's values and integers
    };
    std::string method;  ///< "ptq", "awq", …; "qat", "sqil", … where it was trained
    QuantSpec spec;
    std::vector<Layer> layers;
};

/// `origin` names the file in errors.
Result<QuantizationRecipe> parseQuantizationRecipe(std::string_view json, const std::string& origin);

}  // namespace sqil
