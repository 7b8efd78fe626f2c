#include "views/session/EpisodeResults.h"

#include <cmath>
#include <limits>

#include "core/project/SeriesNames.h"

namespace sqil {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
const std::vector<float> kNone;
const std::string kSisPrefix = "sis/";

void fillMissing(std::vector<float>& values, const std::vector<float>& from) {
    if (values.size() < from.size())
        values.resize(from.size(), kMissing);
    for (std::size_t index = 0; index < from.size(); ++index)
        if (!std::isfinite(values[index]))
            values[index] = from[index];
}

void putRow(std::vector<float>& values, std::size_t width, std::size_t step, std::size_t steps,
            const std::vector<float>& row) {
    if (width == 0 || row.size() != width)
        return;
    values.resize(steps * width, kMissing);
    std::copy(row.begin(), row.end(), values.begin() + static_cast<std::ptrdiff_t>(step * width));
}

bool knownAt(const std::vector<float>& values, std::size_t step) {
    return step < values.size() && std::isfinite(values[step]);
}

}  // namespace

const std::vector<float>& EpisodeResults::gapOf(std::size_t compared) const {
    return compared == 0 ? gap : compared <= others.size() ? others[compared - 1].gap : kNone;
}

const std::vector<float>& EpisodeResults::actionOf(std::size_t compared) const {
    return compared == 0 ? quantizedAction : compared <= others.size() ? others[compared - 1].action : kNone;
}

void EpisodeResults::resize(std::size_t steps) {
    for (auto* series : {&sis, &gap, &divergence})
        series->resize(steps, kMissing);
    for (auto& [name, series] : sisOfModality)
        series.resize(steps, kMissing);
}

void EpisodeResults::putAction(std::size_t step, std::size_t steps, const StepResult& result) {
    resize(steps);
    if (width == 0)
        width = result.action.size();
    putRow(action, width, step, steps, result.action);
    putRow(quantizedAction, width, step, steps, result.quantizedAction);
    gap[step] = result.gap;
    if (others.size() < result.others.size())
        others.resize(result.others.size());
    for (std::size_t index = 0; index < result.others.size(); ++index) {
        others[index].gap.resize(steps, kMissing);
        others[index].gap[step] = result.others[index].gap;
        putRow(others[index].action, width, step, steps, result.others[index].action);
    }
}

void EpisodeResults::put(std::size_t step, std::size_t steps, const StepResult& result) {
    putAction(step, steps, result);
    sis[step] = result.sis;
    divergence[step] = result.divergence;
    for (std::size_t index = 0; index < result.saliency.size() && index < result.sisOfModality.size(); ++index) {
        auto& series = sisOfModality[result.saliency[index].input];
        series.resize(steps, kMissing);
        series[step] = result.sisOfModality[index];
    }
    if (!result.saliency.empty())
        maps[static_cast<qint64>(step)] = {result.saliency, result.quantizedSaliency};
}

void EpisodeResults::merge(const EpisodeResults& other) {
    fillMissing(sis, other.sis);
    fillMissing(gap, other.gap);
    fillMissing(divergence, other.divergence);
    for (const auto& [name, series] : other.sisOfModality)
        fillMissing(sisOfModality[name], series);
    if (width == 0)
        width = other.width;
    if (width == other.width) {
        fillMissing(action, other.action);
        fillMissing(quantizedAction, other.quantizedAction);
    }
    if (others.size() < other.others.size())
        others.resize(other.others.size());
    for (std::size_t index = 0; index < other.others.size(); ++index) {
        fillMissing(others[index].gap, other.others[index].gap);
        if (width == other.width)
            fillMissing(others[index].action, other.others[index].action);
    }
    maps.insert(other.maps.begin(), other.maps.end());
}

bool EpisodeResults::hasNumbers(std::size_t step, bool compared) const {
    return knownAt(sis, step) && (!compared || knownAt(gap, step));
}

std::size_t EpisodeResults::stepsWithNumbers(bool compared) const {
    std::size_t count = 0;
    for (std::size_t step = 0; step < sis.size(); ++step)
        count += hasNumbers(step, compared);
    return count;
}

EpisodeResults fromSeries(const std::vector<Series>& all, std::size_t steps) {
    EpisodeResults results;
    for (const Series& one : all) {
        if (one.width < 1 || one.values.size() != steps * static_cast<std::size_t>(one.width))
            continue;
        if (one.name == series::kSis)
            results.sis = one.values;
        else if (one.name == series::kGap)
            results.gap = one.values;
        else if (one.name == series::kDivergence)
            results.divergence = one.values;
        else if (one.name.starts_with(kSisPrefix))
            results.sisOfModality[one.name.substr(kSisPrefix.size())] = one.values;
        else if (one.name == series::kAction || one.name == series::kQuantizedAction) {
            const auto width = static_cast<std::size_t>(one.width);
            if (results.width != 0 && results.width != width)
                continue;
            results.width = width;
            (one.name == series::kAction ? results.action : results.quantizedAction) = one.values;
        }
    }
    results.resize(steps);
    return results;
}

std::vector<Series> toSeries(const EpisodeResults& results, bool compared) {
    std::vector<Series> all{{series::kSis, 1, results.sis}};
    for (const auto& [name, values] : results.sisOfModality)
        all.push_back({series::sisOf(name), 1, values});
    const auto width = static_cast<std::int64_t>(std::max<std::size_t>(1, results.width));
    if (!results.action.empty())
        all.push_back({series::kAction, width, results.action});
    if (compared) {
        all.push_back({series::kGap, 1, results.gap});
        all.push_back({series::kDivergence, 1, results.divergence});
        if (!results.quantizedAction.empty())
            all.push_back({series::kQuantizedAction, width, results.quantizedAction});
    }
    return all;
}

ComparedSeries comparedFromSeries(const std::vector<Series>& series, std::size_t steps) {
    EpisodeResults all = fromSeries(series, steps);
    return {std::move(all.gap), std::move(all.quantizedAction)};
}

std::vector<Series> toSeries(const EpisodeResults& results, const ComparedSeries& other) {
    const auto width = static_cast<std::int64_t>(std::max<std::size_t>(1, results.width));
    std::vector<Series> all{{series::kGap, 1, other.gap}};
    if (!results.action.empty())
        all.push_back({series::kAction, width, results.action});
    if (!other.action.empty())
        all.push_back({series::kQuantizedAction, width, other.action});
    return all;
}

StepMaps fromRecords(const std::vector<MapRecord>& records) {
    StepMaps maps;
    for (const MapRecord& record : records)
        (record.policyRole == "fp" ? maps.fullPrecision : maps.quantized)
            .push_back({record.input, record.rows, record.columns, record.scores});
    return maps;
}

std::vector<MapRecord> toRecords(const StepMaps& maps) {
    std::vector<MapRecord> records;
    for (const PlaceScores& map : maps.fullPrecision)
        records.push_back({"fp", map.input, map.rows, map.columns, map.scores});
    for (const PlaceScores& map : maps.quantized)
        records.push_back({"quantized", map.input, map.rows, map.columns, map.scores});
    return records;
}

}  // namespace sqil
