#pragma once
#include <memory>
#include <optional>

#include "core/analysis/Analysis.h"
#include "core/data/Rollouts.h"
#include "core/project/Project.h"

namespace sqil {

/// What is being looked at: two policies (or one) over one data set, with the analysis's parameters.
/// `id` grows with every change: results that carry an older one come too late and are dropped.
struct Comparison {
    int id = 0;
    std::filesystem::path project;
    PolicyRecord policy;
    std::optional<PolicyRecord> quantized;
    RolloutsRecord rolloutsRecord;
    std::shared_ptr<Rollouts> rollouts;
    AnalysisSpec spec;
};

/// The project's analysis with the same policies, rollouts and perturbations; the newest where
/// there are several.
std::optional<AnalysisRecord> findAnalysis(const Project& project, const Comparison& comparison);

/// Sizes and modification times of the files that the numbers depend on, as text.
std::string fingerprint(const Comparison& comparison);

/// Whether one of those files is newer than an analysis made at this time (ISO 8601, UTC).
bool changedSince(const Comparison& comparison, const std::string& createdAt);

}  // namespace sqil
