#include "core/compare/ComparisonTable.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
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
    bool known = true, even = true;
    for (const ComparisonRow* row : rows) {
        even = even && row->evaluation.episodes.size() == rows.front()->evaluation.episodes.size();
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
    summary.episodeReturn = crossedBootstrapMean(returns, even ? rows.size() : 1);
    summary.normalizedScore = normalizedScore(rows.front()->evaluation.environment, summary.episodeReturn.value);
    summary.gap = meanOf(gaps);
    summary.gapCritical = meanOf(critical);
    summary.gapOther = meanOf(other);
    return summary;
}

std::vector<double> minus(const std::vector<double>& first, const std::vector<double>& second) {
    std::vector<double> result(first.size());
    std::transform(first.begin(), first.end(), second.begin(), result.begin(), std::minus<>());
    return result;
}

std::optional<RecipeDifference> differenceOf(const std::vector<ComparisonRow>& rows, const std::string& first,
                                             const std::string& second) {
    std::vector<double> returns, successes;
    bool known = true;
    std::size_t pairs = 0, episodes = 0;
    for (const ComparisonRow* a : rowsOf(rows, first))
        for (const ComparisonRow* b : rowsOf(rows, second)) {
            if (a->seed && b->seed && *a->seed != *b->seed)
                continue;
            const std::size_t count = a->evaluation.episodes.size();
            if (b->evaluation.episodes.size() != count || (pairs > 0 && count != episodes))
                return std::nullopt;
            episodes = count;
            ++pairs;
            const auto add = [](std::vector<double>& all, const std::vector<double>& more) {
                all.insert(all.end(), more.begin(), more.end());
            };
            add(returns, minus(a->evaluation.returns(), b->evaluation.returns()));
            known = known && !a->evaluation.successes().empty() && !b->evaluation.successes().empty();
            if (known)
                add(successes, minus(a->evaluation.successes(), b->evaluation.successes()));
        }
    if (returns.empty())
        return std::nullopt;
    RecipeDifference difference{first, second, std::nullopt, crossedBootstrapMean(returns, pairs)};
    if (known)
        difference.success = crossedBootstrapMean(successes, pairs);
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
        text += format("return %+.1f [%+.1f, %+.1f] (paired, bootstrap 95 %% over seeds and episodes)\n",
                       difference.episodeReturn.value, difference.episodeReturn.low, difference.episodeReturn.high);
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
