#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/QuantSpec.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {

/// Where training with learned steps starts: the policy as a method prepares it for rounding, and each layer's weight
/// and steps. Before its first training step the student is that method's quantized policy:
/// - ptq: the policy as it is; LSQ's steps 2·mean|w|/√Q_P per block or, where those lose less, the searched steps of
///   least squared error.
/// - awq: batch norms folded in, input channels scaled as searchAwqScale() finds it, weights clipped as awqClipped()
///   does, steps of the clipped weights' largest magnitudes: AWQ's own quantizers.
/// - smoothquant, quarot: the policy scaled or rotated as they do it, steps as for ptq.
class TrainingStart {
public:
    struct Weight {
        at::Tensor values;  ///< in floating point
        at::Tensor steps;   ///< {1}, {out} or {out, groups}, as QuantizedWeight::steps
    };

    /// `method`: any but nf4, which has no steps to learn. The policy must outlive what is made. Errors as
    /// quantizePolicy()'s.
    static Result<TrainingStart> create(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                        QuantMethod method, const Progress& progress);

    /// In full precision, its outputs are the given policy's within float rounding.
    const Policy& policy() const { return *prepared_.policy; }
    Weight weight(const QuantizableLayer& layer, int bits) const;
    /// What was done to the layer before training, in words.
    std::vector<std::string> notes(const std::string& layer) const;

private:
    TrainingStart(PreparedPolicy prepared, QuantSpec spec) : prepared_(std::move(prepared)), spec_(std::move(spec)) {}

    PreparedPolicy prepared_;
    QuantSpec spec_;
};

}  // namespace sqil
