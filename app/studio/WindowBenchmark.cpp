#include "app/studio/WindowBenchmark.h"

#include <unistd.h>
#include <QApplication>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFile>
#include <QThread>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/studio/MainWindow.h"
#include "core/bench/Machine.h"
#include "core/jobs/JobSpec.h"
#include "core/project/JobStore.h"
#include "views/frames/FramesView.h"
#include "views/jobs/JobsView.h"
#include "views/timeline/TimelineView.h"
#include "widgets/ImageView.h"
#include "widgets/timeline/TimelinePlot.h"

namespace sqil {
namespace {

constexpr int kLongest = 120'000;
constexpr int kTrainingStart = 30'000;
constexpr std::int64_t kEndlessSteps = 10'000'000;
constexpr int kScrubMilliseconds = 20'000;  ///< a slow machine scrubs fewer steps
constexpr int kScrubbed = 300, kStallMilliseconds = 10'000, kTimelineFrames = 120;

double megabytes(const char* field) {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith(field))
            return line.mid(int(qstrlen(field))).simplified().split(' ').value(0).toDouble() / 1024;
    return 0;
}

nlohmann::json toJson(const StallWatch::Report& report) {
    return {{"events", report.events},
            {"waits_over_16_ms", report.over16},
            {"waits_over_50_ms", report.over50},
            {"longest_wait_ms", report.longestMilliseconds},
            {"own_computing_over_16_ms", report.over16OfOwn},
            {"own_computing_over_50_ms", report.over50OfOwn},
            {"longest_own_computing_ms", report.longestOfOwn}};
}

nlohmann::json toJson(std::vector<double> milliseconds) {
    if (milliseconds.empty())
        return nullptr;
    std::sort(milliseconds.begin(), milliseconds.end());
    double sum = 0;
    for (const double value : milliseconds)
        sum += value;
    const auto at = [&](double fraction) {
        return milliseconds[std::min(milliseconds.size() - 1, std::size_t(fraction * double(milliseconds.size())))];
    };
    return {{"count", milliseconds.size()},
            {"per_second", 1e3 * double(milliseconds.size()) / sum},
            {"median_ms", at(0.5)},
            {"p95_ms", at(0.95)},
            {"longest_ms", milliseconds.back()}};
}

/// What was promised, and whether it was kept.
nlohmann::json target(const char* what, const char* unit, double most, const nlohmann::json& measured) {
    return {{"what", what},
            {"unit", unit},
            {"at_most", most},
            {"measured", measured},
            {"kept", measured.is_number() && measured.get<double>() <= most}};
}

nlohmann::json targets(const nlohmann::json& report) {
    constexpr double frame = 1e3 / 60;
    auto list = nlohmann::json::array();
    list.push_back(target("first window", "ms", 500, report["first_window_ms"]));
    const nlohmann::json& scrubbed = report["scrubbing_every_panel_open"];
    list.push_back(target("a step while scrubbing, every panel open (mean)", "ms", frame,
                          scrubbed.is_object() ? nlohmann::json(1e3 / scrubbed.value("per_second", 1e-9)) : nullptr));
    list.push_back(target("stalls over 50 ms while an analysis and a training job run", "", 0,
                          report["stalls_while_analysing"]["waits_over_50_ms"]));
    if (report.contains("large_project")) {
        const nlohmann::json& large = report["large_project"];
        list.push_back(target("opening the large project", "ms", 2000, large["open_ms"]));
        list.push_back(
            target("a frame of its timeline while panning", "ms", frame, large["timeline"]["panning"]["p95_ms"]));
        list.push_back(
            target("a frame of its timeline while zooming", "ms", frame, large["timeline"]["zooming"]["p95_ms"]));
        list.push_back(target("its memory", "MB", 1500, large["memory_mb"]["largest"]));
    }
    return list;
}

}  // namespace

double millisecondsSinceProcessStart() {
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = stat.readAll();
    const auto fields = text.mid(text.lastIndexOf(')') + 2).split(' ');  // the name may hold spaces
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double started = fields.value(19).toDouble() / double(sysconf(_SC_CLK_TCK));
    return (double(now.tv_sec) + double(now.tv_nsec) * 1e-9 - started) * 1e3;
}

WindowBenchmark::WindowBenchmark(MainWindow& window, const QString& large, QObject* parent)
    : QObject(parent), window_(window), large_(large) {
    window_.installEventFilter(this);
    window_.frames().installEventFilter(this);
}

