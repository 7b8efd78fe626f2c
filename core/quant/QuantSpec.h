#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/base/Result.h"

namespace sqil {

enum class Granularity { Tensor, Channel, Group };
enum class RangeMethod { MinMax, Percentile, Mse };

std::string_view nameOf(Granularity granularity);
std::string_view nameOf(RangeMethod method);
Result<Granularity> parseGranularity(std::string_view name);  ///< "tensor", "channel", "group"
Result<RangeMethod> parseRangeMethod(std::string_view name);  ///< "min-max", "percentile", "mse"

/// What is quantized, and how: a recipe as data. Symmetric uniform, METHOD "Quantizer".
struct QuantSpec {
    int weightBits = 4;                              ///< 2 to 8; 16: weights stay in floating point
    int activationBits = 16;                         ///< likewise
    Granularity granularity = Granularity::Channel;  ///< of weights; activations are per tensor
    int groupSize = 128;                             ///< along the input dimension, for Granularity::Group
    RangeMethod weightRange = RangeMethod::MinMax;
    RangeMethod activationRange = RangeMethod::MinMax;
    double percentile = 99.9;  ///< of |value|, for RangeMethod::Percentile
    /// First and last layer at 8 bits when weights have ≤ 4 bits and activations are quantized (LSQ's convention).
    bool firstLastAt8 = true;
    std::map<std::string, int> weightBitsOfLayer;  ///< by layer name, overrides all of the above
    std::map<std::string, int> activationBitsOfLayer;
    int calibrationSteps = 256;  ///< recorded steps, spread evenly over the data set
};

Result<void> check(const QuantSpec& spec);
std::string shortName(const QuantSpec& spec);  ///< "W4A16"
std::string toJson(const QuantSpec& spec);
Result<QuantSpec> parseQuantSpec(std::string_view json);

}  // namespace sqil
