#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/Policy.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// A policy that is measured, with the inputs of one step.
struct BenchedPolicy {
    PolicyFile file;
    std::shared_ptr<Rollouts> rollouts;    ///< null: the inputs are random numbers
    std::shared_ptr<const Policy> policy;  ///< on those rollouts, likewise
    std::vector<at::Tensor> inputs;        ///< batch 1, on the CPU
    double controlRate = 0;                ///< the card's, in steps a second; 0: it names none
    std::vector<std::string> notes;        ///< for the report

    /// `rolloutsPath` empty: random inputs of the sizes that the file gives, from `seed`.
    static Result<BenchedPolicy> open(const std::filesystem::path& policyPath,
                                      const std::filesystem::path& rolloutsPath, std::uint64_t seed);
    /// Calibrated on the rollouts, or on the inputs where there are none.
    Result<PolicyFile> quantized(const QuantSpec& spec) const;
};

}  // namespace sqil
