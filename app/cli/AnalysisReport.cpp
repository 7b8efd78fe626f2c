#include "app/cli/AnalysisReport.h"

#include <cmath>
#include <ostream>

#include <CLI/CLI.hpp>

#include "core/analysis/Analysis.h"
#include "core/project/SeriesNames.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

std::int64_t stepsOf(const EpisodeReport& episode) {
    const Series* sis = episode.find(series::kSis);
    return sis ? static_cast<std::int64_t>(sis->values.size()) : 0;
}

/// Floats as the shortest decimals that read back as the same float.
json number(float value) {
    if (!std::isfinite(value))
        return nullptr;
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", static_cast<double>(value));
    return std::strtod(text, nullptr);
}

json valuesOf(const Series& series) {
    json values = json::array();
    const auto width = static_cast<std::size_t>(series.width);
    for (std::size_t first = 0; first < series.values.size(); first += width) {
        if (width == 1) {
            values.push_back(number(series.values[first]));
            continue;
        }
        json row = json::array();
        for (std::size_t offset = 0; offset < width; ++offset)
            row.push_back(number(series.values[first + offset]));
        values.push_back(std::move(row));
    }
    return values;
}

json number(double value) {
    return std::isfinite(value) ? json(value) : json(nullptr);
}

json intervalOf(const Interval& interval) {
    return json::array({number(interval.low), number(interval.high)});
}

json relationJson(const SisAndGap& relation, const LargeGaps& largeGaps) {
    const auto estimate = [](const Interval& steps, const Interval& episodes) {
        return json{{"value", number(steps.value)},
                    {"interval_over_steps", intervalOf(steps)},
                    {"interval_over_episodes", intervalOf(episodes)}};
    };
    const Correlation& correlation = relation.correlation;
    const Detector& detector = relation.detector;
    json large{{"above", number(detector.gapAbove)},
               {"count", detector.large},
               {"base_rate", number(detector.baseRate)},
               {"average_precision", number(detector.averagePrecision)},
               {"at_threshold",
                {{"sis_above", number(detector.atThreshold.score)},
                 {"precision", number(detector.atThreshold.precision)},
                 {"recall", number(detector.atThreshold.recall)},
                 {"steps", detector.atThreshold.raised}}},
               {"curve", json::array()}};
    if (!largeGaps.above)
        large["top_percent"] = largeGaps.topPercent;
    for (const DetectorPoint& point : detector.curve)
        large["curve"].push_back({{"sis_from", number(point.score)},
                                  {"recall", number(point.recall)},
                                  {"precision", number(point.precision)}});
    return {{"steps", correlation.steps},
            {"episodes", correlation.episodes},
            {"pearson", estimate(correlation.pearson, correlation.pearsonOverEpisodes)},
            {"spearman", estimate(correlation.spearman, correlation.spearmanOverEpisodes)},
            {"large_gaps", std::move(large)}};
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos)
        return text;
    std::string result = "\"";
    for (const char character : text)
        result += character == '"' ? std::string("\"\"") : std::string(1, character);
    return result + "\"";
}

}  // namespace

const Series* EpisodeReport::find(const std::string& wanted) const {
    for (const Series& candidate : series)
        if (candidate.name == wanted)
            return &candidate;
    return nullptr;
}

void AnalysisReport::updateThreshold() {
    std::vector<float> all;
    for (const auto& episode : episodes)
        if (const Series* sis = episode.find(series::kSis))
            all.insert(all.end(), sis->values.begin(), sis->values.end());
    threshold = criticalThreshold(all, topPercent);
}

void addLargeGapOptions(CLI::App& command, LargeGaps& options) {
    command
        .add_option("--large-gaps", options.topPercent,
                    "The top p % of gaps are large: how well SIS foretells them is measured")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    command.add_option("--gap-above", options.above, "Gaps above this value are large, instead of the top p %");
}

std::optional<SisAndGap> AnalysisReport::sisAndGap() const {
    std::vector<PairedSeries> pairs;
    std::vector<float> gaps;
    for (const auto& episode : episodes) {
        const Series* sis = episode.find(series::kSis);
        const Series* gap = episode.find(series::kGap);
        if (!sis || !gap || sis->values.size() != gap->values.size())
            continue;
        pairs.push_back({sis->values, gap->values});
        gaps.insert(gaps.end(), gap->values.begin(), gap->values.end());
    }
    if (pairs.empty())
        return std::nullopt;
    const double above = largeGaps.above.value_or(criticalThreshold(gaps, largeGaps.topPercent));
    return SisAndGap{correlate(pairs), detectLargeGaps(pairs, above, threshold)};
}

json AnalysisReport::toJson() const {
    json result = about;
    result["top_percent"] = topPercent;
    result["threshold"] = std::isfinite(threshold) ? json(threshold) : json(nullptr);
    if (const auto relation = sisAndGap())
        result["sis_and_gap"] = relationJson(*relation, largeGaps);
    result["episodes"] = json::array();
    for (const auto& episode : episodes) {
        json entry{{"episode", episode.name}, {"critical", json::array()}, {"sis", json::array()}};
        for (const Series& values : episode.series)
            entry[values.name] = valuesOf(values);
        if (const Series* sis = episode.find(series::kSis))
            for (const float value : sis->values)
                entry["critical"].push_back(value > threshold);
        if (!episode.problems.empty()) {
            entry["problems"] = json::array();
            for (const auto& [step, message] : episode.problems)
                entry["problems"].push_back({{"step", step}, {"message", message}});
        }
        result["episodes"].push_back(std::move(entry));
    }
    return result;
}

void AnalysisReport::writeCsv(std::ostream& stream) const {
    // Every episode has the columns of the first one that has steps.
    const EpisodeReport* model = nullptr;
    for (const auto& episode : episodes)
        if (!model && stepsOf(episode) > 0)
            model = &episode;
    stream << "episode,step,critical";
    if (model)
        for (const Series& values : model->series)
            for (std::int64_t column = 0; column < values.width; ++column)
                stream << ',' << quoted(values.width == 1 ? values.name : values.name + "/" + std::to_string(column));
    stream << '\n';
    stream.precision(9);
    for (const auto& episode : episodes) {
        for (std::int64_t step = 0; step < stepsOf(episode); ++step) {
            const float sis = episode.find(series::kSis)->values[static_cast<std::size_t>(step)];
            stream << quoted(episode.name) << ',' << step << ',' << (sis > threshold ? 1 : 0);
            for (const Series& column : model->series) {
                const Series* values = episode.find(column.name);
                for (std::int64_t offset = 0; offset < column.width; ++offset) {
                    stream << ',';
                    const auto index = static_cast<std::size_t>(step * column.width + offset);
                    if (values && index < values->values.size() && std::isfinite(values->values[index]))
                        stream << values->values[index];
                }
            }
            stream << '\n';
        }
    }
}

}  // namespace sqil::cli
