#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/LayerInputs.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// A policy made ready for rounding: its outputs are those of the policy it was made of, within float rounding.
struct PreparedPolicy {
    std::shared_ptr<const Policy> policy;
    std::map<std::string, std::vector<std::string>> notes;  ///< by layer: what was done, in words
    std::map<std::string, LayerInputs> inputs;              ///< by layer, for awq's clip search; else empty
};

/// What the spec's method does before rounding: folds batch norms; scales input channels (awq, smoothquant);
/// rotates residual streams (quarot). Errors as quantizePolicy()'s.
Result<PreparedPolicy> preparePolicy(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec,
                                     const Progress& progress = {});

}  // namespace sqil
