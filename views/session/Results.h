#pragma once
#include <QObject>
#include <QTimer>
#include <vector>

#include "views/session/EpisodeResults.h"

namespace sqil {

/// What has been computed for the comparison on screen. Lives on the GUI thread; filled from
/// the project file and by the analysis as it goes.
class Results : public QObject {
    Q_OBJECT
public:
    explicit Results(QObject* parent = nullptr);

    /// Another comparison: the episodes' lengths, and how many policies are compared with the reference.
    void reset(std::vector<qint64> steps, std::size_t compared);
    void setTopPercent(double percent);
    /// Saliency maps are kept of this episode only.
    void setMapsOf(int episode);

    void merge(int episode, const EpisodeResults& results);
    void putStep(int episode, qint64 step, const StepResult& result);
    void putActions(int episode, const std::vector<StepResult>& results);

    bool isCompared() const { return compared_ > 0; }
    std::size_t comparedCount() const { return compared_; }
    const EpisodeResults& episode(int index) const;        ///< empty for −1
    const StepMaps* maps(int episode, qint64 step) const;  ///< null: not there yet

    double threshold() const { return threshold_; }  ///< NaN: nothing computed yet
    bool isCritical(int episode, qint64 step) const;
    qint64 analysedSteps() const { return analysed_; }
    qint64 totalSteps() const { return total_; }
    bool isComplete(int episode) const;
    double meanSis(int episode) const;  ///< of the steps known; NaN: none
    /// Of a compared policy by its place in Comparison::compared(); 0 is the primary one.
    double largestGap(int episode, std::size_t compared = 0) const;
    qint64 stepOfLargestGap(int episode, std::size_t compared = 0) const;  ///< −1: none known

    /// Largest score of the episode's maps so far.
    double largestScore() const { return largestScore_; }
    double largestDifference() const { return largestDifference_; }

signals:
    void wasReset();
    void episodeUpdated(int episode);            ///< numbers of it have changed; at most 20 times a second
    void mapsUpdated(int episode, qint64 step);  ///< step −1: many
    void thresholdChanged();

private:
    void touch(int episode);
    void recount(int episode);
    void updateThreshold();
    void addScale(const StepMaps& maps);
    void announce();

    std::vector<EpisodeResults> episodes_;
    std::vector<qint64> steps_;
    std::vector<qint64> analysedOf_;
    std::size_t compared_ = 0;
    int mapsOf_ = -1;
    double topPercent_ = 20;
    double threshold_ = 0;
    qint64 analysed_ = 0, total_ = 0;
    double largestScore_ = 0, largestDifference_ = 0;
    std::vector<int> touched_;
    QTimer announcing_;
};

}  // namespace sqil