bool WindowBenchmark::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::Paint) {
        if (object == &window_ && windowPainted_ == 0)
            windowPainted_ = millisecondsSinceProcessStart();
        const auto pictures = window_.frames().pictures();
        if (object == &window_.frames() && samplePainted_ == 0 && !pictures.empty() &&
            !pictures.front()->image().isNull())
            QTimer::singleShot(0, this, [this] {  // behind the paint of the pictures themselves
                if (samplePainted_ == 0)
                    samplePainted_ = millisecondsSinceProcessStart();
            });
    }
    return QObject::eventFilter(object, event);
}

void WindowBenchmark::start() {
    window_.session().openSample();
    QTimer::singleShot(0, this, &WindowBenchmark::run);
}

bool WindowBenchmark::waitUntil(const std::function<bool()>& reached, int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    while (!reached() && timer.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);  // a timer ticks: no spinning
    return reached();
}

void WindowBenchmark::run() {
    StudioSession& session = window_.session();
    QTimer ticking;  // waitUntil() wakes up
    ticking.start(2);
    const auto firstPicture = [&] {
        const auto pictures = window_.frames().pictures();
        return samplePainted_ > 0 || (!pictures.empty() && !pictures.front()->image().isNull());
    };
    if (!waitUntil(firstPicture, kLongest) || !waitUntil([&] { return samplePainted_ > 0; }, 2000))
        std::fprintf(stderr, "sqil-studio: the sample's first frame was not painted within two minutes\n");
    nlohmann::json report{{"machine", describeMachine(QThread::idealThreadCount())},
                          {"platform", QGuiApplication::platformName().toStdString()},
                          {"window", {{"width", window_.width()}, {"height", window_.height()}}},
                          {"first_window_ms", windowPainted_},
                          {"first_frame_of_the_sample_ms", samplePainted_}};
    waitUntil([&] { return session.selection().episode() >= 0 && session.hasPolicy(); }, kLongest);
    std::fprintf(stderr, "sqil-studio: the sample is shown after %.0f ms; measuring stalls, timeline, scrubbing\n",
                 samplePainted_);
    report["stalls_while_analysing"] = measureStalls();
    report["timeline_of_the_sample"] = measureTimeline();
    report["scrubbing_every_panel_open"] = measureScrubbing();
    report["memory_mb"] = {{"now", megabytes("VmRSS:")}, {"largest", megabytes("VmHWM:")}};
    if (!large_.isEmpty())
        report["large_project"] = measureLarge();
    report["targets"] = targets(report);
    std::printf("%s\n", report.dump(2).c_str());
    QApplication::exit(0);
}

RecordId WindowBenchmark::startTraining() {
    const ProjectContents& contents = window_.session().contents();
    auto* jobs = window_.findChild<JobsView*>();
    const auto policy = std::find_if(contents.policies.begin(), contents.policies.end(), [](const PolicyItem& item) {
        return !item.isQuantized() && item.problem.empty();
    });
    if (!jobs || policy == contents.policies.end() || contents.rollouts.empty())
        return 0;
    JobSpec training{.kind = "train", .name = "window benchmark"};
    training.parameters = {{"policy", policy->record.path},
                           {"rollouts", contents.rollouts.front().record.path},
                           {"recipe", "qrd"},
                           {"steps", kEndlessSteps}};
    jobs->submit({.jobs = {training}});
    RecordId id = 0;
    const bool trains = waitUntil(
        [&] {
            if (const auto snapshot = jobs->feed().snapshot())
                for (const JobRecord& job : snapshot->jobs)
                    if (job.name == training.name && job.state == JobState::Running && job.stage == "Training")
                        id = job.id;
            return id != 0;
        },
        kTrainingStart);
    if (!trains)
        std::fprintf(stderr, "sqil-studio: the training job did not start; stalls are measured without it\n");
    return id;
}

void WindowBenchmark::endTraining(RecordId id) {
    auto* jobs = window_.findChild<JobsView*>();
    if (id == 0)
        return;
    jobs->feed().change([id](Project& project) { return JobStore(project).cancel(id); });
    const auto ended = [&] {
        const auto snapshot = jobs->feed().snapshot();
        const JobRecord* job = snapshot ? snapshot->find(id) : nullptr;
        return !job || job->state == JobState::Cancelled || job->state == JobState::Failed;
    };
    if (!waitUntil(ended, kTrainingStart))
        std::fprintf(stderr, "sqil-studio: the training job did not stop\n");
    bool removed = false;
    jobs->feed().change([id](Project& project) { return JobStore(project).remove(id); },
                        [&removed](const Result<void>&) { removed = true; });
    waitUntil([&] { return removed; }, kTrainingStart);
}

