#include "views/session/Results.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sqil {
namespace {
constexpr int kAnnounceMilliseconds = 50;
constexpr std::size_t kManyEpisodes = 64;  ///< from so many on, one signal tells of all
const EpisodeResults kNoResults;
}  // namespace

Results::Results(QObject* parent) : QObject(parent), threshold_(std::nan("")) {
    announcing_.setSingleShot(true);
    announcing_.setInterval(kAnnounceMilliseconds);
    connect(&announcing_, &QTimer::timeout, this, &Results::announce);
}

void Results::reset(std::vector<qint64> steps, std::size_t compared) {
    steps_ = std::move(steps);
    compared_ = compared;
    episodes_.assign(steps_.size(), {});
    for (std::size_t index = 0; index < steps_.size(); ++index)
        episodes_[index].resize(static_cast<std::size_t>(steps_[index]));
    analysedOf_.assign(steps_.size(), 0);
    analysed_ = 0;
    total_ = std::accumulate(steps_.begin(), steps_.end(), qint64(0));
    mapsOf_ = -1;
    threshold_ = std::nan("");
    largestScore_ = largestDifference_ = 0;
    touched_.clear();
    isTouched_.assign(steps_.size(), 0);
    summaries_.assign(steps_.size(), std::nullopt);
    sis_.clear();
    gaps_.clear();
    newSis_.clear();
    newGaps_.clear();
    hasChanged_ = false;
    emit wasReset();
    emit thresholdChanged();
}

void Results::setTopPercent(double percent) {
    topPercent_ = percent;
    updateThreshold();
}

void Results::setMapsOf(int episode) {
    if (episode == mapsOf_)
        return;
    if (mapsOf_ >= 0 && std::size_t(mapsOf_) < episodes_.size())
        episodes_[std::size_t(mapsOf_)].maps.clear();
    mapsOf_ = episode;
    largestScore_ = largestDifference_ = 0;
}

const EpisodeResults& Results::episode(int index) const {
    return index >= 0 && std::size_t(index) < episodes_.size() ? episodes_[std::size_t(index)] : kNoResults;
}

const StepMaps* Results::maps(int index, qint64 step) const {
    const auto& maps = episode(index).maps;
    const auto found = maps.find(step);
    return found == maps.end() ? nullptr : &found->second;
}

/// Numbers that were not known before, for the sorted ones.
void Results::takeNew(const std::vector<float>& before, const std::vector<float>& now, std::vector<float>& added) {
    for (std::size_t step = 0; step < now.size(); ++step) {
        const bool had = step < before.size() && std::isfinite(before[step]);
        if (!had && std::isfinite(now[step]))
            added.push_back(now[step]);
        else if (had && before[step] != now[step])
            hasChanged_ = true;
    }
}

void Results::merge(int index, const EpisodeResults& results) {
    mergeOne(index, results);
}

void Results::merge(int firstEpisode, const std::vector<EpisodeResults>& results) {
    for (std::size_t index = 0; index < results.size(); ++index)
        mergeOne(firstEpisode + int(index), results[index]);
    addNew();  // a block at a time: a million values at once would take a moment
}

void Results::mergeOne(int index, const EpisodeResults& results) {
    if (index < 0 || std::size_t(index) >= episodes_.size())
        return;
    auto& mine = episodes_[std::size_t(index)];
    const std::vector<float> sis = mine.sis, gap = mine.gap;
    mine.merge(results);
    takeNew(sis, mine.sis, newSis_);
    takeNew(gap, mine.gap, newGaps_);
    if (index == mapsOf_) {
        for (const auto& [step, maps] : results.maps)
            addScale(maps);
        emit mapsUpdated(index, -1);
    } else {
        mine.maps.clear();
    }
    recount(index);
    touch(index);
}

void Results::putStep(int index, qint64 step, const StepResult& result) {
    if (index < 0 || std::size_t(index) >= episodes_.size() || step < 0 || step >= steps_[std::size_t(index)])
        return;
    auto& mine = episodes_[std::size_t(index)];
    const auto at = static_cast<std::size_t>(step);
    const bool had = mine.hasNumbers(at, isCompared());
    const std::vector<float> sis{mine.sis[at]}, gap{mine.gap[at]};
    mine.put(at, static_cast<std::size_t>(steps_[std::size_t(index)]), result);
    takeNew(sis, {mine.sis[at]}, newSis_);
    takeNew(gap, {mine.gap[at]}, newGaps_);
    const int gained = int(mine.hasNumbers(at, isCompared())) - int(had);
    analysedOf_[std::size_t(index)] += gained;
    analysed_ += gained;
    if (index == mapsOf_) {
        addScale(mine.maps[step]);
        emit mapsUpdated(index, step);
    } else {
        mine.maps.clear();
    }
    touch(index);
}

void Results::putActions(int index, const std::vector<StepResult>& results) {
    if (index < 0 || std::size_t(index) >= episodes_.size())
        return;
    const auto steps = static_cast<std::size_t>(steps_[std::size_t(index)]);
    auto& mine = episodes_[std::size_t(index)];
    const std::vector<float> gap = mine.gap;
    for (std::size_t step = 0; step < std::min(steps, results.size()); ++step)
        mine.putAction(step, steps, results[step]);
    takeNew(gap, mine.gap, newGaps_);
    recount(index);
    touch(index);
}

