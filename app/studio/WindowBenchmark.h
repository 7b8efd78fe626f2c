#pragma once
#include <QObject>
#include <nlohmann/json_fwd.hpp>

#include "app/studio/StallWatch.h"
#include "core/project/JobRecord.h"

namespace sqil {

class MainWindow;

/// Milliseconds since the operating system started this process (resolution: 10 ms).
double millisecondsSinceProcessStart();

/// `sqil-studio --benchmark`: drives the window as a user would and measures what the user would
/// feel; prints one JSON report and ends the program.
class WindowBenchmark : public QObject {
    Q_OBJECT
public:
    /// `large`: a project to open, pan and zoom as well; empty: none.
    WindowBenchmark(MainWindow& window, const QString& large, QObject* parent = nullptr);

    void start();  ///< after show(): opens the sample and measures

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void run();
    bool waitUntil(const std::function<bool()>& reached, int milliseconds);
    RecordId startTraining();  ///< a job as the panel starts it; 0: it did not start
    void endTraining(RecordId job);
    nlohmann::json measureScrubbing();
    nlohmann::json measureStalls();
    nlohmann::json measureTimeline();
    nlohmann::json measureLarge();

    MainWindow& window_;
    QString large_;
    StallWatch watch_;
    double windowPainted_ = 0, samplePainted_ = 0;
};

}  // namespace sqil
