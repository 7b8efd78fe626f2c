#include "views/session/Selection.h"

#include <algorithm>

namespace sqil {

void Selection::setEpisodes(std::vector<qint64> steps) {
    steps_ = std::move(steps);
    episode_ = -1;
    step_ = 0;
    emit episodesChanged();
    emit episodeChanged(episode_);
    emit stepChanged(step_);
    clearBrushed();
}

qint64 Selection::stepsOf(int episode) const {
    return episode >= 0 && episode < episodeCount() ? steps_[static_cast<std::size_t>(episode)] : 0;
}

void Selection::setEpisode(int episode, qint64 step) {
    if (stepsOf(episode) == 0)
        return;
    if (episode == episode_) {
        setStep(step);
        return;
    }
    episode_ = episode;
    step_ = std::clamp<qint64>(step, 0, steps() - 1);
    emit episodeChanged(episode_);
    emit stepChanged(step_);
}

void Selection::setStep(qint64 step) {
    step = std::clamp<qint64>(step, 0, std::max<qint64>(0, steps() - 1));
    if (step == step_)
        return;
    step_ = step;
    emit stepChanged(step_);
}

void Selection::moveEpisode(int by) {
    for (int episode = episode_ + by; episode >= 0 && episode < episodeCount(); episode += by)
        if (stepsOf(episode) > 0) {
            setEpisode(episode);
            return;
        }
}

void Selection::setMapMode(MapMode mode) {
    if (mode == mapMode_)
        return;
    mapMode_ = mode;
    emit mapModeChanged(mode);
}

void Selection::setTopPercent(double percent) {
    percent = std::clamp(percent, 0.1, 99.9);
    if (percent == topPercent_)
        return;
    topPercent_ = percent;
    emit topPercentChanged(percent);
}

void Selection::setBrushed(const StepSet& steps) {
    if (steps == brushed_)
        return;
    brushed_ = steps;
    emit brushedChanged();
}

}  // namespace sqil