void Results::recount(int index) {
    const auto count = static_cast<qint64>(episodes_[std::size_t(index)].stepsWithNumbers(isCompared()));
    analysed_ += count - analysedOf_[std::size_t(index)];
    analysedOf_[std::size_t(index)] = count;
}

void Results::addScale(const StepMaps& maps) {
    for (const auto* list : {&maps.fullPrecision, &maps.quantized})
        for (const PlaceScores& map : *list)
            for (const float score : map.scores)
                if (std::isfinite(score))
                    largestScore_ = std::max(largestScore_, double(score));
    for (std::size_t index = 0; index < std::min(maps.fullPrecision.size(), maps.quantized.size()); ++index) {
        const auto& a = maps.fullPrecision[index].scores;
        const auto& b = maps.quantized[index].scores;
        for (std::size_t place = 0; place < std::min(a.size(), b.size()); ++place)
            if (std::isfinite(b[place] - a[place]))
                largestDifference_ = std::max(largestDifference_, double(std::abs(b[place] - a[place])));
    }
}

void Results::touch(int index) {
    summaries_[std::size_t(index)].reset();
    if (!std::exchange(isTouched_[std::size_t(index)], 1))
        touched_.push_back(index);
    if (!announcing_.isActive())
        announcing_.start();
}

void Results::announce() {
    updateThreshold();
    const auto touched = std::exchange(touched_, {});
    for (const int index : touched)
        isTouched_[std::size_t(index)] = 0;
    if (touched.size() > kManyEpisodes) {
        emit episodesUpdated();
        return;
    }
    for (const int index : touched)
        emit episodeUpdated(index);
}

void Results::sortNew() {
    if (std::exchange(hasChanged_, false)) {
        sis_.clear();
        gaps_.clear();
        newSis_.clear();
        newGaps_.clear();
        for (const auto& results : episodes_) {
            newSis_.insert(newSis_.end(), results.sis.begin(), results.sis.end());
            newGaps_.insert(newGaps_.end(), results.gap.begin(), results.gap.end());
        }
    }
    addNew();
}

void Results::addNew() {
    if (!newSis_.empty())
        sis_.add(std::exchange(newSis_, {}));
    if (!newGaps_.empty())
        gaps_.add(std::exchange(newGaps_, {}));
}

void Results::updateThreshold() {
    sortNew();
    const double threshold = sis_.threshold(topPercent_);
    if (threshold == threshold_ || (std::isnan(threshold) && std::isnan(threshold_)))
        return;
    threshold_ = threshold;
    for (auto& summary : summaries_)
        summary.reset();
    emit thresholdChanged();
}

qint64 Results::firstDivergence(int index) const {
    const auto& gap = episode(index).gap;
    const double threshold = divergenceThreshold();
    for (std::size_t step = 0; step < gap.size(); ++step)
        if (double(gap[step]) > threshold)
            return qint64(step);
    return -1;
}

EpisodeSummary Results::summary(int index) const {
    if (index < 0 || std::size_t(index) >= summaries_.size())
        return {std::nan(""), std::nan(""), std::nan(""), -1, 0};
    auto& kept = summaries_[std::size_t(index)];
    if (kept)
        return *kept;
    EpisodeSummary summary{0, std::nan(""), largestGap(index), stepOfLargestGap(index), 0};
    qint64 known = 0;
    for (const float value : episodes_[std::size_t(index)].sis) {
        if (!std::isfinite(value))
            continue;
        summary.meanSis += double(value);
        ++known;
        if (!(double(value) <= summary.largestSis))
            summary.largestSis = double(value);
        summary.criticalStates += double(value) > threshold_;
    }
    summary.meanSis = known > 0 ? summary.meanSis / double(known) : std::nan("");
    kept = summary;
    return summary;
}

bool Results::isCritical(int index, qint64 step) const {
    const auto& sis = episode(index).sis;
    return step >= 0 && std::size_t(step) < sis.size() && double(sis[std::size_t(step)]) > threshold_;
}

bool Results::isComplete(int index) const {
    return index >= 0 && std::size_t(index) < steps_.size() &&
           analysedOf_[std::size_t(index)] == steps_[std::size_t(index)];
}

double Results::meanSis(int index) const {
    return summary(index).meanSis;
}

qint64 Results::stepOfLargestGap(int index, std::size_t compared) const {
    const auto& gap = episode(index).gapOf(compared);
    qint64 best = -1;
    for (std::size_t step = 0; step < gap.size(); ++step)
        if (std::isfinite(gap[step]) && (best < 0 || gap[step] > gap[std::size_t(best)]))
            best = static_cast<qint64>(step);
    return best;
}

double Results::largestGap(int index, std::size_t compared) const {
    const qint64 step = stepOfLargestGap(index, compared);
    return step < 0 ? std::nan("") : double(episode(index).gapOf(compared)[std::size_t(step)]);
}

}  // namespace sqil
