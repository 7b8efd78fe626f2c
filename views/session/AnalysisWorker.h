#pragma once
#include <QThread>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "views/session/Comparison.h"
#include "views/session/EpisodeResults.h"
#include "views/session/StoredResults.h"

namespace sqil {

/// How far the analysis of the whole data set is.
struct WorkerProgress {
    qint64 done = 0, total = 0;  ///< states
    double secondsLeft = 0;      ///< NaN: not known yet
    QString episode;             ///< being analysed
    bool paused = false;
};

/// Computes what is missing, off the GUI thread: the state on screen first, then its neighbours,
/// then the rest of its episode, then the other episodes. Everything goes into the project
/// file before it is announced, with a connection and an Analyzer of this thread's own.
class AnalysisWorker : public QThread {
    Q_OBJECT
public:
    explicit AnalysisWorker(QObject* parent = nullptr);
    ~AnalysisWorker() override;  ///< stores what was computed, ends the thread

    void setComparison(const Comparison& comparison);
    void clearComparison();
    void setFocus(int episode, qint64 step);
    void setPaused(bool paused);
    void recompute();  ///< everything, replacing what is stored

    /// States computed since the start, those taken from the project file not counted.
    qint64 computedStates() const { return computed_.load(); }

signals:
    void stepAnalysed(int comparison, int episode, qint64 step, const sqil::StepResult& result);
    void actionsComputed(int comparison, int episode, const std::vector<sqil::StepResult>& results);
    void progressChanged(int comparison, const sqil::WorkerProgress& progress);
    void finished(int comparison);
    void stepProblem(int comparison, const QString& message);
    void failed(int comparison, const QString& message);
    /// The stored results are older than the files they were computed from.
    void resultsOutdated(int comparison);

protected:
    void run() override;

private:
    struct Orders {  ///< from the GUI thread, under the lock
        Comparison comparison;
        bool hasComparison = false;
        int episode = -1;
        qint64 step = 0;
        bool paused = false;
        bool recompute = false;
        bool stop = false;
    };
    struct EpisodeState {
        bool loaded = false, dirty = false, actionsDone = false;
        bool actionsDirty = false;  ///< those of the other compared policies, too
        EpisodeResults results;
        std::vector<char> hasMaps;
        std::vector<char> given;  ///< up: was tried and cannot be computed
        qint64 done = 0;          ///< steps with numbers, or given up
    };
    struct Task {
        std::size_t episode = 0;
        qint64 step = -1;  ///< −1: the actions of the whole episode
    };

    bool open();
    bool openAnalyzer();
    void compareOthers();
    bool adoptAnalysis();
    Result<RecordId> analysisOf(const Comparison& pair, bool isNew);
    bool lacksActions(const EpisodeState& state) const;
    void checkAge();
    EpisodeState& load(std::size_t episode);
    bool isMissing(std::size_t episode, qint64 step, bool mapsToo);
    std::optional<qint64> nearestMissing(std::size_t episode, qint64 from, bool mapsToo);
    std::optional<Task> pick(const Orders& orders);
    void perform(const Task& task);
    void computeActions(std::size_t episode);
    void computeStep(std::size_t episode, qint64 step);
    void giveUp(const QString& message);
    void flush();
    void reportProgress(const Orders& orders, std::size_t episode);
    void recount(EpisodeState& state, std::size_t episode);
    void forget();
    std::size_t stepsOf(std::size_t episode) const;

    std::mutex mutex_;
    std::condition_variable wake_;
    Orders orders_;
    std::atomic<qint64> computed_{0};

    // The working thread's own.
    Comparison comparison_;
    std::unique_ptr<Project> project_;
    std::unique_ptr<Analyzer> analyzer_;
    StoredAnalyses analyses_;
    /// Of the other compared policies, those that can be read: StepResult::others is in this order.
    std::vector<std::size_t> others_;
    std::vector<EpisodeState> episodes_;
    bool opened_ = false, broken_ = false, announcedFinish_ = false, recomputing_ = false;
    qint64 done_ = 0, total_ = 0;  ///< states, over all episodes
    double secondsAStep_ = 0;
    qint64 lastFlush_ = 0, lastReport_ = 0;
};

}  // namespace sqil

Q_DECLARE_METATYPE(sqil::StepResult)
Q_DECLARE_METATYPE(sqil::WorkerProgress)
