#pragma once
#include <QObject>
#include <QTimer>
#include <deque>

#include "views/timeline/LaneChoices.h"

namespace sqil {

/// The numbers behind the timeline's lanes: of one episode, or of all of them one after the other. They are kept up to
/// date a few milliseconds at a time, so that a million steps come in without the window waiting. Lives on the GUI
/// thread.
class TimelineSeries : public QObject {
    Q_OBJECT
public:
    enum class Scope { Episode, DataSet };

    explicit TimelineSeries(StudioSession& session, QObject* parent = nullptr);

    /// One episode (−1: none), or all. Everything is read anew; what fits into a moment at once.
    void show(Scope scope, int episode, std::vector<LaneChoice> choices);
    void updateEpisode(int episode);
    void updateAll();
    void updateThreshold();

    Scope scope() const { return scope_; }
    qint64 steps() const { return offsets_.empty() ? 0 : offsets_.back(); }
    bool isFilling() const { return !waiting_.empty(); }
    std::vector<TimelineSegment> segments() const;
    /// Of a place, on the timeline; −1: not on it. And back.
    qint64 timelineStep(int episode, qint64 step) const;
    std::pair<int, qint64> placeOf(qint64 timelineStep) const;

    const std::vector<LaneChoice>& choices() const { return choices_; }
    std::vector<TimelineLane> lanes() const;
    std::shared_ptr<const StepCounts> critical() const { return critical_; }

signals:
    void valuesChanged();
    void criticalChanged();

private:
    struct Curve {
        std::shared_ptr<SeriesPyramid> values;
        const LaneChoice::Source* source = nullptr;
    };

    void fill();
    void fillEpisode(std::size_t place);
    void wait(std::size_t place);

    StudioSession& session_;
    Scope scope_ = Scope::Episode;
    std::vector<LaneChoice> choices_;
    std::vector<std::vector<Curve>> curves_;  ///< as choices_ and their sources
    std::vector<int> episodes_;               ///< on the timeline, in order
    std::vector<qint64> offsets_;             ///< of each, and the end
    std::vector<float> scratch_;
    std::deque<std::size_t> waiting_;  ///< places in episodes_ whose numbers are to be read
    std::vector<char> isWaiting_;
    std::shared_ptr<const StepCounts> critical_;
    QTimer filling_;
};

/// The label of the SIS threshold: "T 0.0123".
QString thresholdLabel(double threshold);

}  // namespace sqil
