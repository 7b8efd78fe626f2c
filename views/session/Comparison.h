#pragma once
#include <memory>
#include <optional>

#include "core/analysis/Analysis.h"
#include "core/data/Rollouts.h"
#include "core/project/Project.h"

namespace sqil {

/// What is being looked at: a reference policy and those compared with it over one data set, with
/// the analysis's parameters. The primary compared policy is shown in full, with its saliency; the
/// others by their actions and gaps.
/// `id` grows with every change: results that carry an older one come too late and are dropped.
struct Comparison {
    int id = 0;
    std::filesystem::path project;
    PolicyRecord policy;
    std::optional<PolicyRecord> quantized;  ///< the primary one; none: nothing is compared
    std::vector<PolicyRecord> others;       ///< further ones, in the project's order; empty without a primary one
    RolloutsRecord rolloutsRecord;
    std::shared_ptr<Rollouts> rollouts;
    AnalysisSpec spec;

    /// How many policies are compared with the reference.
    std::size_t comparedCount() const { return quantized ? 1 + others.size() : 0; }
    /// The compared policies: 0 is the primary one, then the others.
    const PolicyRecord& compared(std::size_t index) const { return index == 0 ? *quantized : others[index - 1]; }
    /// The reference and that one compared policy alone.
    Comparison pair(std::size_t index) const;
};

/// So many policies can be compared at once and still be told apart.
inline constexpr std::size_t kMostCompared = 5;

/// The project's analysis with the same reference and primary policy, rollouts and perturbations; the
/// newest where there are several.
std::optional<AnalysisRecord> findAnalysis(const Project& project, const Comparison& comparison);

/// Sizes and modification times of the files that the primary policy's numbers depend on, as text.
std::string fingerprint(const Comparison& comparison);

/// Whether one of those files is newer than an analysis made at this time (ISO 8601, UTC).
bool changedSince(const Comparison& comparison, const std::string& createdAt);

}  // namespace sqil
