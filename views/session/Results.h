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

    void reset(std::vector<qint64> steps, bool compared);
    void setTopPercent(double percent);
    /// Saliency maps are kept of this episode only.
    void setMapsOf(int episode);

    void merge(int episode, const EpisodeResults& results);
    void putStep(int episode, qint64 step, const StepResult& result);
    void putActions(int episode, const std::vector<StepResult>& results);

    bool isCompared() const { return compared_; }
    const EpisodeResults& episode(int index) const;        ///< empty for −1
    const StepMaps* maps(int episode, qint64 step) const;  ///< null: not there yet

    double threshold() const { return threshold_; }  ///< NaN: nothing computed yet
    bool isCritical(int episode, qint64 step) const;
    qint64 analysedSteps() const { return analysed_; }
    qint64 totalSteps() const { return total_; }
    bool isComplete(int episode) const;
    double meanSis(int episode) const;  ///< of the steps known; NaN: none
    double largestGap(int episode) const;
    qint64 stepOfLargestGap(int episode) const;  ///< −1: none known

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
    bool compared_ = false;
    int mapsOf_ = -1;
    double topPercent_ = 20;
    double threshold_ = 0;
    qint64 analysed_ = 0, total_ = 0;
    double largestScore_ = 0, largestDifference_ = 0;
    std::vector<int> touched_;
    QTimer announcing_;
};

}  // namespace sqil
