#include "views/session/Results.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sqil {
namespace {
constexpr int kAnnounceMilliseconds = 50;
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

void Results::merge(int index, const EpisodeResults& results) {
    if (index < 0 || std::size_t(index) >= episodes_.size())
        return;
    auto& mine = episodes_[std::size_t(index)];
    mine.merge(results);
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
    mine.put(at, static_cast<std::size_t>(steps_[std::size_t(index)]), result);
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
    for (std::size_t step = 0; step < std::min(steps, results.size()); ++step)
        episodes_[std::size_t(index)].putAction(step, steps, results[step]);
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
    if (std::find(touched_.begin(), touched_.end(), index) == touched_.end())
        touched_.push_back(index);
    if (!announcing_.isActive())
        announcing_.start();
}

void Results::announce() {
    updateThreshold();
    for (const int index : std::exchange(touched_, {}))
        emit episodeUpdated(index);
}

void Results::updateThreshold() {
    std::vector<float> all;
    all.reserve(static_cast<std::size_t>(total_));
    for (const auto& results : episodes_)
        all.insert(all.end(), results.sis.begin(), results.sis.end());
    const double threshold = criticalThreshold(all, topPercent_);
    if (threshold == threshold_ || (std::isnan(threshold) && std::isnan(threshold_)))
        return;
    threshold_ = threshold;
    emit thresholdChanged();
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
    double sum = 0;
    qint64 count = 0;
    for (const float value : episode(index).sis)
        if (std::isfinite(value)) {
            sum += value;
            ++count;
        }
    return count > 0 ? sum / double(count) : std::nan("");
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
