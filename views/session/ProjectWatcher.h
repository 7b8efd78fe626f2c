#pragma once
#include <QString>
#include <QThread>
#include <condition_variable>
#include <filesystem>
#include <mutex>

namespace sqil {

/// Sees what other windows and programs do to the open project, and whether its file is sound. On a
/// thread of its own; signals arrive on the thread that it lives on.
class ProjectWatcher : public QThread {
    Q_OBJECT
public:
    explicit ProjectWatcher(QObject* parent = nullptr);
    ~ProjectWatcher() override;

    void watch(const std::filesystem::path& project);  ///< empty: none

signals:
    /// Policies, rollouts, cards, marks or settings that all windows share are others than when it was last said.
    void recordsChanged(const QString& project);
    /// Somebody, perhaps this window, has put results into it. At most every two seconds.
    void resultsChanged(const QString& project);
    /// Found once, soon after it was opened.
    void damageFound(const QString& project, const QString& what);

protected:
    void run() override;

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::filesystem::path path_;
    bool stop_ = false;
    // The watching thread's own.
    std::int64_t version_ = -1;
    std::string records_;
};

/// Everything of a project that a window shows as its contents, as one text: equal texts, equal contents.
std::string recordsText(const std::filesystem::path& project);

}  // namespace sqil
