// A project of a million steps in five thousand episodes in the real window. Prints what it measures; the
// assertions are of what is shown, not of how long it takes on a busy machine.
#include <QElapsedTimer>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "app/studio/MainWindow.h"
#include "core/bench/LargeProject.h"
#include "plugins/Plugins.h"
#include "views/rollouts/FilterEdit.h"
#include "views/rollouts/RolloutsView.h"
#include "views/session/Paths.h"
#include "views/timeline/TimelineView.h"
#include "widgets/timeline/TimelinePlot.h"

using namespace sqil;

namespace {

constexpr int kEpisodes = 5000, kSteps = 200, kWait = 120'000;

/// From /proc/self/status, in MiB.
qint64 memory(const char* field) {
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith(field))
            return line.simplified().split(' ').value(1).toLongLong() / 1024;
    return 0;
}

}  // namespace

class MillionStepsTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_, settings_;
    QString project_;
    std::unique_ptr<MainWindow> window_;

    StudioSession& session() { return window_->session(); }
    TimelinePlot* plot() { return window_->timeline().plot(); }

    /// Repaints after each change; milliseconds, sorted.
    template<class Change>
    std::vector<double> frames(int count, Change change) {
        std::vector<double> times;
        for (int frame = 0; frame < count; ++frame) {
            QElapsedTimer timer;
            timer.start();
            change(frame);
            plot()->repaint();
            times.push_back(double(timer.nsecsElapsed()) / 1e6);
        }
        std::sort(times.begin(), times.end());
        return times;
    }
    static void print(const char* what, const std::vector<double>& times) {
        qInfo("%s: median %.1f ms, 95 %% below %.1f ms, longest %.1f ms", what, times[times.size() / 2],
              times[times.size() * 95 / 100], times.back());
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QCoreApplication::setOrganizationName(QStringLiteral("sqil-test"));
        QCoreApplication::setApplicationName(QStringLiteral("sqil-million-test"));
        registerPlugins();
        QElapsedTimer timer;
        timer.start();
        const auto made = makeLargeProject(toPath(folder_.path()), {kEpisodes, kSteps}, {});
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        project_ = toQString(*made);
        qInfo("made in %lld ms", timer.elapsed());
    }

    void opens() {
        window_ = std::make_unique<MainWindow>();
        window_->setSettingsKept(false);
        window_->resize(1280, 800);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        const qint64 before = memory("VmRSS");
        QElapsedTimer timer, pass;
        timer.start();
        session().openProject(project_);
        qint64 shown = -1, known = -1, longest = 0;
        while (known < 0 && timer.elapsed() < kWait) {
            pass.start();
            QCoreApplication::processEvents();
            longest = std::max(longest, pass.elapsed());
            if (shown < 0 && session().selection().episode() >= 0)
                shown = timer.elapsed();
            if (session().results().analysedSteps() == kEpisodes * qint64(kSteps))
                known = timer.elapsed();
        }
        QVERIFY(known >= 0);
        qInfo("the episodes were listed and one shown after %lld ms, all numbers there after %lld ms", shown, known);
        qInfo("longest pass of the event loop meanwhile: %lld ms", longest);
        qInfo("memory: %lld MiB before, %lld MiB now", before, memory("VmRSS"));
        // All numbers are the project's; at most the maps of the episode on screen were computed.
        QVERIFY(session().analysis().computedStates() <= kSteps);
        QCOMPARE(window_->rolloutsView().table()->model()->rowCount(), kEpisodes);
        QTRY_VERIFY(std::isfinite(session().results().threshold()));
    }

    void timelineOfAllSteps() {
        window_->timeline().setScope(TimelineSeries::Scope::DataSet);
        QCOMPARE(plot()->steps(), qint64(kEpisodes) * kSteps);
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->timeline().series().isFilling(), kWait);
        qInfo("a million steps were on the timeline after %lld ms", timer.elapsed());
        QCOMPARE(plot()->scene().critical->total(), session().results().criticalStates());
        QCOMPARE(plot()->scene().lanes[0].series[0].at(4321 * kSteps + 17), session().results().episode(4321).sis[17]);

        const double middle = double(plot()->pixelOf(plot()->steps() / 3));
        print("zooming in", frames(120, [&](int) {
                  QWheelEvent wheel(QPointF(middle, 80), plot()->mapToGlobal(QPointF(middle, 80)), {}, QPoint(0, 120),
                                    Qt::NoButton, {}, Qt::NoScrollPhase, false);
                  QCoreApplication::sendEvent(plot(), &wheel);
              }));
        QCOMPARE(plot()->visibleSteps().size(), 1.0);
        plot()->showEverything();
        print("panning everything but a tenth", frames(120, [&](int frame) {
                  const double size = double(plot()->steps()) * 0.9;
                  plot()->setVisibleSteps({frame * 500.0, frame * 500.0 + size});
              }));
        print("panning a thousandth", frames(120, [&](int frame) {
                  plot()->setVisibleSteps({400'000 + frame * 10.0, 401'000 + frame * 10.0});
              }));
        plot()->showEverything();
        print("moving the cursor", frames(120, [&](int frame) { plot()->setCursorStep(frame * 8000); }));
        print("moving the threshold",
              frames(60, [&](int frame) { session().selection().setTopPercent(5 + frame * 0.5); }));
    }

    void tableSortsAndFilters() {
        auto& view = window_->rolloutsView();
        QElapsedTimer timer;
        timer.start();
        view.table()->sortByColumn(5, Qt::DescendingOrder);
        const qint64 sorted = timer.restart();
        view.filter()->setText(QStringLiteral("success = 0 and max_gap > 0.3"));
        const qint64 filtered = timer.elapsed();
        qInfo("sorted in %lld ms, filtered in %lld ms", sorted, filtered);
        int expected = 0;
        for (int episode = 0; episode < kEpisodes; ++episode)
            expected += !session().rolloutsInfo()->episodes[std::size_t(episode)].success.value_or(true) &&
                        session().results().largestGap(episode) > 0.3;
        QVERIFY(expected > 0 && expected < kEpisodes);
        QCOMPARE(view.table()->model()->rowCount(), expected);
    }

    void staysSmall() {
        const qint64 most = memory("VmHWM");
        qInfo("memory: %lld MiB now, %lld MiB at most", memory("VmRSS"), most);
        QVERIFY2(most < 1536, qPrintable(QString::number(most)));
        window_->close();
        window_.reset();
    }
};

QTEST_MAIN(MillionStepsTest)
#include "MillionStepsTest.moc"
