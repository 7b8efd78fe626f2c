#include "core/compare/ComparisonTable.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

template<class... Values>
std::string format(const char* text, Values... values) {
    std::array<char, 512> line{};
    std::snprintf(line.data(), line.size(), text, values...);
    return line.data();
}

double meanOf(const std::vector<double>& values) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values)
        if (std::isfinite(value)) {
            sum += value;
            ++count;
        }
    return count > 0 ? sum / static_cast<double>(count) : kNone;
}

std::vector<const ComparisonRow*> rowsOf(const std::vector<ComparisonRow>& rows, const std::string& recipe) {
    std::vector<const ComparisonRow*> chosen;
    for (const ComparisonRow& row : rows)
        if (row.recipe == recipe)
            chosen.push_back(&row);
    return chosen;
}

RecipeSummary summaryOf(const std::string& recipe, const std::vector<const ComparisonRow*>& rows) {
    RecipeSummary summary;
    summary.recipe = recipe;
    summary.seeds = rows.size();
    std::vector<double> successes, returns, rates, gaps, critical, other;
    bool known = true;
    for (const ComparisonRow* row : rows) {
        const auto of = row->evaluation.successes();
        known = known && !of.empty();
        successes.insert(successes.end(), of.begin(), of.end());
        rates.push_back(meanOf(of));
        const auto gained = row->evaluation.returns();
        returns.insert(returns.end(), gained.begin(), gained.end());
        gaps.push_back(row->gap);
        critical.push_back(row->gapCritical);
        other.push_back(row->gapOther);
    }
    if (known && !successes.empty()) {
        summary.success = wilsonInterval(std::llround(std::accumulate(successes.begin(), successes.end(), 0.0)),
                                         static_cast<std::int64_t>(successes.size()));
        if (rates.size() > 1) {
            const double mean = meanOf(rates);
            double squares = 0;
            for (const double rate : rates)
                squares += (rate - mean) * (rate - mean);
            summary.successDeviation = std::sqrt(squares / static_cast<double>(rates.size() - 1));
        }
    }
    summary.episodeReturn = bootstrapMean(returns);
    summary.normalizedScore = normalizedScore(rows.front()->evaluation.environment, summary.episodeReturn.value);
    summary.gap = meanOf(gaps);
    summary.gapCritical = meanOf(critical);
    summary.gapOther = meanOf(other);
    return summary;
}

std::optional<RecipeDifference> differenceOf(const std::vector<ComparisonRow>& rows, const std::string& first,
                                             const std::string& second) {
    std::vector<double> firstReturns, secondReturns, firstSuccesses, secondSuccesses;
    bool known = true;
    for (const ComparisonRow* a : rowsOf(rows, first))
        for (const ComparisonRow* b : rowsOf(rows, second)) {
            if (a->seed && b->seed && *a->seed != *b->seed)
                continue;
            const auto add = [](std::vector<double>& all, const std::vector<double>& more) {
                all.insert(all.end(), more.begin(), more.end());
            };
            if (a->evaluation.episodes.size() != b->evaluation.episodes.size())
                return std::nullopt;
            known = known && !a->evaluation.successes().empty() && !b->evaluation.successes().empty();
            add(firstReturns, a->evaluation.returns());
            add(secondReturns, b->evaluation.returns());
            add(firstSuccesses, a->evaluation.successes());
            add(secondSuccesses, b->evaluation.successes());
        }
    if (firstReturns.empty())
        return std::nullopt;
    RecipeDifference difference{first, second, std::nullopt, pairedDifference(firstReturns, secondReturns)};
    if (known)
        difference.success = pairedDifference(firstSuccesses, secondSuccesses);
    return difference;
}

std::string orDash(double value, const char* text) {
    return std::isfinite(value) ? format(text, value) : "-";
}

json toJson(const Interval& interval) {
    return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
}

json numberOrNull(double value) {
    return std::isfinite(value) ? json(value) : json();
}

}  // namespace

ComparisonTable tableOf(const std::vector<ComparisonRow>& rows) {
    ComparisonTable table;
    std::vector<std::string> recipes;
    for (const ComparisonRow& row : rows)
        if (std::find(recipes.begin(), recipes.end(), row.recipe) == recipes.end())
            recipes.push_back(row.recipe);
    for (const std::string& recipe : recipes)
        table.recipes.push_back(summaryOf(recipe, rowsOf(rows, recipe)));
    for (const auto& [first, second] :
         {std::pair{"sqil", "qrd"}, std::pair{"sqil", "qat"}, std::pair{"qrd", "qat"}, std::pair{"sqil", "fp"}})
        if (auto difference = differenceOf(rows, first, second))
            table.differences.push_back(std::move(*difference));
    return table;
}

