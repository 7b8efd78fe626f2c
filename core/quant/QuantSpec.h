#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/base/Result.h"

namespace sqil {

enum class Granularity { Tensor, Channel, Group };
enum class RangeMethod { MinMax, Percentile, Mse };

/// How weights find their quantized values after training (METHOD "Quantizer").
enum class QuantMethod {
    Ptq,          ///< round to nearest
    Awq,          ///< input channels scaled by what the activations are (Lin et al. 2023), then a clip search
    SmoothQuant,  ///< input channels scaled by activations against weights (Xiao et al. 2023), then round to nearest
    Nf4,          ///< 4-bit NormalFloat with double quantization (QLoRA, Dettmers et al. 2023)
    QuaRot,       ///< Hadamard rotation of the residual stream (Ashkboos et al. 2024), then round to nearest
};

std::string_view nameOf(Granularity granularity);
std::string_view nameOf(RangeMethod method);
std::string_view nameOf(QuantMethod method);
Result<Granularity> parseGranularity(std::string_view name);  ///< "tensor", "channel", "group"
Result<RangeMethod> parseRangeMethod(std::string_view name);  ///< "min-max", "percentile", "mse"
Result<QuantMethod> parseQuantMethod(std::string_view name);  ///< "ptq", "awq", "smoothquant", "nf4", "quarot"

/// What is quantized, and how: a recipe as data. Uniform (but for nf4), METHOD "Quantizer".
struct QuantSpec {
    QuantMethod method = QuantMethod::Ptq;  ///< after training; trained quantizers do not look at it
    bool asymmetric = false;                ///< weights with a zero point; activations are symmetric or unsigned
    bool foldBatchNorm = true;              ///< into the layer before it, where that leaves the outputs as they are
    double migration = 0.5;                 ///< smoothquant's exponent a: s = max|X|^a / max|W|^(1 − a)
    int weightBits = 4;                     ///< 2 to 8; 16: weights stay in floating point
    int activationBits = 16;                ///< likewise
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
