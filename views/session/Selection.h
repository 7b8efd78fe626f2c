#pragma once
#include <QObject>
#include <vector>

#include "views/session/StepSet.h"

namespace sqil {

/// Which saliency is shown over the frames.
enum class MapMode { FullPrecision = 1, Quantized, Difference, SideBySide, Everything };

/// The one owner of what is being looked at: episode, step, map, brushed steps. Views follow it and
/// change it; none talks to another. Lives on the GUI thread.
class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Another data set: its episodes' lengths. Nothing is selected until setEpisode().
    void setEpisodes(std::vector<qint64> steps);
    int episodeCount() const { return static_cast<int>(steps_.size()); }
    qint64 stepsOf(int episode) const;

    int episode() const { return episode_; }  ///< −1: none
    qint64 step() const { return step_; }
    qint64 steps() const { return stepsOf(episode_); }
    MapMode mapMode() const { return mapMode_; }
    double topPercent() const { return topPercent_; }  ///< p of the critical states
    /// Steps picked out in one view (a rubber band in the scatter plot, say), which all views show.
    const StepSet& brushed() const { return brushed_; }

public slots:
    /// An episode without steps, or one that is not there, is not taken.
    void setEpisode(int episode, qint64 step = 0);
    void setStep(qint64 step);  ///< kept within the episode
    void moveStep(qint64 by) { setStep(step_ + by); }
    void moveEpisode(int by);  ///< skips empty episodes
    void setMapMode(sqil::MapMode mode);
    void setTopPercent(double percent);
    void setBrushed(const sqil::StepSet& steps);
    void clearBrushed() { setBrushed({}); }

signals:
    void episodesChanged();
    void episodeChanged(int episode);
    void stepChanged(qint64 step);
    void mapModeChanged(sqil::MapMode mode);
    void topPercentChanged(double percent);
    void brushedChanged();

private:
    std::vector<qint64> steps_;
    int episode_ = -1;
    qint64 step_ = 0;
    MapMode mapMode_ = MapMode::SideBySide;
    double topPercent_ = 20;
    StepSet brushed_;
};

}  // namespace sqil