std::string textOf(const ComparisonTable& table) {
    const bool success = std::any_of(table.recipes.begin(), table.recipes.end(),
                                     [](const RecipeSummary& recipe) { return recipe.success.has_value(); });
    std::string text = format("%-12s %5s  ", "recipe", "seeds");
    if (success)
        text += format("%-30s", "success %, Wilson 95 %");
    text += format("%-32s %8s %10s %8s\n", "return, bootstrap 95 %", "gap", "critical", "others");
    for (const RecipeSummary& recipe : table.recipes) {
        text += format("%-12s %5zu  ", recipe.recipe.c_str(), recipe.seeds);
        if (recipe.success) {
            std::string cell = format("%5.1f [%.1f, %.1f]", 100 * recipe.success->value, 100 * recipe.success->low,
                                      100 * recipe.success->high);
            if (recipe.successDeviation)
                cell += format(" sd %.1f", 100 * *recipe.successDeviation);
            text += format("%-30s", cell.c_str());
        } else if (success) {
            text += format("%-30s", "-");
        }
        const std::string gained = format("%9.1f [%.1f, %.1f]", recipe.episodeReturn.value, recipe.episodeReturn.low,
                                          recipe.episodeReturn.high);
        text += format("%-32s %8s %10s %8s\n", gained.c_str(), orDash(recipe.gap, "%.4f").c_str(),
                       orDash(recipe.gapCritical, "%.4f").c_str(), orDash(recipe.gapOther, "%.4f").c_str());
    }
    for (const RecipeDifference& difference : table.differences) {
        text += difference.first + " - " + difference.second + ": ";
        if (difference.success)
            text += format("success %+.1f [%+.1f, %+.1f] points, ", 100 * difference.success->value,
                           100 * difference.success->low, 100 * difference.success->high);
        text += format("return %+.1f [%+.1f, %+.1f] (paired, bootstrap 95 %%)\n", difference.episodeReturn.value,
                       difference.episodeReturn.low, difference.episodeReturn.high);
    }
    return text;
}

std::string csvOf(const std::vector<ComparisonRow>& rows) {
    std::string text =
        "recipe,seed,episodes,successes,success_rate,mean_return,gap,gap_critical,gap_other,train_seconds,policy\n";
    const auto number = [](double value) { return std::isfinite(value) ? format("%.9g", value) : std::string(); };
    for (const ComparisonRow& row : rows) {
        const auto successes = row.evaluation.successes();
        text += row.recipe + ',' + (row.seed ? std::to_string(*row.seed) : "") + ',' +
                std::to_string(row.evaluation.episodes.size()) + ',';
        text += successes.empty()
                    ? ","
                    : format("%.0f,%.9g", std::accumulate(successes.begin(), successes.end(), 0.0), meanOf(successes));
        text += ',' + number(meanOf(row.evaluation.returns())) + ',' + number(row.gap) + ',' + number(row.gapCritical) +
                ',' + number(row.gapOther) + ',' + number(row.trainSeconds) + ",\"" + row.policy.string() + "\"\n";
    }
    return text;
}

std::string latexOf(const ComparisonTable& table) {
    const bool success = std::any_of(table.recipes.begin(), table.recipes.end(),
                                     [](const RecipeSummary& recipe) { return recipe.success.has_value(); });
    std::string text = std::string("\\begin{tabular}{lr") + (success ? "r" : "") + "rrrr}\n\\toprule\nrecipe & seeds" +
                       (success ? " & success (\\%)" : "") +
                       " & return & gap & gap, critical & gap, others \\\\\n\\midrule\n";
    for (const RecipeSummary& recipe : table.recipes) {
        text += recipe.recipe + format(" & %zu", recipe.seeds);
        if (success)
            text += recipe.success ? format(" & $%.1f$ {\\scriptsize$[%.1f, %.1f]$}", 100 * recipe.success->value,
                                            100 * recipe.success->low, 100 * recipe.success->high)
                                   : " & --";
        text += format(" & $%.1f$ {\\scriptsize$[%.1f, %.1f]$}", recipe.episodeReturn.value, recipe.episodeReturn.low,
                       recipe.episodeReturn.high);
        for (const double gap : {recipe.gap, recipe.gapCritical, recipe.gapOther})
            text += std::isfinite(gap) ? format(" & $%.4f$", gap) : " & --";
        text += " \\\\\n";
    }
    return text + "\\bottomrule\n\\end{tabular}\n";
}

json toJson(const ComparisonTable& table, const std::vector<ComparisonRow>& rows) {
    json result{{"recipes", json::array()}, {"differences", json::array()}, {"rows", json::array()}};
    for (const RecipeSummary& recipe : table.recipes) {
        json entry{{"recipe", recipe.recipe},
                   {"seeds", recipe.seeds},
                   {"return", toJson(recipe.episodeReturn)},
                   {"gap", numberOrNull(recipe.gap)},
                   {"gap_critical", numberOrNull(recipe.gapCritical)},
                   {"gap_other", numberOrNull(recipe.gapOther)}};
        if (recipe.success)
            entry["success"] = toJson(*recipe.success);
        if (recipe.successDeviation)
            entry["success_deviation"] = *recipe.successDeviation;
        if (recipe.normalizedScore)
            entry["normalized_score"] = *recipe.normalizedScore;
        result["recipes"].push_back(std::move(entry));
    }
    for (const RecipeDifference& difference : table.differences) {
        json entry{
            {"first", difference.first}, {"second", difference.second}, {"return", toJson(difference.episodeReturn)}};
        if (difference.success)
            entry["success"] = toJson(*difference.success);
        result["differences"].push_back(std::move(entry));
    }
    for (const ComparisonRow& row : rows) {
        json entry{{"recipe", row.recipe},
                   {"policy", row.policy.filename().string()},
                   {"train_seconds", row.trainSeconds},
                   {"gap", numberOrNull(row.gap)},
                   {"gap_critical", numberOrNull(row.gapCritical)},
                   {"gap_other", numberOrNull(row.gapOther)},
                   {"evaluation", toJson(row.evaluation)}};
        if (row.seed)
            entry["seed"] = *row.seed;
        result["rows"].push_back(std::move(entry));
    }
    return result;
}

}  // namespace sqil