nlohmann::json WindowBenchmark::measureStalls() {
    StudioSession& session = window_.session();
    const RecordId training = startTraining();
    session.recompute();
    watch_.reset();
    QElapsedTimer timer;
    timer.start();
    qint64 step = 0;
    while (timer.elapsed() < kStallMilliseconds) {  // a user who looks around while it computes
        session.selection().setStep(++step % std::max<qint64>(1, session.selection().steps()));
        waitUntil([until = timer.elapsed() + 40, &timer] { return timer.elapsed() >= until; }, 100);
    }
    nlohmann::json json = toJson(watch_.report());
    json["seconds"] = double(timer.elapsed()) / 1e3;
    json["analysis_was_running"] = session.progress().done < session.progress().total;
    json["training_was_running"] = training != 0;
    endTraining(training);
    return json;
}

nlohmann::json WindowBenchmark::measureScrubbing() {
    StudioSession& session = window_.session();
    // Each in a window of its own: of those that share a place as tabs only one would be painted.
    const QByteArray before = window_.saveState();
    int open = 0;
    for (QDockWidget* dock : window_.docks()) {
        dock->setFloating(true);
        dock->resize(480, 360);
        dock->show();
        open += dock->isVisible();
    }
    waitUntil([] { return false; }, 500);
    session.setAnalysisPaused(true);
    watch_.reset();
    std::vector<double> times;
    QElapsedTimer whole;
    whole.start();
    for (int pass = 0; pass < kScrubbed && whole.elapsed() < kScrubMilliseconds; ++pass) {
        QElapsedTimer timer;
        timer.start();
        const qint64 step = pass % std::max<qint64>(1, session.selection().steps());
        session.selection().setStep(step);
        waitUntil([&] { return session.frames().step == step; }, 1000);
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();  // everything is painted
        times.push_back(double(timer.nsecsElapsed()) * 1e-6);
    }
    session.setAnalysisPaused(false);
    nlohmann::json json = toJson(times);
    json["panels"] = open;
    json["stalls"] = toJson(watch_.report());
    window_.restoreState(before);
    waitUntil([] { return false; }, 500);
    return json;
}

nlohmann::json WindowBenchmark::measureTimeline() {
    TimelinePlot* plot = window_.timeline().plot();
    for (QDockWidget* dock : window_.docks())
        if (dock->isAncestorOf(plot)) {
            dock->show();
            dock->raise();
        }
    waitUntil([] { return false; }, 500);  // it is laid out and painted once
    std::vector<double> pans, zooms;
    const double steps = double(std::max<qint64>(1, plot->steps()));
    const auto frame = [&](std::vector<double>& times, StepRange range) {
        QElapsedTimer timer;
        timer.start();
        plot->setVisibleSteps(range);
        plot->repaint();
        times.push_back(double(timer.nsecsElapsed()) * 1e-6);
        QCoreApplication::processEvents();
    };
    for (int pass = 0; pass < kTimelineFrames; ++pass) {
        const double fraction = double(pass) / kTimelineFrames;
        frame(zooms, StepRange{steps * 0.5 * fraction, steps * (1 - 0.499 * fraction)});
        frame(pans, StepRange{steps * 0.5 * fraction, steps * (0.5 + 0.5 * fraction)});
    }
    plot->showEverything();
    return {{"panning", toJson(pans)}, {"zooming", toJson(zooms)}};
}

nlohmann::json WindowBenchmark::measureLarge() {
    StudioSession& session = window_.session();
    const QString before = QString::fromStdString(session.contents().path.string());
    watch_.reset();
    QElapsedTimer timer;
    timer.start();
    session.openProject(large_);
    const bool opened = waitUntil(
        [&] {
            return QString::fromStdString(session.contents().path.string()) != before &&
                   session.selection().episode() >= 0 && session.results().analysedSteps() > 0;
        },
        kLongest);
    const double milliseconds = double(timer.nsecsElapsed()) * 1e-6;
    nlohmann::json json{{"opened", opened},
                        {"open_ms", milliseconds},
                        {"episodes", session.selection().episodeCount()},
                        {"steps", session.results().totalSteps()},
                        {"stalls_while_opening", toJson(watch_.report())}};
    json["timeline"] = measureTimeline();
    json["memory_mb"] = {{"now", megabytes("VmRSS:")}, {"largest", megabytes("VmHWM:")}};
    return json;
}

}  // namespace sqil
