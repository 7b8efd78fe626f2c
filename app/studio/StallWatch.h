#pragma once
#include <QObject>
#include <atomic>
#include <ctime>
#include <mutex>
#include <thread>

namespace sqil {

/// Measures how long the GUI thread lets an event wait. A thread of its own posts an event every few
/// milliseconds and looks at the clock when it is handled: what a key press would have waited.
///
/// On a machine that others use as well, a wait is not all the program's own doing: the processor time
/// that the GUI thread itself spent during the wait is counted beside it.
class StallWatch : public QObject {
    Q_OBJECT
public:
    struct Report {
        qint64 events = 0;
        qint64 over16 = 0, over50 = 0;            ///< waits longer than so many ms
        qint64 over16OfOwn = 0, over50OfOwn = 0;  ///< … while the GUI thread itself computed that long
        double longestMilliseconds = 0, longestOfOwn = 0;
    };

    /// Starts watching the thread it is made on.
    explicit StallWatch(QObject* parent = nullptr);
    ~StallWatch() override;

    Report report() const;
    void reset();

private:
    void watch();

    mutable std::mutex mutex_;
    Report report_;
    clockid_t guiClock_;
    std::atomic<bool> handled_ = true, stop_ = false;
    std::thread thread_;
};

}  // namespace sqil
