#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/compare/Compare.h"
#include "core/sim/Statistics.h"

namespace sqil {

/// All seeds of one recipe together.
struct RecipeSummary {
    std::string recipe;
    std::size_t seeds = 0;                   ///< trained policies; 1 where nothing is trained
    std::optional<Interval> success;         ///< over all episodes of all seeds, Wilson
    std::optional<double> successDeviation;  ///< standard deviation over training seeds; none for a single one
    Interval episodeReturn;                  ///< bootstrap over training seeds and episodes
    std::optional<double> normalizedScore;
    double gap = 0, gapCritical = 0, gapOther = 0;  ///< means over seeds; NaN: not known
};

/// first − second over pairs of the same training seed and episode, bootstrap over both.
struct RecipeDifference {
    std::string first, second;
    std::optional<Interval> success;  ///< share of episodes
    Interval episodeReturn;
};

struct ComparisonTable {
    std::vector<RecipeSummary> recipes;  ///< in the order of the rows
    /// Each of sqil − qrd, sqil − qat, qrd − qat that has both, and sqil − fp (episodes paired with fp's for every
    /// seed).
    std::vector<RecipeDifference> differences;
};

ComparisonTable tableOf(const std::vector<ComparisonRow>& rows);

std::string textOf(const ComparisonTable& table);
std::string csvOf(const std::vector<ComparisonRow>& rows);  ///< one line a policy
std::string latexOf(const ComparisonTable& table);          ///< a booktabs tabular
nlohmann::json toJson(const ComparisonTable& table, const std::vector<ComparisonRow>& rows);

}  // namespace sqil
