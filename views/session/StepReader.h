#pragma once
#include <QImage>
#include <QThread>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "core/policy/PolicyCard.h"
#include "views/session/Comparison.h"
#include "views/session/EpisodeResults.h"
#include "views/session/StoredResults.h"

namespace sqil {

/// One camera's picture of a step.
struct CameraFrame {
    QString key;
    QImage image;
    QString problem;  ///< why there is no picture
};

struct StepFrames {
    int comparison = 0, episode = 0;
    qint64 step = 0;
    std::vector<CameraFrame> cameras;
};

/// Reads what is already there, off the GUI thread: frames from the rollouts and results from the project
/// file. A newer frame request replaces the older one, so that scrubbing never lags behind the mouse.
class StepReader : public QThread {
    Q_OBJECT
public:
    explicit StepReader(QObject* parent = nullptr);
    ~StepReader() override;  ///< writes what is still to be written, then ends the thread

    /// Reads the numbers of all episodes, then the policy's card. The comparison may lack policies
    /// (`hasPolicy` false): then there are only frames.
    void setComparison(const Comparison& comparison, bool hasPolicy);
    void requestFrames(int episode, qint64 step);
    void requestEpisode(int episode);  ///< its numbers and maps
    /// To be called for each numbersRead(): no more is read than is taken, or the GUI thread would have to take a
    /// whole data set at once.
    void numbersTaken();
    /// Changes the project file, after everything asked for before; the message of an Error is told.
    void edit(const std::filesystem::path& project, std::function<Result<void>(Project&)> edit);
    /// Keeps a setting in the project file.
    void saveSetting(const std::filesystem::path& project, const std::string& name, const std::string& value);

signals:
    void framesRead(const sqil::StepFrames& frames);
    void episodeRead(int comparison, int episode, const sqil::EpisodeResults& results);
    void numbersRead(int comparison, int firstEpisode, const std::vector<sqil::EpisodeResults>& results);
    void bookmarksRead(int comparison, const std::vector<sqil::BookmarkRecord>& bookmarks);
    void allEpisodesRead(int comparison);
    void cardRead(int comparison, const sqil::PolicyCard& card);
    void failed(int comparison, const QString& message);

protected:
    void run() override;

private:
    struct FrameRequest {
        int episode = 0;
        qint64 step = 0;
    };
    struct Setting {
        std::filesystem::path project;
        std::string name, value;
    };
    struct Edit {
        std::filesystem::path project;
        std::function<Result<void>(Project&)> run;
    };
    /// What to do next, taken under the lock.
    struct Work {
        std::optional<FrameRequest> frames;
        std::optional<Setting> setting;
        std::optional<int> episodeWithMaps;
        std::optional<std::size_t> episodeNumbers;
        bool card = false, bookmarks = false;
        std::optional<Edit> edit;
        Comparison comparison;
    };

    std::optional<Work> next();  ///< waits; none: the thread shall end
    void readFrames(const Work& work);
    void readEpisode(const Work& work, std::size_t episode);
    void readNumbers(const Work& work, std::size_t firstEpisode);
    void readBookmarks(const Work& work);
    bool prepare(const Comparison& comparison);  ///< false: the project cannot be read
    EpisodeResults numbersOf(const Comparison& comparison, std::size_t episode);
    void readCard(const Work& work);
    void save(const Setting& setting);
    void save(const Edit& edit);
    Project* project(const std::filesystem::path& path);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    Comparison comparison_;
    bool hasComparison_ = false;
    std::optional<FrameRequest> frameRequest_;
    std::optional<int> episodeRequest_;
    int numbersWaiting_ = 0;       ///< read, and not taken yet
    std::size_t nextNumbers_ = 0;  ///< the episode whose numbers are read next
    bool wantsNumbers_ = false, wantsCard_ = false, wantsBookmarks_ = false;
    std::deque<Setting> settings_;
    std::deque<Edit> edits_;

    // The reading thread's own.
    std::unique_ptr<Project> project_;
    std::filesystem::path projectPath_;
    StoredAnalyses analyses_;
    int analysesOf_ = -1;
};

}  // namespace sqil

Q_DECLARE_METATYPE(sqil::StepFrames)
