#pragma once
#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QUndoStack>
#include <deque>
#include <memory>

#include "core/policy/PolicyCard.h"
#include "core/quant/QuantSpec.h"
#include "views/session/AnalysisWorker.h"
#include "views/session/Bookmarks.h"
#include "views/session/JobTracker.h"
#include "views/session/Playback.h"
#include "views/session/ProjectContents.h"
#include "views/session/ProjectWatcher.h"
#include "views/session/Relocation.h"
#include "views/session/Results.h"
#include "views/session/Selection.h"
#include "views/session/StepProbe.h"
#include "views/session/StepReader.h"

namespace sqil {

class CardStudy;

/// An open project and everything that works on it: what is selected, what was computed, and the
/// threads that read and compute. Lives on the GUI thread; nothing in it blocks.
class StudioSession : public QObject {
    Q_OBJECT
public:
    explicit StudioSession(QObject* parent = nullptr);
    ~StudioSession() override;

    Selection& selection() { return selection_; }
    const Selection& selection() const { return selection_; }
    Results& results() { return results_; }
    const Results& results() const { return results_; }
    Bookmarks& bookmarks() { return bookmarks_; }
    const Bookmarks& bookmarks() const { return bookmarks_; }
    Playback& playback() { return playback_; }
    JobTracker& jobs() { return jobs_; }
    AnalysisWorker& analysis() { return worker_; }
    StepProbe& probe() { return probe_; }
    const StepProbe& probe() const { return probe_; }
    QUndoStack& undoStack() { return undo_; }

    bool hasProject() const { return !contents_.path.empty(); }
    const ProjectContents& contents() const { return contents_; }
    /// What is compared; its policy is valid where hasPolicy(), its rollouts where hasRollouts().
    const Comparison& comparison() const { return comparison_; }
    bool hasPolicy() const { return comparison_.policy.id != 0; }
    bool hasQuantized() const { return comparison_.quantized.has_value(); }
    /// The policies compared with the reference: 0 is the primary one (hasQuantized()), whose saliency
    /// is shown; the others are compared by their actions (EpisodeResults::gapOf(), actionOf()).
    std::size_t comparedCount() const { return comparison_.comparedCount(); }
    QString comparedName(std::size_t index) const;
    bool isCompared(RecordId policy) const;
    bool hasRollouts() const { return comparison_.rollouts != nullptr; }
    const RolloutsInfo* rolloutsInfo() const { return hasRollouts() ? &comparison_.rollouts->info() : nullptr; }
    const PolicyCard& card() const { return card_; }  ///< empty until cardChanged()
    double controlRate() const { return card_.controlRateHz; }
    const StepFrames& frames() const { return frames_; }
    const WorkerProgress& progress() const { return progress_; }
    /// What is shown was read out of a damaged project and is kept in a copy of the program's own.
    bool isRecovered() const { return !recoveredFrom_.isEmpty(); }
    const QString& recoveredFrom() const { return recoveredFrom_; }
    /// Reads a policy for editing its card, off this thread; `done` gets the card in use or a proposal.
    void studyCard(RecordId policy, std::function<void(std::shared_ptr<const CardStudy>, const PolicyCard&)> done);
    /// For undo commands: runs an edit of the project file after those that were asked for before.
    void runEdit(const QString& title, std::function<Result<void>(Project&)> edit);
    void choosePerturbations(const std::vector<PerturbationSpec>& perturbations);  ///< without an undo command
    QString episodeName(int episode) const;
    QString policyName() const;
    QString quantizedName() const;

public slots:
    void openProject(const QString& path);
    void createProject(const QString& path);
    /// Opens a project, or adds policies and rollouts to the open one (to an automatic one where none is open).
    void openFiles(const QStringList& paths);
    void openSample();
    void saveProjectAs(const QString& path);  ///< a copy, which is then the open project
    void closeProject();

