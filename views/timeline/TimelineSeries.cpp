#include "views/timeline/TimelineSeries.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <cmath>
#include <limits>

#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr qint64 kFillMilliseconds = 5;  ///< at a time, between events

}  // namespace

TimelineSeries::TimelineSeries(StudioSession& session, QObject* parent) : QObject(parent), session_(session) {
    filling_.setSingleShot(true);
    filling_.setInterval(0);
    connect(&filling_, &QTimer::timeout, this, &TimelineSeries::fill);
}

void TimelineSeries::show(Scope scope, int episode, std::vector<LaneChoice> choices) {
    scope_ = scope;
    choices_ = std::move(choices);
    episodes_.clear();
    offsets_ = {0};
    const Selection& selection = session_.selection();
    for (int index = 0; index < selection.episodeCount(); ++index)
        if (selection.stepsOf(index) > 0 && (scope == Scope::DataSet || index == episode)) {
            episodes_.push_back(index);
            offsets_.push_back(offsets_.back() + selection.stepsOf(index));
        }
    curves_.clear();
    for (const LaneChoice& choice : choices_) {
        auto& curves = curves_.emplace_back();
        for (const LaneChoice::Source& source : choice.sources)
            curves.push_back({std::make_shared<SeriesPyramid>(SeriesPyramid::missing(std::size_t(steps()))), &source});
    }
    critical_.reset();
    waiting_.clear();
    isWaiting_.assign(episodes_.size(), 0);
    updateAll();
    fill();  // the first moment's worth at once: an episode is all there
}

void TimelineSeries::wait(std::size_t place) {
    if (!std::exchange(isWaiting_[place], 1))
        waiting_.push_back(place);
    if (!filling_.isActive())
        filling_.start();
}

void TimelineSeries::updateEpisode(int episode) {
    const auto place = std::lower_bound(episodes_.begin(), episodes_.end(), episode);
    if (place != episodes_.end() && *place == episode)
        wait(std::size_t(place - episodes_.begin()));
}

void TimelineSeries::updateAll() {
    for (std::size_t place = 0; place < episodes_.size(); ++place)
        wait(place);
}

void TimelineSeries::fillEpisode(std::size_t place) {
    const EpisodeResults& results = session_.results().episode(episodes_[place]);
    const auto first = std::size_t(offsets_[place]);
    for (auto& curves : curves_)
        for (Curve& curve : curves) {
            scratch_.assign(std::size_t(offsets_[place + 1] - offsets_[place]),
                            std::numeric_limits<float>::quiet_NaN());
            curve.source->copy(results, scratch_);
            curve.values->replace(first, scratch_);
        }
}

void TimelineSeries::fill() {
    QElapsedTimer timer;
    timer.start();
    do {  // one at least, however busy the machine is: a single episode is there at once
        if (waiting_.empty())
            break;
        const std::size_t place = waiting_.front();
        waiting_.pop_front();
        isWaiting_[place] = 0;
        fillEpisode(place);
    } while (timer.elapsed() < kFillMilliseconds);
    if (waiting_.empty()) {
        filling_.stop();
        updateThreshold();
    } else {
        filling_.start();
    }
    emit valuesChanged();
}

void TimelineSeries::updateThreshold() {
    for (std::size_t index = 0; index < choices_.size(); ++index)
        if (choices_[index].lane.key == kSisLane)
            critical_ =
                std::make_shared<StepCounts>(curves_[index][0].values->values(), session_.results().threshold());
    emit criticalChanged();
}

std::vector<TimelineSegment> TimelineSeries::segments() const {
    std::vector<TimelineSegment> segments;
    const RolloutsInfo* info = session_.rolloutsInfo();
    for (std::size_t place = 0; info && place < episodes_.size(); ++place) {
        const EpisodeInfo& episode = info->episodes[std::size_t(episodes_[place])];
        segments.push_back({offsets_[place], toQString(episode.name), episode.success});
    }
    return segments;
}

qint64 TimelineSeries::timelineStep(int episode, qint64 step) const {
    const auto place = std::lower_bound(episodes_.begin(), episodes_.end(), episode);
    return place != episodes_.end() && *place == episode ? offsets_[std::size_t(place - episodes_.begin())] + step : -1;
}

std::pair<int, qint64> TimelineSeries::placeOf(qint64 timelineStep) const {
    if (episodes_.empty())
        return {-1, 0};
    timelineStep = std::clamp<qint64>(timelineStep, 0, steps() - 1);
    const auto after = std::upper_bound(offsets_.begin(), offsets_.end(), timelineStep);
    const auto place = std::size_t(after - offsets_.begin()) - 1;
    return {episodes_[place], timelineStep - offsets_[place]};
}

std::vector<TimelineLane> TimelineSeries::lanes() const {
    std::vector<TimelineLane> lanes;
    for (std::size_t index = 0; index < choices_.size(); ++index) {
        TimelineLane lane = choices_[index].lane;
        for (const Curve& curve : curves_[index])
            lane.series.push_back({curve.source->name, curve.source->colour, curve.values});
        if (lane.key == kSisLane && std::isfinite(session_.results().threshold())) {
            lane.threshold = session_.results().threshold();
            lane.thresholdLabel = thresholdLabel(*lane.threshold);
        }
        if (lane.key == kGapLane && std::isfinite(session_.results().divergenceThreshold()))
            lane.threshold = session_.results().divergenceThreshold();
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

QString thresholdLabel(double threshold) {
    return QCoreApplication::translate("Timeline", "T %1").arg(significant(threshold));
}

}  // namespace sqil
