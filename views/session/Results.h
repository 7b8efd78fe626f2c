#pragma once
#include <QObject>
#include <QTimer>
#include <vector>

#include "views/session/EpisodeResults.h"
#include "views/session/SortedValues.h"

namespace sqil {

/// What an episode's numbers come to; NaN and −1: nothing known yet.
struct EpisodeSummary {
    double meanSis = 0, largestSis = 0;
    double largestGap = 0;  ///< of the primary compared policy
    qint64 stepOfLargestGap = -1;
    qint64 criticalStates = 0;
};

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
    void merge(int firstEpisode, const std::vector<EpisodeResults>& results);
    void putStep(int episode, qint64 step, const StepResult& result);
    void putActions(int episode, const std::vector<StepResult>& results);

    bool isCompared() const { return compared_ > 0; }
    std::size_t comparedCount() const { return compared_; }
    const EpisodeResults& episode(int index) const;        ///< empty for −1
    const StepMaps* maps(int episode, qint64 step) const;  ///< null: not there yet

    double threshold() const { return threshold_; }  ///< NaN: nothing computed yet
    bool isCritical(int episode, qint64 step) const;
    qint64 criticalStates() const { return qint64(sis_.countAbove(threshold_)); }  ///< of the whole data set
    /// The share of states with a SIS above this, in percent: the inverse of threshold().
    double topPercentOf(double sis) const { return sis_.topPercentOf(sis); }
    /// Above it a gap of the primary policy is one of the largest 5 % of the whole data set: the policies
    /// diverge. NaN where none is known.
    double divergenceThreshold() const { return gaps_.threshold(kDivergentPercent); }
    static constexpr double kDivergentPercent = 5;
    /// The episode's first step whose gap is above divergenceThreshold(); −1: none.
    qint64 firstDivergence(int episode) const;
    EpisodeSummary summary(int episode) const;
    /// What nearly all values lie below (99.5 %): the top of a scale that outliers do not flatten.
    double scaleOfSis() const { return sis_.threshold(0.5); }
    double scaleOfGap() const { return gaps_.threshold(0.5); }
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
    void episodesUpdated();                      ///< of many episodes, instead of as many episodeUpdated()
    void mapsUpdated(int episode, qint64 step);  ///< step −1: many
    void thresholdChanged();

private:
    void touch(int episode);
    void recount(int episode);
    void updateThreshold();
    void addScale(const StepMaps& maps);
    void announce();
    void mergeOne(int episode, const EpisodeResults& results);
    void takeNew(const std::vector<float>& before, const std::vector<float>& now, std::vector<float>& added);
    void sortNew();
    void addNew();

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
    std::vector<char> isTouched_;
    SortedValues sis_, gaps_;
    std::vector<float> newSis_, newGaps_;  ///< not in the sorted ones yet
    bool hasChanged_ = false;              ///< a number that was known is another one now: sorted anew
    mutable std::vector<std::optional<EpisodeSummary>> summaries_;
    QTimer announcing_;
};

}  // namespace sqil