    /// As the reference or the primary quantized one, whichever it is. A primary one whose place is
    /// taken by one of the others stays compared.
    void comparePolicy(sqil::RecordId id);
    /// Adds a quantized policy to those compared (at most kMostCompared), or leaves it out.
    void alsoCompare(sqil::RecordId id, bool compared);
    /// Reads the project's records again: another process has added some.
    void refreshProject();
    void compareNewPolicy(sqil::RecordId id);  ///< the same, and compares it
    void showRollouts(sqil::RecordId id);
    void setPerturbations(const std::vector<sqil::PerturbationSpec>& perturbations);
    void setTopPercent(double percent);  ///< can be undone
    /// The end of a drag that has changed the selection's share directly: one step to undo.
    void finishTopPercent(double before);
    void toggleBookmark(int episode, qint64 step);                        ///< can be undone, as is what follows
    void setBookmarkNote(int episode, qint64 step, const QString& note);  ///< sets the bookmark, too
    void goToBookmark(int direction);                                     ///< +1, −1: the next one, across episodes
    void quantize(const sqil::QuantSpec& spec);
    void removePolicy(sqil::RecordId id);
    void removeRollouts(sqil::RecordId id);
    void locatePolicy(sqil::RecordId id, const QString& file);
    void locateRollouts(sqil::RecordId id, const QString& file);
    void rename(sqil::RecordId id, bool isRollouts, const QString& name);
    void setPolicyCard(sqil::RecordId id, const sqil::PolicyCard& card);
    void relocate(const std::vector<sqil::FoundFile>& files);
    /// A file that was missing is here; others that were beside it are looked for.
    void locate(const sqil::MissingFile& missing, const QString& file);
    /// Opens what can be read of a damaged project, from a copy; `problem` is said where nothing can.
    void recoverProject(const QString& path, const QString& problem);
    void setAnalysisPaused(bool paused);
    void recompute();

    void nextCritical(int direction);  ///< +1, −1: the next stretch of critical states, across episodes
    void nextLargestGap();             ///< of the episode: the largest, then the next smaller peak, …
    /// The episode's first step whose gap is among the largest 5 % of the data set
    /// (Results::divergenceThreshold()); a warning where there is none.
    void goToFirstDivergence();

signals:
    void projectChanged();     ///< another project, or other records in it
    void comparisonChanged();  ///< other policies or rollouts
    void cardChanged();
    void framesChanged();
    void progressChanged();
    void analysisFinished();
    void errorOccurred(const QString& message);
    void warningOccurred(const QString& message);
    void resultsOutdated();
    void filesMissing(const std::vector<sqil::MissingFile>& files);  ///< after each reading; empty: none are
    void cardNeeded(sqil::RecordId policy);                          ///< one just added has no card that fits
    void projectRecovered(const QString& damaged, const QString& rescued);
    void projectDamaged(const QString& project, const QString& what);
    void projectOpened(const QString& path);

private:
    void showContents(const ProjectContents& contents);
    void reload(std::optional<StoredSelection> wanted = {});
    void addFiles(const std::filesystem::path& project, const QStringList& files);
    void runNextEdit();
    /// Puts an edit that can be undone on the stack; `isDone`: it has happened already.
    void pushEdit(const QString& text, std::function<Result<void>(Project&)> apply,
                  std::function<Result<void>(Project&)> revert, bool isDone = false);
    void recordAdded(const std::vector<AddedFile>& added, const QString& text = {});
    void showRemaining();
    void checkCardOf(RecordId policy);
    void followOthers(const QString& project);
    void choose(const StoredSelection& wanted);
    void applyComparison(Comparison next, const std::string& episode, qint64 step);
    void selectFirst(const std::string& episode, qint64 step);
    void followEpisode(int episode);
    void followStep(qint64 step);
    void seekLargestGap();
    void changeBookmark(int episode, qint64 step, const std::optional<QString>& note);
    void applyBookmark(RecordId rollouts, const std::string& episode, qint64 step, const std::optional<QString>& note);
    StoredSelection storedSelection() const;
    void storeSelection();
    bool isCurrent(int comparison) const { return comparison == comparison_.id; }

    Selection selection_;
    Results results_;
    Bookmarks bookmarks_;
    Playback playback_;
    QUndoStack undo_;
    ProjectContents contents_;
    Comparison comparison_;
    PolicyCard card_;
    StepFrames frames_;
    WorkerProgress progress_;
    int seekGapOf_ = -1;  ///< the episode whose largest gap is to be shown once it is known
    bool compared_ = true;
    std::vector<qint64> visitedPeaks_;
    QTimer storing_;
    std::deque<std::pair<QString, std::function<Result<void>(Project&)>>> edits_;
    bool editing_ = false;
    QString recoveredFrom_;
    QElapsedTimer lastThresholdEdit_;
    // Last: their threads end before what they report to does.
    JobTracker jobs_;
    StepReader reader_;
    AnalysisWorker worker_;
    StepProbe probe_;
    ProjectWatcher watcher_;
};

}  // namespace sqil
