#pragma once
#include <filesystem>
#include <memory>

#include "core/analysis/Analysis.h"
#include "core/base/Result.h"
#include "core/policy/PolicyCard.h"

namespace sqil {

/// The files a comparison is made of; an empty path means "none" (or, for a card, "find it").
struct PolicyPaths {
    std::filesystem::path policy;
    std::filesystem::path quantized;
    std::filesystem::path card;           ///< for both policies
    std::filesystem::path quantizedCard;  ///< for the quantized one, before `card`
};

/// Reads the policies and prepares their analysis over the rollouts. Takes seconds for large
/// policies: call it off the GUI thread.
Result<std::unique_ptr<Analyzer>> openAnalyzer(const PolicyPaths& paths, std::shared_ptr<Rollouts> rollouts,
                                               const AnalysisSpec& spec);

/// The same, with the cards found beside or in the policies.
Result<std::unique_ptr<Analyzer>> openAnalyzer(const std::filesystem::path& policy,
                                               const std::filesystem::path& quantized,
                                               std::shared_ptr<Rollouts> rollouts, const AnalysisSpec& spec);

/// Reads a further quantized policy and has the analyzer compare it, too. A policy that cannot be read or
/// compared is an Error and changes nothing.
Result<void> compareAlso(Analyzer& analyzer, const std::filesystem::path& policy, const RolloutsInfo& rollouts,
                         const std::filesystem::path& card = {});

/// The card with which a policy would be run on these rollouts.
Result<PolicyCard> cardOf(const std::filesystem::path& policy, const RolloutsInfo& rollouts,
                          const std::filesystem::path& card = {});

}  // namespace sqil
